"""What of a friction report is drawn: the ways worth seeing, their labels and their heat."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from clm.core.web.charts import Chart, FlowEdge, FlowNode, flow
from clm.core.web.words import duration, number

DAY = 86_400
MOST_WAYS = 60
MEASURES = {
    "count": gettext_lazy("Count"),
    "median": gettext_lazy("Median wait"),
    "p90": gettext_lazy("p90"),
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

    :param friction: 0 to 100, see `friction_of`
    :param before: the friction in the period before, where one is compared
    """

    key: str
    name: str
    cases: int
    events: int
    wait: float | None
    again: float
    ended: float
    heat: int
    friction: int
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


def friction_of(*, wait: float | None, again: float, ended: float) -> int:
    """
    The friction of a step, 0 to 100: waiting, doing again and giving up, put together.

    Each part is between 0 and 1: waiting is half at five days after the step; done again and
    given up are shares of the cases, and a step where most cases end is an end, not a giving
    up. The parts are joined like independent chances, so each can only add.
    """
    waited = max(wait or 0.0, 0.0)
    left = ended if ended <= 0.5 else 0.0
    smooth = (1 - waited / (waited + 5 * DAY)) * (1 - again) * (1 - left)
    return round(100 * (1 - smooth))


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
    report: Mapping[str, Any], choice: Choice, *, title: str, urls: Mapping[str, str], own: bool
) -> Chart | None:
    """
    The graph of a report; nothing where no way is left to draw.

    :param own: the activities are the platform's own words and are shown in the reader's language
    """
    shown = worth_seeing(report["edges"], choice)
    if not shown:
        return None
    cases = {one["name"]: one["cases"] for one in report["activities"]}
    rows = {row.key: row for row in step_rows(report, own=own)}
    names = {end for edge in shown for end in (edge["source"], edge["target"])}
    leavers = {name for name in names if report["ends"].get(name, 0) * 2 > cases[name]}
    return flow(
        [
            FlowNode(
                name=told(name, own=own),
                count=cases[name],
                end=name in leavers,
                heat=0 if name in leavers else rows[name].friction_heat,
                score="" if name in leavers else str(rows[name].friction),
                url=urls.get(name, ""),
            )
            for name in sorted(names, key=lambda one: -cases[one])
        ],
        [
            FlowEdge(
                source=told(edge["source"], own=own),
                target=told(edge["target"], own=own),
                count=edge["count"],
                label=_label(edge, choice.measure),
                heat=heat(edge["median_s"]),
            )
            for edge in shown
        ],
        title=title,
        measure=str(MEASURES[choice.measure]),
    )


def step_rows(
    report: Mapping[str, Any], *, own: bool, before: Mapping[str, Any] | None = None
) -> list[StepRow]:
    """
    Every step with what is waited after it, how often it is done again, and who ends there.

    :param before: the report of the period to compare with
    """
    earlier = {row.key: row.friction for row in step_rows(before, own=own)} if before else {}
    again = {one["activity"]: one["cases"] for one in report["rework"]}
    waits: dict[str, list[tuple[float, int]]] = {}
    for edge in report["edges"]:
        waits.setdefault(edge["source"], []).append((edge["median_s"], edge["count"]))
    rows = []
    for one in report["activities"]:
        name = one["name"]
        wait = _weighted_median(waits.get(name, []))
        repeated = again.get(name, 0) / one["cases"]
        ended = report["ends"].get(name, 0) / one["cases"]
        rows.append(
            StepRow(
                key=name,
                name=told(name, own=own),
                cases=one["cases"],
                events=one["count"],
                wait=wait,
                again=repeated,
                ended=ended,
                heat=heat(wait),
                friction=friction_of(wait=wait, again=repeated, ended=ended),
                before=earlier.get(name),
            )
        )
    return rows


def told(name: str, *, own: bool) -> str:
    """An activity as the reader sees it."""
    return gettext(name) if own else name


def _label(edge: Mapping[str, Any], measure: str) -> str:
    if measure == "count":
        return number(edge["count"])
    return duration(edge["median_s"] if measure == "median" else edge["p90_s"])


def _weighted_median(waits: Sequence[tuple[float, int]]) -> float | None:
    """The way in the middle of those that leave a step: its median wait."""
    half, seen = sum(count for _wait, count in waits) / 2, 0
    for wait, count in sorted(waits):
        seen += count
        if seen >= half:
            return wait
    return None


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
    """The step after which most time is lost in all; ends of the journey are left out."""
    waiting = [row for row in rows if (row.wait or 0) > 0 and row.ended <= 0.5]
    return max(waiting, key=lambda row: (row.wait or 0) * row.events, default=None)
