"""Save cases for tests, one trait per state, each reached by walking the real transitions."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from clm.core import actors, events, lifecycle, records
from clm.core.models import User
from customers.lifecycle import Stage
from customers.services import set_insight
from retention import services
from retention.lifecycle import SaveCaseState
from retention.models import SaveCase
from tests.factories import customers, engagement

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
REASONS = [
    {"label": "New account fee", "feature": "fee_change", "points": 14.0},
    {"label": "Fewer log-ins", "feature": "logins_30d", "points": 9.0},
    {"label": "Has a home loan", "feature": "holding_mortgage", "points": -6.0},
]

WALKS: dict[str, tuple[str, ...]] = {
    SaveCaseState.FLAGGED: (),
    SaveCaseState.ASSIGNED: ("assign",),
    SaveCaseState.CONTACTED: ("assign", "contact"),
    SaveCaseState.OFFERED: ("assign", "contact", "offer"),
    SaveCaseState.SAVED: ("assign", "contact", "offer", "save"),
    SaveCaseState.LOST: ("lose",),
    SaveCaseState.FALSE_ALARM: ("dismiss",),
}


def save_case(
    *,
    state: str = SaveCaseState.FLAGGED,
    owner: User | None = None,
    at: datetime = NOW,
    **fields: Any,
) -> SaveCase:
    """A save case in `state`; `fields` are those of `open_case`."""
    system = actors.system_user()
    customer = fields.pop("customer", None) or customers.customer(
        stage=Stage.ACTIVE, adviser=owner, at=at
    )
    set_insight(
        customer_id=customer.pk,
        at=at,
        churn_probability=0.68,
        churn_band="high",
        churn_reasons=REASONS,
        value=Decimal(312000),
    )
    case = services.open_case(customer=customer, actor=system, at=at, **fields)
    for name in WALKS[state]:
        case = prepare(case, name, owner=owner, at=at)
        case = lifecycle.perform(record=case, name=name, actor=system, at=at, reason="test")
    return case


def prepare(
    case: SaveCase, name: str, *, owner: User | None = None, at: datetime = NOW
) -> SaveCase:
    """Do what the transition's guards ask for, by the real services."""
    system = actors.system_user()
    if name == "assign" and case.owner_id is None:
        case = records.change(record=case, changes={"owner": owner or system}, actor=system, at=at)
    if name == "contact":
        talk = engagement.interaction(customer=case.customer, purpose="retention", at=at)
        event = events.for_record(talk).get(action="create")
        services.note_contact(event=event, at=at)
        case.refresh_from_db()
    if name == "offer" and case.offer_id is None:
        case = services.attach_offer(
            case=case, text="No account fee for 12 months", cost=Decimal(468), actor=system, at=at
        )
    return case
