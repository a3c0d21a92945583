"""What a decision means for the customer; follows the case's event."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clm.core import actors, records
from clm.core.models import Event
from customers import services as customers
from customers.selectors import law_on
from kyc import risk
from kyc.lifecycle import CaseState
from kyc.models import Case


def record_clearance(*, event: Event, at: datetime) -> None:
    """
    The cleared case's customer gets clearance, risk level and review date, in one transaction;
    announces `kyc_cleared` on the customer. Running it again changes nothing.
    """
    case = Case.objects.select_related("customer").get(pk=event.record_id)
    system = actors.system_user()
    with transaction.atomic():
        if _told(case, event, "kyc_cleared"):
            return
        level = case.risk or "medium"
        day = timezone.localdate(event.at)
        years = law_on(country=settings.CLM_COUNTRY, on=day).review_years(level)
        customers.set_risk(
            customer=case.customer, level=level, review_on=risk.review_on(years=years, today=day),
            actor=system, at=at,
        )  # fmt: skip
        customers.set_clearance(customer=case.customer, cleared_at=event.at, actor=system, at=at)
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
