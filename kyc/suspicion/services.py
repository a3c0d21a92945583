"""Writing reports. Each call leaves its entry in the reports' own chain, and nothing anywhere else."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, crypto, lifecycle, records
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from customers.models import Customer
from kyc.models import Alert, Case, SuspicionGrant, SuspicionReport
from kyc.suspicion import chain, document, selectors
from kyc.suspicion.lifecycle import ReportState

CONTEXT = "kyc.SuspicionReport"
_WRITTEN = ("kind", "reason", "action", "indicators", "transactions", "rates")


def start_report(
    *,
    customer: Customer,
    actor: User,
    at: datetime,
    case: Case | None = None,
    alert: Alert | None = None,
) -> SuspicionReport:
    """
    Begin a draft about a customer; from an alert it has the alert's transactions.

    :raises PermissionDenied: `actor` writes no reports; a program never does
    """
    _demand(actor, "kyc.add_suspicionreport")
    kind = SuspicionReport.Kind.SAR if alert is None else SuspicionReport.Kind.STR
    report = SuspicionReport(
        customer=customer, case=case, alert=alert, kind=kind, written_by=actor,
        transactions=list(alert.transactions) if alert is not None else [],
    )  # fmt: skip
    origin = {"case_id": case and str(case.pk), "alert_id": alert and str(alert.pk)}
    return records.create(
        record=report, actor=actor, at=at, payload={k: v for k, v in origin.items() if v}
    )


def write_report(
    *,
    report: SuspicionReport,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> SuspicionReport:
    """
    Change what a draft says; whoever changes it has written it, and cannot approve it.

    :raises TransitionRefused: it is no draft any more
    :raises StaleVersion: somebody else changed it since it was read
    """
    _demand(actor, "kyc.change_suspicionreport")
    with transaction.atomic():
        held = SuspicionReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not held.in_draft:
            raise TransitionRefused([_("The report is a draft")])
        changes = {name: changes[name] for name in _WRITTEN if name in changes}
        differ = any(getattr(held, name) != value for name, value in changes.items())
        writer = {"written_by": actor} if differ else {}
        return records.change(
            record=held, changes={**changes, **writer}, actor=actor, at=at, version=version
        )


def propose_report(
    *, report: SuspicionReport, actor: User, at: datetime, version: int | None = None
) -> SuspicionReport:
    """Send a draft for approval as the XML that it is now; nothing of it changes from here on."""
    _demand(actor, "kyc.change_suspicionreport")
    with transaction.atomic():
        held = SuspicionReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        content = document.written(selectors.tree_of(report=held, reporter=actor, at=at))
        digest = sha256(content).digest()
        sealed = crypto.encrypt(plaintext=content.decode(), context=CONTEXT)
        return lifecycle.perform(
            record=held, name="propose", actor=actor, at=at, version=version,
            changes={"proposed_by": actor, "document": sealed, "digest": digest},
            payload={"sha256": digest.hex(), "transactions": len(held.transactions)},
        )  # fmt: skip


def return_report(
    *, report: SuspicionReport, actor: User, at: datetime, reason: str, version: int | None = None
) -> SuspicionReport:
    """Back to draft, with the reason; the XML that was sent is thrown away."""
    _demand(actor, "kyc.change_suspicionreport")
    return lifecycle.perform(
        record=report, name="send_back", actor=actor, at=at, reason=reason, version=version,
        changes={"proposed_by": None, "approved_by": None, "document": "", "digest": None},
    )  # fmt: skip


def approve_report(
    *, report: SuspicionReport, actor: User, at: datetime, version: int | None = None
) -> SuspicionReport:
    """
    Approve what was sent, as second person.

    :raises TransitionRefused: `actor` wrote it or asked
    """
    _demand(actor, "kyc.approve_suspicionreport")
    return lifecycle.perform(
        record=report, name="approve", actor=actor, at=at, version=version,
        changes={"approved_by": actor}, payload={"sha256": bytes(report.digest or b"").hex()},
    )  # fmt: skip


def file_report(
    *,
    report: SuspicionReport,
    receipt: str,
    filed_at: datetime,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> SuspicionReport:
    """
    Record that the file was handed in at the authority's portal, and the receipt it gave.

    :raises ValidationError: no receipt, or an instant that lies ahead
    """
    _demand(actor, "kyc.file_suspicionreport")
    if not receipt.strip():
        raise ValidationError({"receipt": _("The receipt’s number is needed.")})
    if filed_at > at:
        raise ValidationError({"filed_at": _("This lies ahead.")})
    return lifecycle.perform(
        record=report, name="file", actor=actor, at=at, version=version,
        changes={"receipt": receipt.strip()[:60], "filed_at": filed_at},
        payload={"receipt": receipt.strip()[:60], "filed_at": filed_at},
    )  # fmt: skip


def withdraw_report(
    *, report: SuspicionReport, actor: User, at: datetime, reason: str, version: int | None = None
) -> SuspicionReport:
    """Decide not to report, with the reason; the record of it stays."""
    _demand(actor, "kyc.change_suspicionreport")
    return lifecycle.perform(
        record=report, name="withdraw", actor=actor, at=at, reason=reason, version=version
    )


def file_content(*, report: SuspicionReport, actor: User, at: datetime) -> bytes:
    """
    The XML to hand in, as it was approved; that it was fetched is written down.

    :raises TransitionRefused: nobody has approved it
    """
    _demand(actor, "kyc.file_suspicionreport")
    held = SuspicionReport.objects.get(pk=report.pk)
    if held.state not in {ReportState.APPROVED, ReportState.FILED} or not held.document:
        raise TransitionRefused([_("The report is approved")])
    content = document_of(report=held)
    payload = {"sha256": sha256(content).hexdigest()}
    chain.note(report=held, action="download", actor=actor, at=at, payload=payload)
    return content


def document_of(*, report: SuspicionReport) -> bytes:
    """The XML as it was sent for approval; empty where it was not, or is erased."""
    if not report.document:
        return b""
    return crypto.decrypt(token=report.document, context=CONTEXT).encode()


def note_read(*, report: SuspicionReport, actor: User, at: datetime) -> None:
    """Write down that somebody opened the report; here, not in the log of accesses."""
    chain.note(report=report, action="read", actor=actor, at=at)


def give_access(
    *, report: SuspicionReport, reader: User, reason: str, until: date, actor: User, at: datetime
) -> SuspicionGrant:
    """
    Open one report to one auditor until a day.

    :raises ValidationError: no auditor, no reason, or a day that is past
    """
    _demand(actor, "kyc.grant_suspicionreport")
    if reader not in selectors.auditors():
        raise ValidationError({"reader": _("A report is opened to an auditor.")})
    if until < timezone.localdate(at):
        raise ValidationError({"until": _("This day is past.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    with transaction.atomic():
        SuspicionGrant.objects.filter(report=report, reader=reader, withdrawn_at=None).update(
            withdrawn_at=at
        )
        grant = SuspicionGrant.objects.create(
            report=report, reader=reader, reason=reason.strip()[:300], given_by=actor,
            given_at=at, until=until,
        )  # fmt: skip
        chain.note(
            report=report, action="grant", actor=actor, at=at,
            payload={"reader_id": str(reader.pk), "until": until}, detail={"reason": grant.reason},
        )  # fmt: skip
    return grant


def withdraw_access(*, grant: SuspicionGrant, actor: User, at: datetime) -> None:
    """Close a report to a reader; twice is once."""
    _demand(actor, "kyc.grant_suspicionreport")
    with transaction.atomic():
        held = SuspicionGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
        if held.withdrawn_at is not None:
            return
        SuspicionGrant.objects.filter(pk=held.pk).update(withdrawn_at=at)
        chain.note(
            report=held.report, action="revoke", actor=actor, at=at,
            payload={"reader_id": str(held.reader_id)},
        )  # fmt: skip


def _demand(actor: User, permission: str) -> None:
    allowed = selectors.is_compliance(actor=actor) and not actor.is_robot
    if not (allowed and actors.may(actor=actor, permission=permission)):
        raise PermissionDenied(_("You may not do this."))
