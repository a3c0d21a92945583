"""Reports in every state, each reached by walking the real transitions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from clm.core.models import User
from customers.models import Customer
from kyc.models import SuspicionReport
from kyc.suspicion import services

REASON = "Cash in many small amounts that does not fit the customer’s pay."


def report(
    *, customer: Customer, analyst: User, at: datetime, reason: str = REASON, **changes: Any
) -> SuspicionReport:
    """A draft with nothing missing: of activity, unless transactions are given."""
    draft = services.start_report(customer=customer, actor=analyst, at=at)
    kind = "STR" if changes.get("transactions") else "SAR"
    return services.write_report(
        report=draft,
        changes={"kind": kind, "reason": reason, "indicators": ["CASHX"], **changes},
        actor=analyst,
        at=at,
    )


def taken_to(
    state: str, *, of: SuspicionReport, analyst: User, officer: User, at: datetime
) -> SuspicionReport:
    """The draft as it comes to stand in `state`."""
    if state == "WITHDRAWN":
        return services.withdraw_report(report=of, actor=analyst, at=at, reason="explained")
    steps: Sequence[tuple[str, Any]] = (
        ("PENDING", lambda one: services.propose_report(report=one, actor=analyst, at=at)),
        ("APPROVED", lambda one: services.approve_report(report=one, actor=officer, at=at)),
        (
            "FILED",
            lambda one: services.file_report(
                report=one, receipt="FIU-2026-77", filed_at=at, actor=officer, at=at
            ),
        ),
    )
    for name, step in steps:
        if of.state == state:
            break
        of = step(of)
        assert of.state == name
    return of
