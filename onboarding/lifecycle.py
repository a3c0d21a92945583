"""The application's machine: who may move it where, and what must be true first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from onboarding.models import Application


class ApplicationState(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Submitted")
    VERIFYING = "VERIFYING", _("Being verified")
    IN_REVIEW = "IN_REVIEW", _("In review")
    INFORMATION_REQUESTED = "INFORMATION_REQUESTED", _("Waiting for the customer")
    APPROVED = "APPROVED", _("Approved")
    ACTIVATED = "ACTIVATED", _("Activated")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    EXPIRED = "EXPIRED", _("Expired")


State = ApplicationState

# In these the next step is the machine's, and a page waits for it by itself.
PENDING_STATES = (State.SUBMITTED, State.VERIFYING, State.APPROVED)
CLOSED_STATES = (State.ACTIVATED, State.DECLINED, State.WITHDRAWN, State.EXPIRED)
OPEN_STATES = tuple(state for state in State if state not in CLOSED_STATES)
ANSWERABLE_STATES = (State.DRAFT, State.INFORMATION_REQUESTED)


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What lies outside the application and matters to its guards."""

    open_answers: int = 0
    open_checks: int = 0
    open_documents: int = 0
    kyc_cleared: bool = False
    restricted: bool = False
    low_risk: bool = False
    basic_account: bool = False


@guard(_("All required answers are given"))
def answers_are_given(application: Application, facts: ApplicationFacts) -> bool:
    return facts.open_answers == 0


@guard(_("All checks by the officer are done"))
def checks_are_done(application: Application, facts: ApplicationFacts) -> bool:
    return facts.open_checks == 0


@guard(_("The documents that are required are accepted"))
def documents_are_accepted(application: Application, facts: ApplicationFacts) -> bool:
    return facts.open_documents == 0


@guard(_("KYC is cleared"))
def kyc_is_cleared(application: Application, facts: ApplicationFacts) -> bool:
    return facts.kyc_cleared


@guard(_("The customer is not restricted"))
def is_not_restricted(application: Application, facts: ApplicationFacts) -> bool:
    return not facts.restricted


@guard(_("The checks went straight through at low risk"))
def went_straight_through(application: Application, facts: ApplicationFacts) -> bool:
    return application.straight_through and facts.low_risk


@guard(_("A basic payment account is refused for a ground that the law knows, told in a letter"))
def ground_is_given(application: Application, facts: ApplicationFacts) -> bool:
    return not facts.basic_account or bool(application.refusal_ground)


@guard(_("An officer is assigned"))
def officer_is_assigned(application: Application, facts: ApplicationFacts) -> bool:
    return application.officer_id is not None


@guard(_("A product is chosen"))
def product_is_chosen(application: Application, facts: ApplicationFacts) -> bool:
    return application.product_id is not None


class ApplicationLifecycle(models.Model):
    state = StateField(_("state"), choices=State.choices, default=State.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.SUBMITTED,
        conditions=[product_is_chosen, answers_are_given],
        permission="onboarding.submit_application",
        custom={"label": _("Submit"), "policy": "ON-1"},
    )
    def submit(self) -> None: ...

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.VERIFYING,
        permission="onboarding.begin_verification_application",
        custom={"label": _("Begin verification"), "policy": "ON-2", "automatic": True},
    )
    def begin_verification(self) -> None: ...

    @transition(
        field=state,
        source=State.VERIFYING,
        target=State.IN_REVIEW,
        permission="onboarding.refer_application",
        custom={"label": _("Refer to an officer"), "policy": "ON-3", "automatic": True},
    )
    def refer(self) -> None: ...

    @transition(
        field=state,
        source=[State.VERIFYING, State.IN_REVIEW],
        target=State.INFORMATION_REQUESTED,
        conditions=[officer_is_assigned],
        permission="onboarding.request_information_application",
        custom={"label": _("Ask the customer"), "policy": "ON-5", "reason_required": True},
    )
    def request_information(self) -> None: ...

    @transition(
        field=state,
        source=State.INFORMATION_REQUESTED,
        target=State.VERIFYING,
        conditions=[answers_are_given],
        permission="onboarding.resume_application",
        custom={"label": _("Resume"), "policy": "ON-6"},
    )
    def resume(self) -> None: ...

    @transition(
        field=state,
        source=State.IN_REVIEW,
        target=State.APPROVED,
        conditions=[
            answers_are_given,
            checks_are_done,
            documents_are_accepted,
            kyc_is_cleared,
            is_not_restricted,
            officer_is_assigned,
        ],
        permission="onboarding.approve_application",
        custom={"label": _("Approve"), "policy": "ON-4"},
    )
    @transition(
        field=state,
        source=State.VERIFYING,
        target=State.APPROVED,
        conditions=[
            answers_are_given,
            checks_are_done,
            documents_are_accepted,
            kyc_is_cleared,
            is_not_restricted,
            went_straight_through,
        ],
        permission="onboarding.approve_application",
        custom={"label": _("Approve"), "policy": "ON-4a", "automatic": True},
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=State.IN_REVIEW,
        target=State.DECLINED,
        conditions=[officer_is_assigned, ground_is_given],
        permission="onboarding.decline_application",
        custom={"label": _("Decline"), "policy": "ON-7", "reason_required": True},
    )
    def decline(self) -> None: ...

    @transition(
        field=state,
        source=[
            State.DRAFT,
            State.SUBMITTED,
            State.VERIFYING,
            State.IN_REVIEW,
            State.INFORMATION_REQUESTED,
        ],
        target=State.WITHDRAWN,
        permission="onboarding.withdraw_application",
        custom={"label": _("Withdraw"), "policy": "ON-8"},
    )
    def withdraw(self) -> None: ...

    @transition(
        field=state,
        source=[State.DRAFT, State.INFORMATION_REQUESTED],
        target=State.EXPIRED,
        permission="onboarding.expire_application",
        custom={"label": _("Expire"), "policy": "ON-9", "automatic": True},
    )
    def expire(self) -> None: ...

    @transition(
        field=state,
        source=State.APPROVED,
        target=State.ACTIVATED,
        conditions=[kyc_is_cleared, is_not_restricted],
        permission="onboarding.activate_application",
        custom={"label": _("Activate"), "policy": "ON-10", "automatic": True},
    )
    def activate(self) -> None: ...
