"""The life of a suspicious-activity report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from kyc.models import SuspicionReport


class ReportState(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PENDING = "PENDING", _("Awaiting approval")
    APPROVED = "APPROVED", _("Approved")
    FILED = "FILED", _("Filed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What lies outside the report and matters to its guards."""

    faults: int = 0


@guard(_("Nothing is missing from the report"))
def is_complete(report: SuspicionReport, facts: ReportFacts | None) -> bool:
    return facts is not None and not facts.faults


class ReportLifecycle(models.Model):
    """DRAFT -> PENDING -> APPROVED -> FILED; whoever wrote it or asked cannot approve."""

    state = StateField(_("state"), choices=ReportState.choices, default=ReportState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=ReportState.DRAFT,
        target=ReportState.PENDING,
        conditions=[is_complete],
        permission="kyc.change_suspicionreport",
        custom={"label": _("Send for approval"), "policy": "SR-1"},
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=[ReportState.PENDING, ReportState.APPROVED],
        target=ReportState.DRAFT,
        permission="kyc.change_suspicionreport",
        custom={"label": _("Return to draft"), "policy": "SR-1", "reason_required": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=ReportState.PENDING,
        target=ReportState.APPROVED,
        permission="kyc.approve_suspicionreport",
        custom={
            "label": _("Approve"),
            "policy": "SR-2",
            "not_by": ("proposed_by", "written_by"),
        },
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=ReportState.APPROVED,
        target=ReportState.FILED,
        permission="kyc.file_suspicionreport",
        custom={"label": _("Record the receipt"), "policy": "SR-3"},
    )
    def file(self) -> None: ...

    @transition(
        field=state,
        source=ReportState.DRAFT,
        target=ReportState.WITHDRAWN,
        permission="kyc.change_suspicionreport",
        custom={"label": _("Withdraw"), "policy": "SR-4", "reason_required": True},
    )
    @transition(
        field=state,
        source=[ReportState.PENDING, ReportState.APPROVED],
        target=ReportState.WITHDRAWN,
        permission="kyc.approve_suspicionreport",
        custom={"label": _("Withdraw"), "policy": "SR-4", "reason_required": True},
    )
    def withdraw(self) -> None: ...
