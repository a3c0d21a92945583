"""The KYC case's machine: who may take it where, and what must be true first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from kyc.models import Case


class CaseState(models.TextChoices):
    OPEN = "OPEN", _("Open")
    CHECKING = "CHECKING", _("Checking")
    TRIAGE = "TRIAGE", _("Triage")
    INVESTIGATING = "INVESTIGATING", _("Investigating")
    WAITING_FOR_CUSTOMER = "WAITING_FOR_CUSTOMER", _("Waiting for the customer")
    ESCALATED = "ESCALATED", _("Escalated")
    PENDING_APPROVAL = "PENDING_APPROVAL", _("Pending approval")
    CLEARED = "CLEARED", _("Cleared")
    REJECTED = "REJECTED", _("Rejected")
    REOPENED = "REOPENED", _("Reopened")


ENDED = (CaseState.CLEARED, CaseState.REJECTED)
#: States in which a person has work to do.
AT_WORK = (
    CaseState.TRIAGE,
    CaseState.INVESTIGATING,
    CaseState.ESCALATED,
    CaseState.REOPENED,
    CaseState.WAITING_FOR_CUSTOMER,
)
CLEAR = "kyc.clear"
REJECT = "kyc.reject"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What lies outside the case and matters to its guards."""

    open_hits: int = 0
    true_hits: int = 0
    failed_checks: int = 0
    open_discrepancies: int = 0
    checks_done: bool = False
    risk: str = ""
    #: As the customer's record has it.
    recorded_risk: str = ""


@guard(_("All checks have run"))
def checks_have_run(case: Case, facts: CaseFacts) -> bool:
    return facts.checks_done


@guard(_("No screening hit is open"))
def no_hit_is_open(case: Case, facts: CaseFacts) -> bool:
    return facts.open_hits == 0


@guard(_("No hit is the listed person"))
def no_hit_is_true(case: Case, facts: CaseFacts) -> bool:
    return facts.true_hits == 0


@guard(_("No difference from a company register stands open"))
def no_discrepancy_is_open(case: Case, facts: CaseFacts) -> bool:
    return facts.open_discrepancies == 0


@guard(_("Every check has passed"))
def every_check_has_passed(case: Case, facts: CaseFacts) -> bool:
    return facts.failed_checks == 0


@guard(_("The risk is rated"))
def risk_is_rated(case: Case, facts: CaseFacts) -> bool:
    return facts.risk != ""


@guard(_("The risk is low"))
def risk_is_low(case: Case, facts: CaseFacts) -> bool:
    return facts.risk == "low"


@guard(_("The risk is not lowered"))
def risk_is_not_lowered(case: Case, facts: CaseFacts) -> bool:
    # A look at some checks leaves a higher risk as it stands.
    return facts.recorded_risk in ("", "low") or not case.is_whole


class CaseLifecycle(models.Model):
    state = StateField(_("state"), choices=CaseState.choices, default=CaseState.OPEN)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=[CaseState.OPEN, CaseState.REOPENED],
        target=CaseState.CHECKING,
        permission="kyc.start_checks_case",
        custom={"label": _("Run the checks"), "policy": "KY-1"},
    )
    def start_checks(self) -> None: ...

    @transition(
        field=state,
        source=CaseState.CHECKING,
        target=CaseState.TRIAGE,
        conditions=[checks_have_run],
        permission="kyc.triage_case",
        custom={"label": _("Hand to a person"), "policy": "KY-2"},
    )
    def triage(self) -> None: ...

    @transition(
        field=state,
        source=[
            CaseState.TRIAGE,
            CaseState.ESCALATED,
            CaseState.REOPENED,
            CaseState.WAITING_FOR_CUSTOMER,
            CaseState.PENDING_APPROVAL,
        ],
        target=CaseState.INVESTIGATING,
        permission="kyc.investigate_case",
        custom={"label": _("Investigate"), "policy": "KY-3", "voids": True},
    )
    def investigate(self) -> None: ...

    @transition(
        field=state,
        source=[CaseState.TRIAGE, CaseState.INVESTIGATING],
        target=CaseState.WAITING_FOR_CUSTOMER,
        permission="kyc.ask_customer_case",
        custom={"label": _("Ask the customer"), "policy": "KY-4", "reason_required": True},
    )
    def ask_customer(self) -> None: ...

    @transition(
        field=state,
        source=[CaseState.TRIAGE, CaseState.INVESTIGATING],
        target=CaseState.ESCALATED,
        permission="kyc.escalate_case",
        custom={"label": _("Escalate"), "policy": "KY-5", "reason_required": True},
    )
    def escalate(self) -> None: ...

    @transition(
        field=state,
        source=[CaseState.TRIAGE, CaseState.INVESTIGATING, CaseState.ESCALATED],
        target=CaseState.PENDING_APPROVAL,
        conditions=[
            checks_have_run,
            no_hit_is_open,
            no_hit_is_true,
            no_discrepancy_is_open,
            risk_is_rated,
        ],
        permission="kyc.propose_clearance_case",
        custom={
            "label": _("Propose clearance"),
            "policy": "KY-6",
            "opens": CLEAR,
            "reason_required": True,
        },
    )
    def propose_clearance(self) -> None: ...

    @transition(
        field=state,
        source=[CaseState.TRIAGE, CaseState.INVESTIGATING, CaseState.ESCALATED],
        target=CaseState.PENDING_APPROVAL,
        conditions=[no_hit_is_open],
        permission="kyc.propose_rejection_case",
        custom={
            "label": _("Propose rejection"),
            "policy": "KY-7",
            "opens": REJECT,
            "reason_required": True,
        },
    )
    def propose_rejection(self) -> None: ...

    @transition(
        field=state,
        source=CaseState.PENDING_APPROVAL,
        target=CaseState.CLEARED,
        conditions=[checks_have_run, no_hit_is_open, no_hit_is_true, risk_is_rated],
        permission="kyc.clear_case",
        custom={"label": _("Clear"), "policy": "KY-8", "four_eyes": CLEAR},
    )
    @transition(
        field=state,
        source=CaseState.CHECKING,
        target=CaseState.CLEARED,
        conditions=[
            checks_have_run,
            no_hit_is_open,
            no_hit_is_true,
            every_check_has_passed,
            risk_is_low,
            risk_is_not_lowered,
        ],
        permission="kyc.clear_case",
        custom={"label": _("Clear straight through"), "policy": "KY-9", "automatic": True},
    )
    def clear(self) -> None: ...

    @transition(
        field=state,
        source=CaseState.PENDING_APPROVAL,
        target=CaseState.REJECTED,
        conditions=[no_hit_is_open],
        permission="kyc.reject_case",
        custom={"label": _("Reject"), "policy": "KY-8", "four_eyes": REJECT},
    )
    def reject(self) -> None: ...

    @transition(
        field=state,
        source=list(ENDED),
        target=CaseState.REOPENED,
        permission="kyc.reopen_case",
        custom={"label": _("Reopen"), "policy": "KY-10", "reason_required": True},
    )
    def reopen(self) -> None: ...
