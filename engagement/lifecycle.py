"""The machines of engagement: the enquiry until it is answered, the proposal until it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from engagement.models import Enquiry, NextBestAction

#: So long after an answer it can be taken up again; after that it is a new enquiry.
REOPENED_WITHIN = timedelta(days=30)


class EnquiryState(models.TextChoices):
    NEW = "NEW", _("New")
    ASSIGNED = "ASSIGNED", _("Assigned")
    WAITING = "WAITING", _("Waiting for the customer")
    ANSWERED = "ANSWERED", _("Answered")
    CLOSED = "CLOSED", _("Closed")
    REOPENED = "REOPENED", _("Reopened")


State = EnquiryState

#: States in which somebody of the bank or the customer is to do something.
OPEN_STATES = (State.NEW, State.ASSIGNED, State.WAITING, State.REOPENED)


@dataclass(frozen=True, slots=True)
class EnquiryFacts:
    """What lies outside the enquiry and matters to its guards."""

    at: datetime
    # Whether whoever has it may handle complaints.
    by_handler: bool = False
    # Whether the bank wrote so since the present state began.
    asked: bool = False
    answered: bool = False


@guard(_("Somebody has it"))
def somebody_has_it(enquiry: Enquiry, facts: EnquiryFacts) -> bool:
    return enquiry.assignee_id is not None


@guard(_("A complaint is with a complaints officer"))
def complaint_is_with_officer(enquiry: Enquiry, facts: EnquiryFacts) -> bool:
    return not enquiry.is_complaint or facts.by_handler


@guard(_("A question to the customer is written"))
def question_is_written(enquiry: Enquiry, facts: EnquiryFacts) -> bool:
    return facts.asked


@guard(_("An answer is written"))
def answer_is_written(enquiry: Enquiry, facts: EnquiryFacts) -> bool:
    return facts.answered


@guard(_("The root cause of a complaint is named"))
def cause_is_named(enquiry: Enquiry, facts: EnquiryFacts) -> bool:
    return not enquiry.is_complaint or enquiry.root_cause != ""


@guard(_("It was answered or closed in the last 30 days"))
def is_recent(enquiry: Enquiry, facts: EnquiryFacts) -> bool:
    since = enquiry.state_since
    return since is not None and facts.at - since <= REOPENED_WITHIN


class EnquiryLifecycle(models.Model):
    """NEW -> ASSIGNED -> WAITING -> ANSWERED -> CLOSED | REOPENED."""

    state = StateField(_("state"), choices=State.choices, default=State.NEW)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=[State.NEW, State.REOPENED],
        target=State.ASSIGNED,
        conditions=[somebody_has_it, complaint_is_with_officer],
        permission="engagement.assign_enquiry",
        custom={"label": _("Take up"), "policy": "EN-1"},
    )
    def assign(self) -> None: ...

    @transition(
        field=state,
        source=State.ASSIGNED,
        target=State.WAITING,
        conditions=[question_is_written],
        permission="engagement.ask_customer_enquiry",
        custom={"label": _("Ask the customer"), "policy": "EN-2"},
    )
    def ask_customer(self) -> None: ...

    @transition(
        field=state,
        source=State.WAITING,
        target=State.ASSIGNED,
        permission="engagement.resume_enquiry",
        custom={"label": _("Go on with it"), "policy": "EN-2"},
    )
    def resume(self) -> None: ...

    @transition(
        field=state,
        source=[State.ASSIGNED, State.WAITING],
        target=State.ANSWERED,
        conditions=[complaint_is_with_officer, answer_is_written, cause_is_named],
        permission="engagement.answer_enquiry",
        custom={"label": _("Answer"), "policy": "EN-3"},
    )
    def answer(self) -> None: ...

    @transition(
        field=state,
        source=State.ANSWERED,
        target=State.CLOSED,
        permission="engagement.close_enquiry",
        custom={"label": _("Close"), "policy": "EN-4"},
    )
    def close(self) -> None: ...

    @transition(
        field=state,
        source=[State.ANSWERED, State.CLOSED],
        target=State.REOPENED,
        conditions=[is_recent],
        permission="engagement.reopen_enquiry",
        custom={"label": _("Reopen"), "policy": "EN-5", "reason_required": True},
    )
    def reopen(self) -> None: ...


class ActionState(models.TextChoices):
    PROPOSED = "PROPOSED", _("Proposed")
    DEFERRED = "DEFERRED", _("Deferred")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REJECTED = "REJECTED", _("Rejected")
    EXPIRED = "EXPIRED", _("Expired")


@guard(_("The customer is not in the control group"))
def is_shown(action: NextBestAction, facts: None) -> bool:
    return action.group == "shown"


@guard(_("An offer was made to the customer"))
def offer_was_made(action: NextBestAction, facts: None) -> bool:
    return action.offer_id is not None


@guard(_("A later day is set"))
def later_day_is_set(action: NextBestAction, facts: None) -> bool:
    return action.deferred_until is not None and action.deferred_until > action.proposed_on


@guard(_("A reason is chosen"))
def reason_is_chosen(action: NextBestAction, facts: None) -> bool:
    return action.refusal != ""


class ActionLifecycle(models.Model):
    """PROPOSED -> ACCEPTED | DEFERRED | REJECTED | EXPIRED."""

    state = StateField(_("state"), choices=ActionState.choices, default=ActionState.PROPOSED)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=[ActionState.PROPOSED, ActionState.DEFERRED],
        target=ActionState.ACCEPTED,
        conditions=[is_shown, offer_was_made],
        permission="engagement.answer_nextbestaction",
        custom={"label": _("Accept"), "policy": "EN-6"},
    )
    def accept(self) -> None: ...

    @transition(
        field=state,
        source=ActionState.PROPOSED,
        target=ActionState.DEFERRED,
        conditions=[is_shown, later_day_is_set],
        permission="engagement.answer_nextbestaction",
        custom={"label": _("Later"), "policy": "EN-6"},
    )
    def defer(self) -> None: ...

    @transition(
        field=state,
        source=[ActionState.PROPOSED, ActionState.DEFERRED],
        target=ActionState.REJECTED,
        conditions=[is_shown, reason_is_chosen],
        permission="engagement.answer_nextbestaction",
        custom={"label": _("Reject"), "policy": "EN-6"},
    )
    def reject(self) -> None: ...

    @transition(
        field=state,
        source=ActionState.DEFERRED,
        target=ActionState.PROPOSED,
        permission="engagement.bring_back_nextbestaction",
        custom={"label": _("Bring back"), "policy": "EN-7", "automatic": True},
    )
    def bring_back(self) -> None: ...

    @transition(
        field=state,
        source=[ActionState.PROPOSED, ActionState.DEFERRED],
        target=ActionState.EXPIRED,
        permission="engagement.expire_nextbestaction",
        custom={"label": _("Expire"), "policy": "EN-7", "automatic": True},
    )
    def expire(self) -> None: ...
