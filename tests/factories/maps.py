"""Maps that are drawn, with a persona and something on them."""

from datetime import datetime
from typing import Any

from clm.core.models import User
from journeys.models import JourneyMap, Persona
from journeys.services import maps

STEPS = ("Apply: Apply", "Apply: Send documents", "Decide: Wait for the answer", "Decide: Sign")


def persona(*, by: User, at: datetime, name: str = "Sofie and Mads") -> Persona:
    return maps.save_persona(values={"name": name, "life_phase": "First home"}, actor=by, at=at)


def drawn(*, by: User, at: datetime, **values: Any) -> JourneyMap:
    """A map of four steps with a persona."""
    given = {"name": "First home loan", "steps": STEPS, **values}
    given.setdefault("personas", [persona(by=by, at=at)])
    return maps.draw_map(**given, actor=by, at=at)


def part(of: JourneyMap, kind: str, number: int = 0) -> Any:
    """The first step or lane of a map, or one after it."""
    return getattr(of, kind).filter(removed_at=None).order_by("order")[number]


def card(*, on: JourneyMap, by: User, at: datetime, text: str = "Finds payslips") -> Any:
    return maps.add_card(
        on=on, lane=part(on, "lanes").pk, step=part(on, "steps").pk, text=text, actor=by, at=at
    ).record
