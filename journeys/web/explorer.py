"""What of a friction report is drawn: the ways worth seeing, their labels and their heat."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from clm.core.web.charts import Chart, FlowEdge, FlowNode, flow
from clm.core.web.words import duration, number
from journeys.metrics.friction import cost_of_wait

DAY = 86_400
MOST_WAYS = 60
MEASURES = {
    "count": gettext_lazy("Count"),
    "median": gettext_lazy("Median wait"),
    "p90": gettext_lazy("p90"),
    "cost": gettext_lazy("Cost"),
}


@dataclass(frozen=True)
class Choice:
    """What the reader chose: share of the ways in percent, their least number, and the label."""

    paths: int = 80
    least: int = 1
    measure: str = "median"


@dataclass(frozen=True)
class StepRow:
    """
    One step as the table below the graph tells it.

    :param friction: 0 to 100, see the metric
    :param before: the friction in the period before, where one is compared
    :param work: seconds worked on it in the median, where that was timed
    """

    key: str
    name: str
    cases: int
    events: int
    wait: float | None
    p90: float | None
    work: float | None
    again: float
    lost: float
    ending: bool
    heat: int
    friction: int
    cost: Decimal | None = None
    cost_low: Decimal | None = None
    cost_high: Decimal | None = None
    before: int | None = None

    @property
    def friction_heat(self) -> int:
        return 1 + min(self.friction // 25, 3)

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.friction - self.before


def heat(seconds: float | None) -> int:
    """1 to 4 on the scale of waiting: under 1, 3, 5 days, and above."""
    days = (seconds or 0.0) / DAY
    return 1 if days < 1 else 2 if days < 3 else 3 if days < 5 else 4


def worth_seeing(edges: Sequence[Mapping[str, Any]], choice: Choice) -> list[Mapping[str, Any]]:
    """
    Of each step's ways out the most used ones, until they carry the chosen share of its moves.

    So a rare step keeps its main way and the graph hangs together, however much a frequent
    step outweighs it (the local cut of Günther and van der Aalst, 2007). Each way is used
    often enough; at most 60 are shown, beyond which nobody can read a graph.
    """
    total: dict[str, int] = {}
    for edge in edges:
        total[edge["source"]] = total.get(edge["source"], 0) + edge["count"]
    seen: dict[str, int] = {}
    found = []
    for edge in sorted(edges, key=lambda one: -one["count"]):
        gone = seen.get(edge["source"], 0)
        seen[edge["source"]] = gone + edge["count"]
        carried = gone >= total[edge["source"]] * choice.paths / 100
        if not carried and edge["count"] >= choice.least:
            found.append(edge)
    return found[:MOST_WAYS]


def draw(
    report: Mapping[str, Any],
    found: Mapping[str, Any],
    choice: Choice,
    *,
    title: str,
    value: float | None,
    urls: Mapping[tuple[str, str], str],
    own: bool,
) -> Chart | None:
    """
    The graph of a report; nothing where no way is left to draw.

    :param found: the analysis of the same part of the journey
    :param value: what a customer is worth a year
    :param urls: where a step, as (step, ""), or a way leads
    :param own: the activities are the platform's own words and are shown in the reader's language
    """
    shown = worth_seeing(report["edges"], choice)
    if not shown:
        return None
    rows = {row.key: row for row in step_rows(found, own=own)}
    names = {end for edge in shown for end in (edge["source"], edge["target"])}
    return flow(
        [
            FlowNode(
                name=told(name, own=own),
                count=rows[name].cases,
                end=rows[name].ending,
                heat=0 if rows[name].ending else rows[name].friction_heat,
                score="" if rows[name].ending else str(rows[name].friction),
                url=urls.get((name, ""), ""),
            )
            for name in sorted(names, key=lambda one: (-rows[one].cases, one))
        ],
        [
            FlowEdge(
                source=told(edge["source"], own=own),
                target=told(edge["target"], own=own),
                count=edge["count"],
                label=_label(edge, choice.measure, found, value),
                heat=heat(edge["median_s"]),
                url=urls.get((edge["source"], edge["target"]), ""),
            )
            for edge in shown
        ],
        title=title,
        measure=str(MEASURES[choice.measure]),
    )


def step_rows(
    found: Mapping[str, Any], *, own: bool, before: Mapping[str, Any] | None = None
) -> list[StepRow]:
    """
    Every step with its friction, the dearest first, or the one done most where none has a price.

    :param found: the analysis; `before` is that of the period to compare with
    """
    earlier = {one["activity"]: one["friction"] for one in before["steps"]} if before else {}
    work = {one["activity"]: one["median_s"] for one in found["working"]["steps"]}
    rows = [
        StepRow(
            key=one["activity"],
            name=told(one["activity"], own=own),
            cases=one["cases"],
            events=one["events"],
            wait=one["wait_median_s"],
            p90=one["wait_p90_s"],
            work=work.get(one["activity"]),
            again=one["again"],
            lost=one["abandoned_share"],
            ending=one["ending"],
            heat=heat(one["wait_median_s"]),
            friction=one["friction"],
            cost=_amount(one["cost_year"]),
            cost_low=_amount(one["cost_low"]),
            cost_high=_amount(one["cost_high"]),
            before=earlier.get(one["activity"]),
        )
        for one in found["steps"]
    ]
    return sorted(rows, key=lambda row: -(row.cost or 0))


def told(name: str, *, own: bool) -> str:
    """An activity as the reader sees it."""
    return gettext(name) if own else name


def _label(
    edge: Mapping[str, Any], measure: str, found: Mapping[str, Any], value: float | None
) -> str:
    if measure == "count":
        return number(edge["count"])
    if measure == "cost":
        days = found["delays"].get((edge["source"], edge["target"]), 0.0) * found["year_factor"]
        return _compact(cost_of_wait(delay_days=days, value=value or 0.0))
    return duration(edge["median_s"] if measure == "median" else edge["p90_s"])


def _amount(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(round(value))


def _compact(amount: float) -> str:
    """An amount short enough for a label: in thousands or millions where it is large."""
    if amount >= 1_000_000:
        return gettext("%(n)s m. kr.") % {"n": number(amount / 1_000_000, 1)}
    if amount >= 10_000:
        return gettext("%(n)s k. kr.") % {"n": number(round(amount / 1000))}
    return gettext("%(n)s kr.") % {"n": number(round(amount))}


def variant_rows(report: Mapping[str, Any], *, own: bool, limit: int = 8) -> list[dict[str, Any]]:
    """The most frequent paths, each with a square a step, coloured by the wait after it."""
    waits = {(one["source"], one["target"]): one["median_s"] for one in report["edges"]}
    rows = []
    for one in report["variants"][:limit]:
        path: list[str] = one["path"]
        shown = path[:20]
        squares = [
            {"x": 13 * i, "heat": heat(waits.get((a, b)))}
            for i, (a, b) in enumerate(zip(shown, [*path[1:], ""], strict=False))
        ]
        rows.append(
            {
                "share": one["count"] / report["cases"],
                "count": one["count"],
                "steps": len(path),
                "width": 13 * len(shown),
                "squares": squares,
                "words": " → ".join(told(name, own=own) for name in path[:40]),
                "name": _short(path, own=own),
            }
        )
    return rows


def _short(path: Sequence[str], *, own: bool) -> str:
    """A path in a line: what repeats is counted, what is long is left out in the middle."""
    runs = [(name, len(list(group))) for name, group in itertools.groupby(path)]
    words = [told(name, own=own) + (f" ×{count}" if count > 1 else "") for name, count in runs]
    return " → ".join(words if len(words) <= 3 else [words[0], "…", words[-1]])


def longest_wait(rows: Sequence[StepRow]) -> StepRow | None:
    """The step after which most is lost: money, or time in all where nothing has a price."""
    waiting = [row for row in rows if (row.wait or 0) > 0 and not row.ending]
    return max(waiting, key=lambda row: (row.cost or 0, (row.wait or 0) * row.events), default=None)
