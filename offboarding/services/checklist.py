"""The obligations of a closure: compared with the holdings, confirmed, waived."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import records
from clm.core.lifecycle import StaleVersion
from clm.core.models import User
from customers.models import Holding
from offboarding import obligations, selectors
from offboarding.lifecycle import ClosureState
from offboarding.models import Closure, ClosureObligation, ObligationStatus
from offboarding.services.gate import demand, lock

_CHECKABLE = (ClosureState.CHECKING, ClosureState.PENDING_APPROVAL, ClosureState.SETTLING)


def recheck(*, closure: Closure, actor: User, at: datetime, version: int | None = None) -> Closure:
    """
    Compare the checklist with the holdings as they stand now.

    A change of the list voids a question to a second person, since it was about the old one.

    :raises PermissionDenied: `actor` may not check obligations
    :raises ValidationError: the closure has not got so far, or has ended
    """
    demand(actor, "offboarding.check_closure")
    with transaction.atomic():
        locked = lock(closure.pk)
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        if locked.state not in _CHECKABLE:
            raise ValidationError(_("There is nothing to check in this state."))
        return fill_checklist(locked, actor, at)


def confirm_obligation(
    *, obligation: ClosureObligation, actor: User, at: datetime
) -> ClosureObligation:
    """
    Say that a card is blocked or an insurance cancelled, which no balance tells.

    :raises ValidationError: the balance decides this one, or the closure is past its check
    """
    demand(actor, "offboarding.change_closure")
    if obligation.kind not in obligations.CONFIRMED_BY_HAND:
        raise ValidationError(_("The balance of the holding decides this one."))
    return _decide(
        obligation, {"confirmed_at": at, "status": ObligationStatus.MET}, actor=actor, at=at
    )


def waive_obligation(
    *, obligation: ClosureObligation, reason: str, actor: User, at: datetime
) -> ClosureObligation:
    """
    Let an obligation go with a reason; the second person sees it on the checklist.

    :raises ValidationError: no reason is given, or the closure is past its check
    """
    demand(actor, "offboarding.change_closure")
    if not reason.strip():
        raise ValidationError({"reason": _("A waiver needs a reason.")})
    return _decide(
        obligation,
        {"status": ObligationStatus.WAIVED, "reason": reason.strip()},
        actor=actor,
        at=at,
    )


def fill_checklist(closure: Closure, actor: User, at: datetime) -> Closure:
    """Rows for open holdings that have none, each row's status as it stands, the summary."""
    rows = {row.holding_id: row for row in closure.obligations.select_related("holding__product")}
    holdings = Holding.objects.filter(customer_id=closure.customer_id).select_related("product")
    made = []
    for holding in holdings.order_by("pk"):
        row = rows.get(holding.pk)
        if row is None and holding.closed_on is None:
            made.append(_new_obligation(closure, holding))
        elif row is not None and row.status != ObligationStatus.WAIVED:
            free = selectors.holding_is_free(holding, row)
            changes = {
                "status": ObligationStatus.MET if free else ObligationStatus.OPEN,
                "kind": obligations.kind_of(
                    category=holding.product.category, balance=holding.balance
                ),
            }
            records.change(record=row, changes=changes, actor=actor, at=at)
    records.create_many(
        records=made,
        actor=actor,
        at=at,
        payloads=[{"closure_id": str(closure.pk), "kind": str(one.kind)} for one in made],
    )
    return _summarise(closure, actor, at)


def _new_obligation(closure: Closure, holding: Holding) -> ClosureObligation:
    kind = obligations.kind_of(category=holding.product.category, balance=holding.balance)
    free = selectors.holding_is_free(holding, None)
    return ClosureObligation(
        closure=closure,
        holding=holding,
        kind=kind,
        status=ObligationStatus.MET if free else ObligationStatus.OPEN,
    )


def _decide(
    obligation: ClosureObligation, changes: dict[str, Any], *, actor: User, at: datetime
) -> ClosureObligation:
    with transaction.atomic():
        closure = lock(obligation.closure_id)
        if closure.state != ClosureState.CHECKING:
            raise ValidationError(_("The checklist is fixed once a second person has been asked."))
        decided = records.change(
            record=obligation, changes={**changes, "decided_by": actor}, actor=actor, at=at
        )
        _summarise(closure, actor, at)
        return decided


def _summarise(closure: Closure, actor: User, at: datetime) -> Closure:
    summary = [
        {"holding": str(row.holding_id), "kind": row.kind, "status": row.status}
        for row in closure.obligations.order_by("pk")
    ]
    if summary == closure.checklist and closure.checked_at is not None:
        return closure
    return records.change(
        record=closure, changes={"checklist": summary, "checked_at": at}, actor=actor, at=at
    )
