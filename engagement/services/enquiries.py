"""Opening, working and answering enquiries; complaints by whoever handles complaints."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors, clocks, events, lifecycle, records
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import Event, User
from customers.models import Customer
from engagement import selectors
from engagement.lifecycle import OPEN_STATES
from engagement.lifecycle import EnquiryState as State
from engagement.models import Channel, Enquiry, EnquiryMessage, Kind, Priority, Said
from engagement.selectors.enquiries import HANDLES
from engagement.service_levels import hours_for
from engagement.services.parties import living

LONGEST = 4000
#: So many of one customer's may be open at once.
MOST = 20


def open_enquiry(
    *,
    customer: Customer,
    subject: str,
    text: str,
    actor: User,
    at: datetime,
    kind: str = Kind.QUESTION,
    channel: str = Channel.APP,
    priority: str = Priority.NORMAL,
) -> Enquiry:
    """
    Take down what a customer asks or complains of; its clock begins.

    The same words again while the first wait are the first.

    :raises PermissionDenied: `actor` may not
    :raises ValidationError: a code is unknown, words are missing or too long, too many are open,
        or the customer is erased
    """
    actors.require(actor=actor, permission="engagement.add_enquiry")
    subject, text = _line(subject), _words(text, name="text")
    if priority not in Priority.values or kind not in Kind.values:
        raise ValidationError(_("There is no such kind or priority."))
    with transaction.atomic():
        customer = living(customer_id=customer.pk)
        # The customer's row orders those who come at once: the same twice is one.
        Customer.objects.select_for_update(of=("self",)).only("pk").get(pk=customer.pk)
        waiting = list(Enquiry.objects.filter(customer=customer, state__in=OPEN_STATES))
        for one in waiting:
            first = one.messages.first()
            same = first is not None and first.text == text
            if (one.kind, one.subject) == (kind, subject) and same:
                return one
        if len(waiting) >= MOST:
            raise ValidationError(_("Several of these wait for an answer already."))
        tier = selectors.service_level(customer=customer, at=at)
        hours = hours_for(kind=kind, priority=priority, tier=tier)
        enquiry = records.create(
            record=Enquiry(
                customer=customer, kind=kind, channel=channel, priority=priority, tier=tier,
                subject=subject, due_at=clocks.add_business_hours(start=at, hours=hours),
            ),
            actor=actor,
            at=at,
            payload={
                "customer_id": str(customer.pk), "kind": kind, "channel": channel,
                "priority": priority, "tier": str(tier),
            },
        )  # fmt: skip
        _say(enquiry, Said.CUSTOMER, text, actor, at)
    return enquiry


def assign_enquiry(
    *, enquiry: Enquiry, assignee: User, actor: User, at: datetime, version: int | None = None
) -> Enquiry:
    """
    Give an open enquiry to somebody; a new or reopened one is taken up by that.

    :raises PermissionDenied: `actor` may not
    :raises ValidationError: it is answered, or a complaint is given to who handles none
    :raises StaleVersion: somebody else changed it since `version`
    """
    actors.require(actor=actor, permission="engagement.assign_enquiry")
    with transaction.atomic():
        locked = _lock(enquiry, version)
        if locked.state not in OPEN_STATES:
            raise ValidationError(_("It is answered already."))
        needed = HANDLES if locked.is_complaint else "engagement.answer_enquiry"
        if not actors.may(actor=assignee, permission=needed):
            raise ValidationError({"assignee": _("This person cannot be given it.")})
        locked = records.change(record=locked, changes={"assignee": assignee}, actor=actor, at=at)
        if locked.state in (State.NEW, State.REOPENED):
            locked = lifecycle.perform(record=locked, name="assign", actor=actor, at=at)
    return locked


def ask_customer(
    *, enquiry: Enquiry, text: str, actor: User, at: datetime, version: int | None = None
) -> Enquiry:
    """
    Ask the customer something; the clock stands still until they answer.

    :raises TransitionRefused: it is not being worked on
    """
    actors.require(actor=actor, permission="engagement.ask_customer_enquiry")
    return _write(enquiry, Said.QUESTION, "ask_customer", text, actor, at, version)


def answer_enquiry(
    *,
    enquiry: Enquiry,
    text: str,
    actor: User,
    at: datetime,
    root_cause: str = "",
    version: int | None = None,
) -> Enquiry:
    """
    Answer the customer. Of two who answer at once the second is told that it is done.

    A complaint's root cause is told of as an event of its own, at the time the complaint came.

    :raises PermissionDenied: `actor` may not, or handles no complaints
    :raises TransitionRefused: it is not being worked on, or a complaint has no root cause
    """
    actors.require(actor=actor, permission="engagement.answer_enquiry")
    if enquiry.is_complaint:
        actors.require(actor=actor, permission=HANDLES)
    with transaction.atomic():
        locked = _lock(enquiry, version)
        if root_cause and locked.state in OPEN_STATES:
            locked = records.change(
                record=locked, changes={"root_cause": root_cause}, actor=actor, at=at
            )
        done = _write(locked, Said.ANSWER, "answer", text, actor, at, None)
        if done.is_complaint:
            records.note(
                record=done, action=f"complaint_{done.root_cause}", actor=actor, at=at,
                payload={
                    "customer_id": str(done.customer_id), "channel": done.channel,
                    "root_cause": done.root_cause, "happened_at": done.created_at.isoformat(),
                },
            )  # fmt: skip
    return done


def customer_writes(*, enquiry: Enquiry, text: str, actor: User, at: datetime) -> Enquiry:
    """
    What the customer adds: an answer to what was asked lets the clock run again, and one after
    the bank's answer takes the matter up again within 30 days.

    :raises ValidationError: no words, or it lies too far back: then it is a new enquiry
    """
    if actors.only_reach(actor) != enquiry.customer_id:
        raise PermissionDenied(_("You may not do this."))
    words = _words(text, name="text")
    with transaction.atomic():
        locked = _lock(enquiry, None)
        system = actors.system_user()
        if locked.state in (State.ANSWERED, State.CLOSED):
            try:
                locked = lifecycle.perform(
                    record=locked, name="reopen", actor=system, at=at,
                    reason=_("The customer wrote again"),
                )  # fmt: skip
            except TransitionRefused as refusal:
                raise ValidationError(
                    {"text": _("This was answered long ago. Please ask anew.")}
                ) from refusal
        elif locked.state == State.WAITING:
            locked = lifecycle.perform(record=locked, name="resume", actor=system, at=at)
        _say(locked, Said.CUSTOMER, words, actor, at)
    return locked


def change_enquiry(
    *,
    enquiry: Enquiry,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Enquiry:
    """
    Correct the kind, the priority or the root cause; a new priority is a new deadline, counted
    from when the enquiry came, without the hours in which the customer was asked.

    :raises ValidationError: it is answered, or a field is not changed here
    """
    actors.require(actor=actor, permission="engagement.change_enquiry")
    unknown = changes.keys() - {"kind", "priority", "root_cause"}
    if unknown:
        raise ValidationError({name: _("This field cannot be changed here.") for name in unknown})
    with transaction.atomic():
        locked = _lock(enquiry, version)
        if locked.state not in OPEN_STATES:
            raise ValidationError(_("It is answered already."))
        kind = changes.get("kind", locked.kind)
        priority = changes.get("priority", locked.priority)
        if kind not in Kind.values or priority not in Priority.values:
            raise ValidationError(_("There is no such kind or priority."))
        values = dict(changes)
        if (kind, priority) != (locked.kind, locked.priority) and locked.state != State.WAITING:
            within = hours_for(kind=kind, priority=priority, tier=locked.tier)
            hours = within + _stood_still(locked)
            values["due_at"] = clocks.add_business_hours(start=locked.created_at, hours=hours)
        return records.change(record=locked, changes=values, actor=actor, at=at)


def resume_clock(*, event: Event, at: datetime) -> None:
    """An enquiry taken up after the customer was asked has the time that was left then; once."""
    enquiry = Enquiry.objects.get(pk=event.record_id)
    asked = (
        events.for_record(enquiry)
        .filter(target=State.WAITING, sequence__lt=event.sequence)
        .order_by("-sequence")
        .first()
    )
    if asked is None or _moved(enquiry, event):
        return
    due_at = clocks.resumed(due_at=enquiry.due_at, paused_at=asked.at, at=event.at)
    _set_clock(enquiry, due_at, at)


def restart_clock(*, event: Event, at: datetime) -> None:
    """A reopened enquiry has its time anew; once."""
    enquiry = Enquiry.objects.get(pk=event.record_id)
    if _moved(enquiry, event):
        return
    hours = hours_for(kind=enquiry.kind, priority=enquiry.priority, tier=enquiry.tier)
    _set_clock(enquiry, clocks.add_business_hours(start=event.at, hours=hours), at)


def _stood_still(enquiry: Enquiry) -> float:
    """Opening hours in which the customer was asked and had not answered."""
    hours, since = 0.0, None
    for step in events.for_record(enquiry).exclude(target="").order_by("sequence"):
        if since is not None:
            hours += clocks.business_hours_between(start=since, end=step.at)
        since = step.at if step.target == State.WAITING else None
    return hours


def _moved(enquiry: Enquiry, event: Event) -> bool:
    changes = events.for_record(enquiry).filter(action="change", cause_id=event.pk)
    return changes.exists()


def _set_clock(enquiry: Enquiry, due_at: datetime, at: datetime) -> None:
    records.change(record=enquiry, changes={"due_at": due_at}, actor=actors.system_user(), at=at)


def _write(
    enquiry: Enquiry, said: Said, step: str, text: str, actor: User, at: datetime,
    version: int | None,
) -> Enquiry:  # fmt: skip
    words = _words(text, name="text")
    with transaction.atomic():
        locked = _lock(enquiry, version)
        _say(locked, said, words, actor, at)
        return lifecycle.perform(record=locked, name=step, actor=actor, at=at)


def _say(enquiry: Enquiry, said: Said, text: str, actor: User, at: datetime) -> None:
    EnquiryMessage.objects.create(enquiry=enquiry, said=said, text=text, at=at, by=actor)


def _lock(enquiry: Enquiry, version: int | None) -> Enquiry:
    locked = Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)
    if version is not None and locked.version != version:
        raise StaleVersion(locked.version)
    return locked


def _line(text: str) -> str:
    """One line without control characters."""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if not line:
        raise ValidationError({"subject": _("Write what it is about.")})
    if len(line) > 120:
        raise ValidationError({"subject": _("Write it shorter: at most 120 characters.")})
    return line


def _words(text: str, *, name: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise ValidationError({name: _("Write something.")})
    if len(words) > LONGEST:
        raise ValidationError({name: _("Write it shorter: at most 4,000 characters.")})
    return words
