"""How a map is told on its page: rows in their order, the curve, and what stands beside it."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core.web.charts import Chart
from journeys.models import Journey, JourneyMap, MapLane, MapStep
from journeys.selectors import Board
from journeys.web.curve import COLUMN, FEW, WIDE, Point, curve
from journeys.web.explorer import told

#: The emotions stand below the last of these, where people speak of themselves.
_OF_PEOPLE = {
    MapLane.Kind.ACTION, MapLane.Kind.DIGITAL, MapLane.Kind.PHYSICAL, MapLane.Kind.THOUGHTS,
    MapLane.Kind.EMOTIONAL, MapLane.Kind.PRACTICAL,
}  # fmt: skip
NOTES = {
    MapLane.Kind.FRONT: gettext_lazy("seen by the customer"),
    MapLane.Kind.BACK: gettext_lazy("not seen"),
    MapLane.Kind.DNA: gettext_lazy("what we stand for"),
    MapLane.Kind.SOLUTION: gettext_lazy("from our community"),
}
ICONS = {
    MapLane.Kind.ACTION: "user", MapLane.Kind.DIGITAL: "device-mobile",
    MapLane.Kind.PHYSICAL: "building-store", MapLane.Kind.THOUGHTS: "message",
    MapLane.Kind.EMOTIONAL: "heart-handshake", MapLane.Kind.PRACTICAL: "checklist",
    MapLane.Kind.PAIN: "alert-triangle", MapLane.Kind.FRONT: "users",
    MapLane.Kind.BACK: "eye-off", MapLane.Kind.SUPPORT: "settings", MapLane.Kind.IDEA: "bulb",
    MapLane.Kind.DNA: "star", MapLane.Kind.SOLUTION: "share",
}  # fmt: skip
FELT_BAD, FELT_GOOD, MUCH = -0.5, 0.5, 38


def rows(board: Board) -> dict[str, Any]:
    """The lanes above and below the emotions, each with its cells in the order of the steps."""
    lanes = board.lanes
    cut = max((i + 1 for i, one in enumerate(lanes) if one.kind in _OF_PEOPLE), default=0)
    drawn = [
        {
            "lane": lane,
            "note": NOTES.get(MapLane.Kind(lane.kind), ""),
            "icon": ICONS[MapLane.Kind(lane.kind)],
            "cells": [(step, board.cells.get((lane.pk, step.pk), [])) for step in board.steps],
        }
        for lane in lanes
    ]
    return {"above": drawn[:cut], "below": drawn[cut:]}


def phases(steps: Sequence[MapStep]) -> list[tuple[str, int]]:
    """The headings above the steps: neighbours of one phase share theirs."""
    if not any(one.phase for one in steps):
        return []
    grouped = itertools.groupby(steps, key=lambda one: one.phase)
    return [(name, len(list(members))) for name, members in grouped]


def heads(board: Board) -> list[dict[str, Any]]:
    """Each step with its volume, its friction, and how much is said about it."""
    return [
        {
            "step": step,
            "volume": board.volume(step.pk),
            "worst": worst,
            "heat": 1 + min(worst.friction // 25, 3) if worst else 0,
            "talk": board.talk.get(step.pk, 0),
        }
        for step in board.steps
        for worst in [board.worst(step.pk)]
    ]


def drawn_curve(board: Board, *, other: JourneyMap | None, sliders: bool) -> Chart:
    return curve(
        points(board),
        title=_("Felt emotion and measured friction by step"),
        other=str(other.get_kind_display()) if other else "",
        sliders=sliders,
        column=WIDE if few(board) else COLUMN,
    )


def few(board: Board) -> bool:
    """Whether the steps are so few that each may be wider."""
    return len(board.steps) <= FEW


def points(board: Board) -> list[Point]:
    """What the curve is drawn from."""
    found = []
    for step in board.steps:
        worst = board.worst(step.pk)
        found.append(
            Point(
                key=str(step.pk),
                name=step.title,
                felt=board.felt.get(step.pk),
                other=board.other.get(step.pk),
                friction=worst.friction if worst else None,
                wait=worst.wait if worst else None,
                lost=worst.lost if worst else None,
            )
        )
    return found


def gaps(board: Board) -> list[dict[str, Any]]:
    """Where feeling and measure agree on trouble, and where one of them is alone with it."""
    bad, unfelt, unmeasured = [], [], []
    for one in points(board):
        if one.felt is None or one.friction is None:
            continue
        if one.friction >= MUCH:
            if one.felt <= FELT_BAD:
                bad.append(one.name)
            elif one.felt >= FELT_GOOD:
                unfelt.append(one.name)
        elif one.felt <= FELT_BAD:
            unmeasured.append(one.name)
    told_rows = [
        {"title": _("Both bad"), "icon": "alert-triangle", "css": "t-bad", "names": bad},
        {"title": _("Not felt"), "icon": "eye-off", "css": "t-warn", "names": unfelt},
        {"title": _("Felt, not measured"), "icon": "message", "css": "t-warn",
         "names": unmeasured},
    ]  # fmt: skip
    return [row for row in told_rows if row["names"]]


def activity_rows(of: JourneyMap, known: Any, chosen: Sequence[str]) -> list[dict[str, Any]]:
    """The activities of the measured journey to bind a step to; chosen ones first."""
    own = of.journey is not None and of.journey.source == Journey.Source.LIFE_CYCLE
    names = [*chosen, *(name for name in known if name not in set(chosen))]
    return [
        {
            "key": name,
            "name": told(name, own=own),
            "chosen": name in set(chosen),
            "cases": known[name].cases if name in known else 0,
        }
        for name in names
    ]


def fit_rows(of: JourneyMap, found: Mapping[str, Any] | None) -> dict[str, Any]:
    """Where real cases leave the drawn way, the most frequent first, each with its customers."""
    if not found or of.journey is None:
        return {}
    own = of.journey.source == Journey.Source.LIFE_CYCLE
    where = reverse("journeys:customers", args=[of.journey.slug])

    def told_rows(counts: Mapping[str, int]) -> list[dict[str, Any]]:
        return [
            {"name": told(name, own=own), "cases": cases,
             "url": f"{where}?{urlencode({'activity': name})}"}
            for name, cases in list(counts.items())[:5]
        ]  # fmt: skip

    return {
        "share": found["fitting"] / found["cases"] if found["cases"] else None,
        "left_out": told_rows(found["left_out"]),
        "not_foreseen": told_rows(found["not_foreseen"]),
    }
