"""What a decision means for the customer; follows the case's event."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clm.core import actors, records
from clm.core.models import Event
from customers import services as customers
from kyc import risk
from kyc.lifecycle import CaseState
from kyc.models import Case
from kyc.rating.selectors import review_years


def record_clearance(*, event: Event, at: datetime) -> None:
    """
    The cleared case's customer gets clearance, risk level and review date, in one transaction; one
    that asked some checks only leaves the clearance as it is, lowers no risk and puts no review
    off. Announces `kyc_cleared` on the customer. Running it again changes nothing.
    """
    case = Case.objects.select_related("customer").get(pk=event.record_id)
    system = actors.system_user()
    with transaction.atomic():
        if _told(case, event, "kyc_cleared"):
            return
        level = case.risk or "medium"
        if not case.is_whole and case.customer.risk_level:
            level = max(level, case.customer.risk_level, key=risk.LEVELS.index)
        day = timezone.localdate(event.at)
        review_on = risk.review_on(years=review_years(level=level, on=day), today=day)
        planned = case.customer.kyc_review_on
        if not case.is_whole and planned is not None:
            # A look at some checks is no review: the next one comes no later for it.
            review_on = min(planned, review_on)
        customers.set_risk(
            customer=case.customer, level=level, review_on=review_on,
            actor=system, at=at,
        )  # fmt: skip
        if case.is_whole:
            customers.set_clearance(
                customer=case.customer, cleared_at=event.at, actor=system, at=at
            )
        _tell(case, event, "kyc_cleared", at)


def record_rejection(*, event: Event, at: datetime) -> None:
    """
    The rejected case's customer loses a clearance they may have; announces `kyc_rejected` on the
    customer. Running it again changes nothing.
    """
    case = Case.objects.select_related("customer").get(pk=event.record_id)
    with transaction.atomic():
        if _told(case, event, "kyc_rejected"):
            return
        customers.set_clearance(
            customer=case.customer, cleared_at=None, actor=actors.system_user(), at=at
        )
        _tell(case, event, "kyc_rejected", at)


def _told(case: Case, event: Event, action: str) -> bool:
    return Event.objects.filter(
        record_id=case.customer_id, action=action, payload__event_id=str(event.pk)
    ).exists()


def _tell(case: Case, event: Event, action: str, at: datetime) -> None:
    records.note(
        record=case.customer,
        action=action,
        actor=actors.system_user(),
        at=at,
        payload={
            "event_id": str(event.pk),
            "case_id": str(case.pk),
            "application_id": str(case.application_id) if case.application_id else None,
            "straight_through": event.source == CaseState.CHECKING,
        },
    )
