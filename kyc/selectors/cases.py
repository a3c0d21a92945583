"""Which cases and hits somebody sees, the facts of guards, and the queues."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from clm.core import actors, reading
from clm.core.models import Approval, User
from customers.models import Customer
from customers.selectors import reach_q
from kyc.checks import for_kind
from kyc.lifecycle import AT_WORK, CLEAR, REJECT, CaseFacts, CaseState
from kyc.models import (
    Case,
    Check,
    CheckResult,
    Hit,
    HitState,
    RegisterDiscrepancy,
    Trigger,
    VersionState,
    Watchlist,
    WatchlistVersion,
)
from kyc.rating.subjects import is_exposed_only
from kyc.selectors.registers import settle_by

TABS = ("mine", "approve", "team", "unassigned")


def visible_cases(*, actor: User) -> QuerySet[Case]:
    """Cases within the actor's reach; nothing without the permission, wherever it is asked from."""
    if not actors.may(actor=actor, permission="kyc.view_case"):
        return Case.objects.none()
    return Case.objects.filter(reach_q(actor=actor, prefix="customer__")).select_related(
        "customer", "assignee"
    )


def visible_hits(*, actor: User) -> QuerySet[Hit]:
    """Hits of cases within the actor's reach."""
    if not actors.may(actor=actor, permission="kyc.view_hit"):
        return Hit.objects.none()
    return Hit.objects.filter(reach_q(actor=actor, prefix="customer__")).select_related(
        "customer", "entry", "watchlist", "decided_by"
    )


def visible_watchlists(*, actor: User) -> QuerySet[Watchlist]:
    """Lists are the same for everybody who may see them."""
    if not actors.may(actor=actor, permission="kyc.view_watchlist"):
        return Watchlist.objects.none()
    return Watchlist.objects.prefetch_related(
        Prefetch(
            "versions",
            WatchlistVersion.objects.filter(standing=VersionState.IN_FORCE),
            to_attr="in_force",
        )
    )


def case_facts(*, records: Sequence[Case], at: datetime) -> Mapping[UUID, CaseFacts]:
    """The facts of the guards for many cases, in five queries."""
    ids = [record.pk for record in records]
    hits: dict[UUID, Mapping[str, Any]] = {
        row["case"]: row
        for row in Hit.objects.filter(case__in=ids)
        .values("case")
        .annotate(open=Count("pk", filter=Q(status=HitState.OPEN)))
    }
    # Who is only politically exposed, or written about, is no listed party: it is weighed by
    # people, and bars nobody by itself.
    true = Counter(
        case_id
        for case_id, programmes in Hit.objects.filter(
            case__in=ids, status=HitState.TRUE_MATCH
        ).values_list("case_id", "entry__programmes")
        if not is_exposed_only(programmes)
    )
    done: dict[UUID, Mapping[str, Any]] = {
        row["case"]: row
        for row in Check.objects.filter(case__in=ids, round=F("case__round"))
        .values("case")
        .annotate(count=Count("pk"), failed=Count("pk", filter=Q(result=CheckResult.FAILED)))
    }
    customers = {
        pk: (kind, level)
        for pk, kind, level in Customer.objects.filter(
            pk__in={one.customer_id for one in records}
        ).values_list("pk", "kind", "risk_level")
    }
    differing = Counter(
        RegisterDiscrepancy.objects.filter(customer__in=list(customers), outcome="").values_list(
            "customer", flat=True
        )
    )
    return {
        record.pk: CaseFacts(
            open_discrepancies=differing[record.customer_id],
            open_hits=hits.get(record.pk, {}).get("open", 0),
            true_hits=true[record.pk],
            failed_checks=done.get(record.pk, {}).get("failed", 0),
            # A round runs in one transaction, with every check there was: one that came with a
            # later version of the platform is asked in the next round, and by the list of gaps.
            checks_done=record.pk in done
            or not for_kind(customers[record.customer_id][0], asked=record.asked),
            risk=record.risk,
            recorded_risk=customers[record.customer_id][1],
        )
        for record in records
    }


def day_asked(*, case: Case) -> date | None:
    """
    The day by which what a case was opened for wants its answer: the last of the fourteen days of
    a difference from a register, the day of a review, the last day of an identity document. None
    where it asks for none: then the clock of ordinary cases counts.
    """
    if case.trigger == Trigger.REGISTER_DISCREPANCY:
        return settle_by(customer_id=case.customer_id)
    if case.trigger in (Trigger.REVIEW, Trigger.RULES_CHANGED):
        return case.customer.kyc_review_on
    if case.trigger == Trigger.DOCUMENT_EXPIRY:
        told = [one["facts"].get("on") for one in case.because]
        return max((date.fromisoformat(one) for one in told if one), default=None)
    return None


def waiting_approval(*, actor: User) -> QuerySet[Case]:
    """Cases on which the actor may be the second person."""
    asked = Approval.objects.filter(
        record_type=Case._meta.label, action__in=[CLEAR, REJECT], decision=""
    ).exclude(maker=actor)
    return visible_cases(actor=actor).filter(
        state=CaseState.PENDING_APPROVAL, pk__in=asked.values("record_id")
    )


def queue(*, actor: User, tab: str) -> QuerySet[Case]:
    """
    A tab of the queue, most pressing first.

    :param tab: `mine`, `approve`, `team` (all open ones) or `unassigned`
    """
    if tab == "approve":
        found = waiting_approval(actor=actor)
    elif tab == "unassigned":
        found = visible_cases(actor=actor).filter(state__in=AT_WORK, assignee=None)
    elif tab == "team":
        found = visible_cases(actor=actor).filter(state__in=[*AT_WORK, CaseState.PENDING_APPROVAL])
    else:
        found = visible_cases(actor=actor).filter(state__in=AT_WORK, assignee=actor)
    return found.filter(due_at__isnull=False).order_by("due_at", "pk")


def counts(*, actor: User) -> dict[str, int]:
    """How many wait on each tab."""
    numbers = {tab: _number(queue(actor=actor, tab=tab)) for tab in TABS}
    reading.together(*numbers.values())
    return {tab: sum(number) for tab, number in numbers.items()}


def _number(cases: QuerySet[Case]) -> QuerySet[Case, int]:
    """How many, as a queryset that can be read together with others."""
    rows = cases.select_related(None).order_by().annotate(every=Value(1)).values("every")
    return rows.annotate(count=Count("pk")).values_list("count", flat=True)


def with_work(cases: Sequence[Case]) -> list[Case]:
    """Cases with what their row says: hits, failed checks, and who asked for approval."""
    ids = [case.pk for case in cases]
    found_hits = (
        Hit.objects.filter(case__in=ids).select_related("watchlist").order_by("-score", "pk")
    )
    failures = Check.objects.filter(
        case__in=ids, result=CheckResult.FAILED, round=F("case__round")
    ).values_list("case", "kind")
    questions = Approval.objects.filter(record_id__in=ids, decision="").select_related("maker")
    reading.together(found_hits, failures, questions)
    hits: dict[UUID, list[Hit]] = {}
    for hit in found_hits:
        hits.setdefault(hit.case_id, []).append(hit)
    failed: dict[UUID, list[str]] = {}
    for case_id, kind in failures:
        failed.setdefault(case_id, []).append(kind)
    asked = {one.record_id: one for one in questions}
    for case in cases:
        found: Any = case
        found.all_hits = hits.get(case.pk, [])
        found.open_hits = [one for one in found.all_hits if one.status == HitState.OPEN]
        found.failed = failed.get(case.pk, [])
        found.question = asked.get(case.pk)
    return list(cases)


def earlier_decisions(*, hit: Hit) -> list[Hit]:
    """What was decided before about this customer and this listed party, newest first."""
    return list(
        Hit.objects.filter(customer=hit.customer_id, entry=hit.entry_id)
        .exclude(pk=hit.pk)
        .exclude(status=HitState.OPEN)
        .select_related("decided_by")
        .order_by("-decided_at")[:10]
    )


@dataclass(frozen=True)
class ListChange:
    """A list's newest version with the hits that are open on it, and a version held back."""

    watchlist: Watchlist
    version: WatchlistVersion | None
    held: WatchlistVersion | None
    hits: int


def list_changes() -> list[ListChange]:
    """Every list with what its version in force changed."""
    lists = list(Watchlist.objects.order_by("name"))
    versions = {
        (one.watchlist_id, one.standing): one
        for one in WatchlistVersion.objects.filter(
            standing__in=[VersionState.IN_FORCE, VersionState.HELD]
        )
    }
    hits = dict(
        Hit.objects.filter(status=HitState.OPEN)
        .values_list("watchlist")
        .annotate(count=Count("pk"))
    )
    return [
        ListChange(
            one,
            versions.get((one.pk, VersionState.IN_FORCE)),
            versions.get((one.pk, VersionState.HELD)),
            hits.get(one.pk, 0),
        )
        for one in lists
    ]


def portfolio_risk() -> dict[str, int]:
    """Customers the bank has by risk level; the empty level is not rated yet."""
    rows = (
        Customer.objects.filter(stage__in=["ACTIVE", "AT_RISK", "DORMANT"])
        .values_list("risk_level")
        .annotate(count=Count("pk"))
    )
    return {str(level): int(count) for level, count in rows}


def overdue_reviews(*, now: datetime | None = None) -> list[tuple[int, int]]:
    """Reviews past their day: how many by 30, 60, 90 and more days."""
    today = timezone.localdate(now)
    late = Customer.objects.filter(
        stage__in=["ACTIVE", "AT_RISK", "DORMANT"], kyc_review_on__lt=today
    )
    spans = [(1, 30), (31, 60), (61, 90), (91, 100_000)]
    wanted = {
        f"from{first}": Count(
            "pk",
            filter=Q(
                kyc_review_on__lte=today - timedelta(days=first),
                kyc_review_on__gte=today - timedelta(days=min(last, 36_500)),
            ),
        )
        for first, last in spans
    }
    found = late.aggregate(**wanted)
    return [(first, int(found[f"from{first}"])) for first, _last in spans]
