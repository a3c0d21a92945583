"""What of a friction report is drawn: the ways worth seeing, their labels and their heat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

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
    """One step as the table below the graph tells it."""

    key: str
    name: str
    cases: int
    events: int
    wait: float | None
    again: float
    ended: float
    heat: int


def heat(seconds: float | None) -> int:
    """1 to 4 on the scale of waiting: under 1, 3, 5 days, and above."""
    days = (seconds or 0.0) / DAY
    return 1 if days < 1 else 2 if days < 3 else 3 if days < 5 else 4


def worth_seeing(edges: Sequence[Mapping[str, Any]], choice: Choice) -> list[Mapping[str, Any]]:
    """
    The most used ways that together make up the chosen share of all moves, each used often
    enough; at most 60, beyond which nobody can read a graph.
    """
    wanted = sum(one["count"] for one in edges) * choice.paths / 100
    found: list[Mapping[str, Any]] = []
    seen = 0
    for edge in edges:
        if edge["count"] < choice.least or seen >= wanted or len(found) == MOST_WAYS:
            break
        found.append(edge)
        seen += edge["count"]
    return found


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
    names = {end for edge in shown for end in (edge["source"], edge["target"])}
    leavers = {name for name in names if report["ends"].get(name, 0) * 2 > cases[name]}
    return flow(
        [
            FlowNode(
                name=told(name, own=own),
                count=cases[name],
                end=name in leavers,
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


def step_rows(report: Mapping[str, Any], *, own: bool) -> list[StepRow]:
    """Every step with what is waited after it, how often it is done again, and who ends there."""
    again = {one["activity"]: one["cases"] for one in report["rework"]}
    waits: dict[str, list[tuple[float, int]]] = {}
    for edge in report["edges"]:
        waits.setdefault(edge["source"], []).append((edge["median_s"], edge["count"]))
    rows = []
    for one in report["activities"]:
        name = one["name"]
        wait = _weighted_median(waits.get(name, []))
        rows.append(
            StepRow(
                key=name,
                name=told(name, own=own),
                cases=one["cases"],
                events=one["count"],
                wait=wait,
                again=again.get(name, 0) / one["cases"],
                ended=report["ends"].get(name, 0) / one["cases"],
                heat=heat(wait),
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
                "last": told(path[-1], own=own),
                "name": _("%(first)s … %(last)s")
                % {"first": told(path[0], own=own), "last": told(path[-1], own=own)},
            }
        )
    return rows
