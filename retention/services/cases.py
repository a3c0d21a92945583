"""Opening and working save cases."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, clocks, lifecycle, records
from clm.core.lifecycle import StaleVersion
from clm.core.models import User
from customers import services as customers
from customers.lifecycle import Stage
from customers.models import Customer
from retention import selectors
from retention.lifecycle import OPEN_STATES, SaveCaseState
from retention.models import Playbook, SaveCase, Stayed

#: Opening hours in which a flagged customer is to be spoken with.
CONTACT_WITHIN_HOURS = 16
_GONE = (Stage.OFFBOARDING, Stage.CLOSED, Stage.ERASED)
#: Stages in which there is somebody to keep.
WATCHED = (Stage.ACTIVE, Stage.AT_RISK)


def open_case(
    *,
    customer: Customer,
    actor: User,
    at: datetime,
    reason_code: str = "",
    wants_to_leave: bool = False,
    origin_id: UUID | None = None,
) -> SaveCase:
    """
    Open a save case for an active customer and flag them at risk; an open one is returned.

    The main reason, the playbook and the value at stake come from the customer's insight
    unless `reason_code` names the reason.

    :param origin_id: the record that speaks for it; a second call for it returns the first case
    :raises ValidationError: the customer is not active, so there is nothing to save
    """
    with transaction.atomic():
        # The customer's row orders those who come at once; the unique key would only refuse.
        customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        known = known_case(customer, origin_id)
        if known is not None:
            return known
        if customer.stage not in WATCHED:
            raise ValidationError(_("Only an active customer can be saved."))
        insight = selectors.insight_of(customer_id=customer.pk)
        reasons = list(insight.churn_reasons) if insight else []
        playbook = (
            Playbook.objects.get(reason=reason_code)
            if reason_code
            else selectors.playbook_for(reasons=reasons)
        )
        case = SaveCase(
            customer=customer,
            reason_code=playbook.reason,
            reasons=reasons,
            probability=insight.churn_probability if insight else None,
            value=insight.value if insight else None,
            playbook=playbook,
            budget=playbook.budget,
            currency=playbook.currency,
            owner=customer.adviser,
            due_at=clocks.add_business_hours(start=at, hours=CONTACT_WITHIN_HOURS),
            wants_to_leave=wants_to_leave,
            origin_id=origin_id,
        )
        records.create(
            record=case,
            actor=actor,
            at=at,
            payload={
                "customer_id": str(customer.pk),
                "reason": playbook.reason,
                "origin_id": str(origin_id) if origin_id else None,
            },
        )
        if customer.stage == Stage.ACTIVE:
            # The consequence of the case, not the opener's own decision about the stage.
            lifecycle.perform(
                record=customer,
                name="flag_at_risk",
                actor=actors.system_user(),
                at=at,
                payload={"save_case_id": str(case.pk)},
            )
        return case


def assign_owner(
    *, case: SaveCase, owner: User | None, actor: User, at: datetime, version: int | None = None
) -> SaveCase:
    """
    Say who works an open case; a flagged one becomes assigned.

    :raises PermissionDenied: `actor` may not assign cases
    :raises ValidationError: the case is closed, or nobody is named for one that is under way
    :raises StaleVersion: somebody else changed it since `version`
    """
    actors.require(actor=actor, permission="retention.assign_savecase")
    with transaction.atomic():
        case = lock(case.pk)
        _still_open(case)
        if owner is None and case.state != SaveCaseState.FLAGGED:
            raise ValidationError({"owner": _("A case under way needs an owner.")})
        case = records.change(
            record=case, changes={"owner": owner}, actor=actor, at=at, version=version
        )
        if owner is not None and case.state == SaveCaseState.FLAGGED:
            case = lifecycle.perform(record=case, name="assign", actor=actor, at=at)
        return case


def attach_offer(
    *,
    case: SaveCase,
    text: str,
    cost: Decimal,
    actor: User,
    at: datetime,
    kind: str = "",
    channel: str = "",
    version: int | None = None,
) -> SaveCase:
    """
    Make the customer an offer out of the case's budget and attach it.

    :param channel: how the bank turns to the customer with it; empty where the customer asked
    :raises PermissionDenied: `actor` may not make offers
    :raises ValidationError: it costs more than the budget, the case is not at that point, or
        the customer may not be contacted so
    :raises StaleVersion: somebody else changed it since `version`
    """
    actors.require(actor=actor, permission="retention.offer_savecase")
    actors.require(actor=actor, permission="customers.make_offer")
    with transaction.atomic():
        locked = lock(case.pk)
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        if locked.state not in (SaveCaseState.ASSIGNED, SaveCaseState.CONTACTED):
            raise ValidationError(_("An offer is attached after the case is assigned."))
        if cost < 0:
            raise ValidationError({"cost": _("A cost cannot be negative.")})
        if cost > locked.budget:
            raise ValidationError({"cost": _("The offer costs more than the case's budget.")})
        offer = customers.make_offer(
            customer=locked.customer,
            kind=kind or locked.playbook.offer_kind,
            text=text,
            cost=cost,
            currency=locked.currency,
            given_by=actor,
            at=at,
            channel=channel,
            payload={"save_case_id": str(locked.pk)},
        )
        return records.change(record=locked, changes={"offer": offer}, actor=actor, at=at)


def change_case(
    *,
    case: SaveCase,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> SaveCase:
    """
    Change who works an open case, and whether the customer has asked for the accounts to be closed.

    An owner named for a flagged case assigns it.

    :raises PermissionDenied: `actor` may not change save cases
    :raises ValidationError: the case is closed, or a field is not changed here
    :raises StaleVersion: somebody else changed it since `version`
    """
    actors.require(actor=actor, permission="retention.change_savecase")
    unknown = changes.keys() - {"owner", "wants_to_leave"}
    if unknown:
        raise ValidationError({name: _("This field cannot be changed here.") for name in unknown})
    with transaction.atomic():
        locked = lock(case.pk)
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        _still_open(locked)
        if "wants_to_leave" in changes:
            locked = records.change(
                record=locked,
                changes={"wants_to_leave": changes["wants_to_leave"]},
                actor=actor,
                at=at,
            )
        if "owner" in changes:
            locked = assign_owner(case=locked, owner=changes["owner"], actor=actor, at=at)
        return locked


def review_outcomes(*, actor: User, at: datetime, limit: int = 500) -> int:
    """Write down, after 30 and 90 days, who is still a customer; how many cases were looked at."""
    today = timezone.localdate(at)
    due = selectors.due_for_review(on=today, limit=limit)
    for case in due:
        stage: Any = case.stage_now  # type: ignore[attr-defined]  # annotated by the selector
        outcome = Stayed.LEFT if stage in _GONE else Stayed.STAYED
        changes = {}
        for days in (30, 90):
            day: date | None = getattr(case, f"review_{days}_on")
            if day is not None and day <= today and not getattr(case, f"outcome_{days}"):
                changes[f"outcome_{days}"] = outcome
        records.change(record=case, changes=changes, actor=actor, at=at)
    return len(due)


def known_case(customer: Customer, origin_id: UUID | None) -> SaveCase | None:
    """The case this record opened already, else the one that is open now."""
    if origin_id is not None:
        same = SaveCase.objects.filter(origin_id=origin_id).first()
        if same is not None:
            return same
    return SaveCase.objects.filter(customer=customer, state__in=OPEN_STATES).first()


def lock(pk: UUID) -> SaveCase:
    """The case, held until the transaction ends."""
    return SaveCase.objects.select_for_update(of=("self",)).get(pk=pk)


def _still_open(case: SaveCase) -> None:
    if case.state not in OPEN_STATES:
        raise ValidationError(_("The case is closed."))
