"""Who sees which reports; asked wherever one could be come upon. The answer to all others: none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from xml.etree.ElementTree import Element as Node

from django.db.models import Q, QuerySet
from django.utils import timezone

from clm.core import actors
from clm.core.models import User
from customers.models import Customer, Transaction
from customers.selectors import surviving
from customers.selectors.duplicates import records_of
from kyc.models import SuspicionEntry, SuspicionGrant, SuspicionReport
from kyc.suspicion import document
from kyc.suspicion.lifecycle import ReportFacts, ReportState
from kyc.suspicion.subjects import subject_of

SEE = "kyc.view_suspicionreport"
SEE_GRANTED = "kyc.read_granted_suspicionreport"
TABS: Mapping[str, tuple[ReportState, ...]] = {
    "work": (ReportState.DRAFT, ReportState.APPROVED),
    "approve": (ReportState.PENDING,),
    "filed": (ReportState.FILED,),
    "withdrawn": (ReportState.WITHDRAWN,),
}
#: How far back and how many transactions are offered to choose from.
OFFERED_DAYS, OFFERED = 400, 200


def is_compliance(*, actor: User) -> bool:
    """
    Whether all reports are open to them: by their role alone.

    A superuser, who has every permission, is nobody of compliance; nor is a program.
    """
    if actors.is_system(actor):
        return True
    return not actor.is_robot and not actor.is_superuser and actors.may(actor=actor, permission=SEE)


def visible_reports(*, actor: User, on: date) -> QuerySet[SuspicionReport]:
    """All of them to compliance; to an auditor those that were opened to them and still are."""
    found = SuspicionReport.objects.select_related(
        "customer", "written_by", "proposed_by", "approved_by", "case", "alert"
    )
    if is_compliance(actor=actor):
        return found
    if actor.is_robot or not actors.may(actor=actor, permission=SEE_GRANTED):
        return found.none()
    open_now = SuspicionGrant.objects.filter(reader=actor, withdrawn_at=None, until__gte=on)
    return found.filter(pk__in=open_now.values("report"))


def waiting_reports(*, actor: User) -> int:
    """How many reports wait for this second person; 0 to everybody who approves none."""
    if not is_compliance(actor=actor) or not actors.may(
        actor=actor, permission="kyc.approve_suspicionreport"
    ):
        return 0
    waiting = SuspicionReport.objects.filter(state=ReportState.PENDING)
    return waiting.exclude(Q(proposed_by=actor) | Q(written_by=actor)).count()


def reports_about(*, customer: Customer, actor: User) -> list[SuspicionReport]:
    """The reports about a customer, the newest first; nothing to who is not of compliance."""
    if not is_compliance(actor=actor):
        return []
    about = records_of(customer=customer)
    return list(SuspicionReport.objects.filter(customer__in=about).order_by("-created_at"))


def customer_now(*, report: SuspicionReport) -> Customer:
    """The customer as it stands: the record that the report's own became, if it was merged."""
    into = surviving(customer_id=report.customer_id)
    return report.customer if into is None else Customer.everyone.get(pk=into)


def transactions_in(*, report: SuspicionReport) -> list[Transaction]:
    """The transactions that the report includes, in the order of their days."""
    about = records_of(customer=customer_now(report=report))
    return list(
        Transaction.objects.filter(pk__in=report.transactions, customer__in=about)
        .select_related("holding__product", "other_account")
        .order_by("booked_on", "pk")
    )


def transactions_offered(*, report: SuspicionReport, on: date) -> list[Transaction]:
    """Those it includes, and the customer's newest, the newest first."""
    chosen: Collection[UUID] = report.transactions
    since = on - timedelta(days=OFFERED_DAYS)
    of = Transaction.objects.filter(customer__in=records_of(customer=customer_now(report=report)))
    of = of.select_related("holding__product", "other_account").order_by("-booked_on", "-pk")
    newest = list(of.filter(booked_on__gte=since).exclude(pk__in=chosen)[:OFFERED])
    held = list(of.filter(pk__in=chosen))
    return sorted([*held, *newest], key=lambda one: (one.booked_on, one.pk), reverse=True)


def tree_of(*, report: SuspicionReport, reporter: User | None, at: datetime) -> Node:
    """The report as XML, as it stands now."""
    customer = customer_now(report=report)
    return document.build(
        report=report,
        subject=subject_of(customer=customer, on=timezone.localdate(at)),
        transactions=transactions_in(report=report),
        reporter=reporter,
        at=at,
    )


def report_facts(*, records: Sequence[SuspicionReport], at: datetime) -> Mapping[UUID, ReportFacts]:
    """What is wrong with each draft, counted; the others are what they were sent as."""
    return {
        one.pk: ReportFacts(
            len(document.faults(tree_of(report=one, reporter=None, at=at))) if one.in_draft else 0
        )
        for one in records
    }


@dataclass(frozen=True)
class Told:
    """An entry of a report's history with what people wrote."""

    entry: SuspicionEntry
    reason: str


def history_of(*, report: SuspicionReport, limit: int = 100) -> list[Told]:
    """What happened to the report and who looked at it, the newest first."""
    entries = report.entries.select_related("actor", "words").order_by("-sequence")[:limit]
    told = []
    for one in entries:
        words = one.words.content if hasattr(one, "words") else {}
        told.append(Told(one, str(words.get("reason", ""))))
    return told


def auditors() -> list[User]:
    """Who a report can be opened to."""
    found = User.objects.filter(is_active=True, is_robot=False, groups__name="auditor")
    return list(found.distinct().order_by("first_name", "username"))
