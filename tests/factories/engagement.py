"""Conversations for tests."""

from datetime import UTC, datetime
from typing import Any

from clm.core import actors, lifecycle
from customers.lifecycle import Stage
from engagement import services
from engagement.models import Enquiry, Interaction
from tests.factories import customers

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


def interaction(*, at: datetime = NOW, **fields: Any) -> Interaction:
    """A conversation that reached the customer; `fields` are those of `record_interaction`."""
    values: dict[str, Any] = {
        "channel": "phone",
        "purpose": "service",
        "outcome": "reached",
        "text": "Asked about the new fee.",
        "actor": actors.system_user(),
        **fields,
    }
    if "customer" not in values:
        values["customer"] = customers.customer(stage=Stage.ACTIVE, at=at)
    return services.record_interaction(at=at, **values)


WALKS: dict[str, tuple[str, ...]] = {
    "NEW": (),
    "ASSIGNED": ("assign",),
    "WAITING": ("assign", "ask"),
    "ANSWERED": ("assign", "answer"),
    "CLOSED": ("assign", "answer", "close"),
    "REOPENED": ("assign", "answer", "reopen"),
}


def enquiry(*, state: str = "NEW", at: datetime = NOW, **fields: Any) -> Enquiry:
    """An enquiry in `state`, by the real services; `fields` are those of `open_enquiry`."""
    system = actors.system_user()
    values: dict[str, Any] = {
        "subject": "The fee of my card", "text": "Why did it go up?", "actor": system, **fields,
    }  # fmt: skip
    if "customer" not in values:
        values["customer"] = customers.customer(stage=Stage.ACTIVE, at=at)
    made = services.open_enquiry(at=at, **values)
    given: dict[str, Any] = {"actor": system, "at": at}
    for step in WALKS[state]:
        if step == "assign":
            made = services.assign_enquiry(enquiry=made, assignee=system, **given)
        elif step == "ask":
            made = services.ask_customer(enquiry=made, text="Which card?", **given)
        elif step == "answer":
            made = services.answer_enquiry(
                enquiry=made, text="The price list changed.", root_cause="fee", **given
            )
        else:
            made = lifecycle.perform(record=made, name=step, reason="test", **given)
    return made
