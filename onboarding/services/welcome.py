"""After activation: the plan begins, milestones are noted, messages go out."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext_noop

from clm.core import actors, messages, records
from clm.core.messages import Parcel, Refused, Unreachable
from clm.core.models import Event
from customers.models import BY_THE_BANK, Customer, SignIn, Transaction, TransactionKind
from customers.selectors import may_contact, reached_at
from onboarding import welcome
from onboarding.models import MILESTONES, Application, Sending, WelcomeMessage, WelcomePlan

#: So long it is looked whether the customer has begun to use what they have.
WATCHED = timedelta(days=90)
TRIES = 8
#: The kind of booking that shows a milestone.
_SHOWN_BY = {TransactionKind.SALARY.value: "salary", TransactionKind.CARD.value: "card"}
Clock = Callable[[], datetime]


def begin_welcome(*, event: Event, at: datetime) -> None:
    """An application is activated: its plan, and each message of it with the day it is due."""
    application = Application.objects.get(pk=event.record_id)
    if WelcomePlan.objects.filter(application=application).exists():
        return
    system = actors.system_user()
    plan = records.create(
        record=WelcomePlan(application=application, begun_at=event.at), actor=system, at=at
    )
    WelcomeMessage.objects.bulk_create(
        WelcomeMessage(
            plan=plan,
            step=step.key,
            due_at=messages.next_moment(at=event.at + step.after, selling=step.sells),
        )
        for step in welcome.steps().values()
    )


def note_milestones(*, at: datetime, limit: int = 500, after: UUID | None = None) -> UUID | None:
    """
    Note what customers have done for the first time since their plans began.

    :returns: the last plan that was looked at, to go on after; None when there are no more
    """
    open_ones = Q()
    for name in MILESTONES:
        open_ones |= Q(**{f"{name}_at": None})
    found = WelcomePlan.objects.filter(open_ones, begun_at__gt=at - WATCHED, begun_at__lte=at)
    if after is not None:
        found = found.filter(pk__gt=after)
    plans = list(found.select_related("application").order_by("pk")[:limit])
    if not plans:
        return None
    firsts = _firsts(plans, at)
    for plan in plans:
        changes = {
            f"{name}_at": when
            for (owner, name), found_at in firsts.items()
            if owner == plan.application.customer_id and plan.reached(name) is None
            for when in found_at
            if when >= plan.begun_at
        }
        if changes:
            records.change(
                record=plan, changes=changes, actor=actors.system_user(), at=at,
                payload={"milestones": sorted(name.removesuffix("_at") for name in changes)},
            )  # fmt: skip
    return plans[-1].pk


def _firsts(plans: Sequence[WelcomePlan], at: datetime) -> dict[tuple[UUID, str], list[datetime]]:
    """
    When each customer did what, the latest first, in two statements.

    A booking has a day and no time: noon of it, or the instant of activation on that very day.
    """
    found: dict[tuple[UUID, str], list[datetime]] = defaultdict(list)
    begun = {one.application.customer_id: one.begun_at for one in plans}
    begin = min(begun.values())
    logins = SignIn.objects.filter(
        customer_id__in=begun, outcome=SignIn.Outcome.IN, at__gte=begin, at__lte=at
    )
    for owner, when in logins.values_list("customer_id", "at").order_by("-at"):
        found[owner, "login"].append(when)
    booked = Transaction.objects.filter(
        customer_id__in=begun, holding__isnull=False, booked_on__gte=begin.date(),
        booked_on__lte=at.date(),
    ).exclude(kind__in=BY_THE_BANK)  # fmt: skip
    days = booked.values("customer_id", "booked_on", "kind").annotate(least=Min("amount"))
    for row in days.order_by("-booked_on", "kind"):
        owner, day = row["customer_id"], row["booked_on"]
        if day < begun[owner].date():
            continue
        when = max(datetime.combine(day, time(12), UTC), begun[owner])
        if row["least"] < 0:
            found[owner, "payment"].append(when)
        if row["kind"] in _SHOWN_BY:
            found[owner, _SHOWN_BY[row["kind"]]].append(when)
    return found


@dataclass(frozen=True)
class _Decision:
    """What becomes of a message now: a parcel to send, a later instant, or why not."""

    parcel: Parcel | None = None
    later: datetime | None = None
    why: str = ""


def send_message(*, message_id: UUID, clock: Clock) -> bool:
    """
    Send one claimed message, if it is still to be; whether it went.

    It is judged, sent and marked in three steps; no lock is held while a channel is talked to.
    The consent is asked for in the first of them, not when the plan was made.
    """
    at = clock()
    message = (
        WelcomeMessage.objects.filter(pk=message_id, sending=Sending.WAITING)
        .select_related("plan__application__customer")
        .first()
    )
    if message is None:
        return False
    decision = _judge(message, at)
    if decision.later is not None:
        WelcomeMessage.objects.filter(pk=message_id, sending=Sending.WAITING).update(
            due_at=decision.later, attempts=0
        )
        return False
    if decision.parcel is None:
        _end(message, Sending.SKIPPED, clock(), why=decision.why)
        return False
    try:
        messages.send(decision.parcel)
    except Refused as refusal:
        _end(message, Sending.FAILED, clock(), channel=decision.parcel.channel, why=str(refusal))
        return False
    except Unreachable as trouble:
        if message.attempts >= TRIES:
            _end(message, Sending.FAILED, clock(), why=str(trouble))
        return False
    return _end(message, Sending.SENT, clock(), channel=decision.parcel.channel)


def _judge(message: WelcomeMessage, at: datetime) -> _Decision:
    step = welcome.steps().get(message.step)
    if step is None:
        return _Decision(why=gettext_noop("The plan has no such step any more"))
    if message.plan.reached(step.unless):
        return _Decision(why=gettext_noop("The customer has done it already"))
    moment = messages.next_moment(at=at, selling=step.sells)
    if moment > at:
        return _Decision(later=moment)
    customer = message.plan.application.customer
    reason = gettext_noop("No channel of the step is set up")
    for channel in step.channels:
        if not messages.available(channel):
            continue
        answer = may_contact(customer=customer, purpose=step.purpose, channel=channel, at=at)
        address = _address(customer, channel)
        if not answer.allowed or not address:
            reason = answer.reason if not answer.allowed else reason
            continue
        language = "da" if customer.language == "da" else "en"
        return _Decision(
            Parcel(
                id=message.pk, channel=channel, address=address, subject=step.title[language],
                text=step.text[language], language=language, at=at,
            )
        )  # fmt: skip
    return _Decision(why=reason)


def _address(customer: Customer, channel: str) -> str:
    if channel == "push":
        return messages.push_reference(customer_id=customer.pk)
    return reached_at(customer=customer, channel=channel)


def _end(
    message: WelcomeMessage, sending: Sending, at: datetime, *, channel: str = "", why: str = ""
) -> bool:
    """Mark it, once; the event says by which channel, never where to."""
    with transaction.atomic():
        marked = WelcomeMessage.objects.filter(pk=message.pk, sending=Sending.WAITING).update(
            sending=sending, done_at=at, channel=channel, note=why[:300]
        )
        if marked:
            application = message.plan.application
            records.note(
                record=application, action=f"welcome_{sending}", actor=actors.system_user(), at=at,
                payload={"customer_id": str(application.customer_id), "step": message.step,
                         "channel": channel},
            )  # fmt: skip
    return bool(marked) and sending == Sending.SENT
