"""Proposing what to do next, and what advisers say to it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from clm.core import actors, jobs, lifecycle, records
from clm.core.lifecycle import StaleVersion
from clm.core.models import Job, User
from customers import services as customers
from customers.lifecycle import RELATIONSHIP
from customers.models import Customer, Holding
from engagement import selectors
from engagement.lifecycle import ActionState
from engagement.models import NextBestAction, Refusal
from engagement.nba import Candidate, group_of
from engagement.services.parties import living

#: A proposal that nobody answers ends after so long, and so far ahead it can be put off.
LASTS = timedelta(days=30)
LATEST = timedelta(days=180)


def propose_actions(*, after: UUID | None, limit: int, at: datetime) -> UUID | None:
    """
    Propose the best action for the next `limit` customers who have no open proposal; the control
    group's are written down as well and shown to nobody.

    :returns: the last customer looked at, to go on after; None when there are no more
    """
    waiting = NextBestAction.objects.filter(
        customer=OuterRef("pk"), state__in=[ActionState.PROPOSED, ActionState.DEFERRED]
    )
    found = Customer.objects.filter(stage__in=RELATIONSHIP).order_by("pk")
    if after is not None:
        found = found.filter(pk__gt=after)
    ids = list(found.values_list("pk", flat=True)[:limit])
    if not ids:
        return None
    without = list(found.filter(~Exists(waiting), pk__in=ids).values_list("pk", flat=True))
    people = selectors.commercial_customers(customer_ids=without)
    with override("en"):
        weighed = selectors.reckon(people=people, at=at)
    today = timezone.localdate(at)
    best = [
        _proposal(one, weighed[one.pk][0], today)
        for one in people
        if weighed[one.pk] and weighed[one.pk][0].passed
    ]
    records.create_many(
        records=best, actor=actors.system_user(), at=at, validate=False,
        payloads=[
            {"customer_id": str(one.customer_id), "product_id": str(one.product_id),
             "group": one.group, "score": str(one.score)}
            for one in best
        ],
    )  # fmt: skip
    return ids[-1]


def expire_actions(*, at: datetime) -> int:
    """End proposals that nobody answered, and bring back what was put off until today."""
    today, system = timezone.localdate(at), actors.system_user()
    late = NextBestAction.objects.filter(state=ActionState.PROPOSED, expires_on__lt=today)
    outcome = lifecycle.perform_many(records=list(late[:2000]), name="expire", actor=system, at=at)
    back = NextBestAction.objects.filter(state=ActionState.DEFERRED, deferred_until__lte=today)
    lifecycle.perform_many(
        records=list(back[:2000]), name="bring_back", actor=system, at=at,
        changes={"expires_on": today + LASTS},
    )  # fmt: skip
    return len(outcome.done)


def note_taken(*, at: datetime) -> int:
    """Note of every proposal, shown or held out, the day on which its product was taken."""
    took = Holding.objects.filter(
        customer=OuterRef("customer"), product=OuterRef("product"),
        opened_on__gte=OuterRef("proposed_on"),
        opened_on__lte=OuterRef("proposed_on") + selectors.TAKEN_WITHIN,
    )  # fmt: skip
    since = timezone.localdate(at) - 2 * selectors.TAKEN_WITHIN
    found = NextBestAction.objects.filter(Exists(took), taken_on=None, proposed_on__gte=since)
    first = Subquery(took.order_by("opened_on").values("opened_on")[:1])
    return found.update(taken_on=first, version=F("version") + 1, updated_at=at)


def start_proposing(*, actor: User, at: datetime) -> Job:
    """Queue the proposing for all customers."""
    return jobs.start(kind="engagement.actions", parameters={}, actor=actor, at=at)


def accept_action(
    *, action: NextBestAction, actor: User, at: datetime, version: int | None = None
) -> NextBestAction:
    """
    Make the customer the offer, if it still passes every stage today.

    :raises PermissionDenied: `actor` may not make offers
    :raises ValidationError: it does not pass any more, or the customer may not be contacted
    :raises TransitionRefused: somebody answered already, or it is in the control group
    """
    actors.require(actor=actor, permission="engagement.answer_nextbestaction")
    actors.require(actor=actor, permission="customers.make_offer")
    with transaction.atomic():
        locked = _lock(action, version)
        living(customer_id=locked.customer_id)
        if locked.state in (ActionState.PROPOSED, ActionState.DEFERRED) and locked.group == "shown":
            still = _today(locked, at)
            if still is None or not still.passed:
                raise ValidationError(_("This does not pass every stage any more; see why."))
            offer = customers.make_offer(
                customer=Customer.objects.get(pk=locked.customer_id), kind="next-best-action",
                text=str(locked.product), product=locked.product, cost=Decimal(0),
                given_by=actor, at=at, channel=locked.channel,
                payload={"next_best_action_id": str(locked.pk)},
            )  # fmt: skip
            locked = records.change(record=locked, changes={"offer": offer}, actor=actor, at=at)
        return lifecycle.perform(record=locked, name="accept", actor=actor, at=at)


def defer_action(
    *, action: NextBestAction, until: date, actor: User, at: datetime, version: int | None = None
) -> NextBestAction:
    """
    Put it off until a day within half a year.

    :raises ValidationError: the day is not ahead, or too far
    """
    actors.require(actor=actor, permission="engagement.answer_nextbestaction")
    today = timezone.localdate(at)
    if not today < until <= today + LATEST:
        raise ValidationError({"until": _("Choose a day within the next six months.")})
    return _answered(action, "defer", {"deferred_until": until}, actor, at, version)


def reject_action(
    *,
    action: NextBestAction,
    refusal: str,
    actor: User,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> NextBestAction:
    """
    Say no, and why; the offer stays away for the reason's time, and the answer is learnt from.

    :raises ValidationError: no such reason
    """
    actors.require(actor=actor, permission="engagement.answer_nextbestaction")
    if refusal not in Refusal.values:
        raise ValidationError({"refusal": _("Choose a reason.")})
    return _answered(action, "reject", {"refusal": refusal}, actor, at, version, reason)


def _answered(
    action: NextBestAction, name: str, changes: dict[str, Any], actor: User, at: datetime,
    version: int | None, reason: str = "",
) -> NextBestAction:  # fmt: skip
    with transaction.atomic():
        locked = _lock(action, version)
        if locked.state in (ActionState.PROPOSED, ActionState.DEFERRED):
            locked = records.change(record=locked, changes=changes, actor=actor, at=at)
        return lifecycle.perform(
            record=locked, name=name, actor=actor, at=at, reason=reason.replace("\x00", "")[:500],
            payload={one: str(value) for one, value in changes.items()},
        )  # fmt: skip


def _today(action: NextBestAction, at: datetime) -> Candidate | None:
    people = selectors.commercial_customers(customer_ids=[action.customer_id])
    if not people:
        return None
    weighed = selectors.reckon(people=people, at=at)[action.customer_id]
    return next((one for one in weighed if one.product.pk == action.product_id), None)


def _proposal(customer: Customer, best: Candidate, today: date) -> NextBestAction:
    arbitration = best.verdicts[-1]
    return NextBestAction(
        customer_id=customer.pk,
        product=best.product,
        group=group_of(customer.pk),
        value=best.value,
        propensity=best.propensity,
        context=best.context,
        score=best.score,
        explanation={"arbitration": dict(arbitration.figures)},
        channel=str(best.verdicts[3].figures.get("channel", "")),
        proposed_on=today,
        expires_on=today + LASTS,
    )


def _lock(action: NextBestAction, version: int | None) -> NextBestAction:
    locked = (
        NextBestAction.objects.select_for_update(of=("self",))
        .select_related("product")
        .get(pk=action.pk)
    )
    if version is not None and locked.version != version:
        raise StaleVersion(locked.version)
    return locked
