"""What compliance says of a customer; written by kyc through here."""

from datetime import date, datetime

from clm.core import records
from clm.core.models import User
from customers.models import Customer


def set_risk(
    *, customer: Customer, level: str, review_on: date | None, actor: User, at: datetime,
    reason: str = "",
) -> Customer:  # fmt: skip
    """Set the risk level and the date of the next review; the same again changes nothing."""
    return records.change(
        record=customer,
        changes={"risk_level": level, "kyc_review_on": review_on},
        actor=actor,
        at=at,
        reason=reason,
        payload={"risk_level": level},
    )


def set_clearance(
    *, customer: Customer, cleared_at: datetime | None, actor: User, at: datetime, reason: str = ""
) -> Customer:
    """Record that KYC cleared the customer, or with None that the clearance is gone."""
    return records.change(
        record=customer, changes={"kyc_cleared_at": cleared_at}, actor=actor, at=at, reason=reason
    )


def set_restriction(
    *, customer: Customer, code: str, actor: User, at: datetime, reason: str
) -> Customer:
    """Put a compliance restriction beside the stage; an empty code lifts it."""
    return records.change(
        record=customer,
        changes={"restriction": code},
        actor=actor,
        at=at,
        reason=reason,
        payload={"restriction": code},
    )
