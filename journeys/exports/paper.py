"""The map on paper: A3 pages, and boards with room to write by hand."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from clm.core.documents import pdf
from clm.core.web.charts.base import signed
from journeys.exports.content import Felt, MapTold
from journeys.exports.drawing import STROKES, curve_only

TEMPLATE = Path(__file__).with_name("map.typ")
#: So many steps of a map stand on a page; of a board fewer, as people write on it.
STEPS, STEPS_OF_BOARD = 8, 5


def paper(told: MapTold, *, boards: bool, at: datetime) -> bytes:
    """A PDF/UA document on A3, some steps a page."""
    count = STEPS_OF_BOARD if boards else STEPS
    starts = range(0, max(len(told.steps), 1), count)
    parts = [_part(told, start, start + count) for start in starts]
    content = {
        "title": told.title,
        "lead": told.lead,
        "language": told.language,
        "boards": boards,
        "step": _("Step"),
        "people": [
            (one.name, STROKES[number % len(STROKES)]) for number, one in enumerate(told.felt)
        ],
        "parts": parts,
    }
    return pdf(template=TEMPLATE, content=content, at=at)


def _part(told: MapTold, start: int, end: int) -> dict[str, Any]:
    steps = told.steps[start:end]
    felt = [Felt(one.name, one.values[start:end]) for one in told.felt]
    some = replace(told, steps=steps, felt=felt)
    last = min(end, len(told.steps))
    return {
        "heading": _("Steps %(first)s to %(last)s") % {"first": start + 1, "last": last},
        "steps": [
            {
                "title": one.title,
                "phase": one.phase,
                "told": ""
                if one.friction is None
                else _("%(n)s cases, friction %(friction)s")
                % {"n": one.volume, "friction": one.friction},
            }
            for one in steps
        ],
        "lanes": [
            {"name": one.name, "kind": one.kind, "cells": one.cells[start:end]}
            for one in told.lanes
        ],
        # As bytes: a drawing is no text that may be latinised.
        "curve": list(curve_only(some).encode()) if steps else [],
        "alt": _spoken(some),
    }


def _spoken(told: MapTold) -> str:
    """The curve in words."""
    said = []
    for felt in told.felt:
        pairs = zip(told.steps, felt.values, strict=True)
        known = [f"{step.title} {signed(value)}" for step, value in pairs if value is not None]
        if known:
            said.append(f"{felt.name}: {', '.join(known)}")
    return ". ".join(said) or _("No emotions yet")
