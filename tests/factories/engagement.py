"""Conversations for tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from clm.core import actors, lifecycle, records
from clm.core.ids import uuid7
from customers.lifecycle import Stage
from engagement import services
from engagement.models import Enquiry, Feedback, Interaction, NextBestAction, Survey
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


def survey(*, at: datetime = NOW, **fields: Any) -> Survey:
    values: dict[str, Any] = {
        "name": "Recommend", "measure": "nps", "question_da": "Vil du anbefale os?",
        "question_en": "Would you recommend us?", **fields,
    }  # fmt: skip
    return services.add_survey(actor=actors.system_user(), at=at, **values)


def feedback(*, at: datetime = NOW, **fields: Any) -> Feedback:
    """An answer that a customer gave by a link."""
    customer = fields.pop("customer", None) or customers.customer(stage=Stage.ACTIVE, at=at)
    asked = fields.pop("survey", None) or survey(at=at, name=f"Survey {uuid7()}")
    made = services.hand_over_survey(
        survey=asked, customer=customer, actor=actors.system_user(), at=at
    )
    return services.answer_survey(
        invitation=made, score=fields.get("score", 9), text=fields.get("text", "Fine"), at=at
    )


def next_best_action(*, at: datetime = NOW, **fields: Any) -> NextBestAction:
    """A proposal as the nightly job writes it; `adviser` is the customer's."""
    system, adviser = actors.system_user(), fields.pop("adviser", None)
    customer = fields.pop("customer", None) or customers.customer(
        stage=Stage.ACTIVE, adviser=adviser, at=at
    )
    values: dict[str, Any] = {
        "group": "shown", "value": Decimal(900), "propensity": 0.05, "context": 1.0,
        "score": Decimal(45), "explanation": {"arbitration": {"value": 900.0}}, "channel": "phone",
        "proposed_on": at.date(), "expires_on": at.date() + timedelta(days=30), **fields,
    }  # fmt: skip
    if "product" not in values:
        values["product"] = customers.product(at=at)
    action = NextBestAction(customer=customer, **values)
    return records.create(record=action, actor=system, at=at)
