"""Reading compliance culture: attestations, quality, late work by unit, escalations."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from math import ceil
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from clm.core import actors
from clm.core.intervals import wilson
from clm.core.lifecycle import RulesState
from clm.core.models import Event, User
from customers.models import Customer
from customers.selectors import reach_q
from kyc.culture.lifecycle import PolicyFacts
from kyc.lifecycle import AT_WORK, CaseState
from kyc.models import Attestation, Case, PolicyText, QualityReview, QualitySample, Trigger
from kyc.rating.selectors import PORTFOLIO

SEES = "kyc.view_culture"
WRITES = ("kyc.add_policytext", "kyc.approve_policytext")


@dataclass(frozen=True)
class Duty:
    """A policy that somebody is to attest."""

    user: User
    policy: PolicyText
    attested_at: datetime | None
    today: date

    @property
    def overdue(self) -> bool:
        return self.attested_at is None and self.policy.due_on < self.today


@dataclass(frozen=True)
class Quality:
    """What re-examining found, with how sure that is."""

    examined: int
    errors: int

    @property
    def rate(self) -> float | None:
        return self.errors / self.examined if self.examined else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(found=self.errors, of=self.examined)


@dataclass(frozen=True)
class Unit:
    """Late work of the customers of one branch."""

    name: str
    cases: int
    late_cases: int
    late_reviews: int

    @property
    def late(self) -> int:
        return self.late_cases + self.late_reviews


def policies() -> list[PolicyText]:
    """The version in force of each policy."""
    return list(PolicyText.objects.filter(state=RulesState.IN_FORCE).order_by("due_on", "code"))


def visible_policies(*, actor: User) -> QuerySet[PolicyText]:
    """Texts in force are everybody's; those that are to come are for who writes and publishes."""
    if any(actors.may(actor=actor, permission=one) for one in WRITES):
        return PolicyText.objects.all()
    return PolicyText.objects.filter(state__in=[RulesState.IN_FORCE, RulesState.RETIRED])


def policy_facts(*, records: Sequence[PolicyText], at: datetime) -> Mapping[UUID, PolicyFacts]:
    facts = PolicyFacts(today=timezone.localdate(at))
    return {one.pk: facts for one in records}


def policies_to_come(*, actor: User) -> list[PolicyText]:
    """Versions that are drafted, or wait for a second person."""
    return list(
        visible_policies(actor=actor)
        .filter(state__in=[RulesState.DRAFT, RulesState.PENDING])
        .order_by("code", "number")
    )


def duties(*, at: datetime, user: User | None = None) -> list[Duty]:
    """What people are to attest by their roles, the first due first; of one person, or of all."""
    today = timezone.localdate(at)
    people = User.objects.filter(is_active=True, is_robot=False)
    if user is not None:
        people = people.filter(pk=user.pk)
    known = {
        (policy, person): done
        for policy, person, done in Attestation.objects.filter(user__in=people).values_list(
            "policy", "user", "created_at"
        )
    }
    found = []
    texts = policies()
    if texts:
        for person in people.select_related("branch").prefetch_related("groups"):
            roles = {group.name for group in person.groups.all()}
            found += [
                Duty(person, one, known.get((one.pk, person.pk)), today)
                for one in texts
                if roles & set(one.roles)
            ]
    return sorted(found, key=lambda one: (one.policy.due_on, str(one.user)))


def by_role(found: Collection[Duty]) -> dict[str, tuple[int, int]]:
    """Of each role, how many duties are done, and how many there are."""
    done: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for one in found:
        for role in {group.name for group in one.user.groups.all()} & set(one.policy.roles):
            every[role] += 1
            done[role] += one.attested_at is not None
    return {role: (done[role], every[role]) for role in settings.CLM_ROLES if every[role]}


# Quality ----------------------------------------------------------------------------------------


def cleared_in(*, month: date) -> list[UUID]:
    """The cases that people cleared in a month, by its events: the same whenever it is asked."""
    begin, end = month_span(month)
    rows = Event.objects.filter(
        record_type=Case._meta.label, action="clear", source=CaseState.PENDING_APPROVAL,
        at__gte=begin, at__lt=end,
    )  # fmt: skip
    return sorted(set(rows.values_list("record_id", flat=True)))


def drawn(*, cases: Collection[UUID], percent: int, seed: str) -> list[UUID]:
    """A part of the cases, rounded up, in an order that only the seed decides."""
    order = sorted(cases, key=lambda pk: sha256(f"{seed}:{pk}".encode()).digest())
    return order[: ceil(len(order) * percent / 100)]


def month_span(month: date) -> tuple[datetime, datetime]:
    """From the first instant of a month up to the first of the next, in Copenhagen."""
    zone = timezone.get_default_timezone()
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return (
        datetime(first.year, first.month, 1, tzinfo=zone),
        datetime(after.year, after.month, 1, tzinfo=zone),
    )


def visible_reviews(*, actor: User) -> QuerySet[QualityReview]:
    """Cases of samples within the actor's reach; nothing for who may not see cases."""
    if not actors.may(actor=actor, permission="kyc.view_case"):
        return QualityReview.objects.none()
    return QualityReview.objects.filter(
        reach_q(actor=actor, prefix="case__customer__")
    ).select_related("sample", "case", "case__customer", "examiner")


def had_a_hand_in(*, case: Case) -> set[UUID]:
    """Whoever did anything on a case or decided one of its hits."""
    done = Event.objects.filter(record_id=case.pk, record_type=Case._meta.label)
    decided = case.hits.filter(decided_by__isnull=False).values_list("decided_by", flat=True)
    return {*done.values_list("actor", flat=True), *decided}


def quality(*, months: int, at: datetime) -> list[tuple[QualitySample, Quality]]:
    """The last samples with what was found, the oldest first."""
    samples = list(QualitySample.objects.order_by("-month")[:months])
    rows = (
        QualityReview.objects.filter(sample__in=samples)
        .values_list("sample")
        .annotate(
            examined=Count("pk", filter=~Q(verdict="")),
            errors=Count("pk", filter=Q(verdict="error")),
        )
    )
    found = {key: Quality(examined, errors) for key, examined, errors in rows}
    return [(one, found.get(one.pk, Quality(0, 0))) for one in reversed(samples)]


def error_kinds() -> dict[str, int]:
    """How often each kind of error was found."""
    rows = QualityReview.objects.filter(verdict="error").values_list("error_kind")
    return {str(kind): int(count) for kind, count in rows.annotate(count=Count("pk"))}


# Late work and escalations ----------------------------------------------------------------------


def cases_told(*, actor: User) -> QuerySet[Case]:
    """
    The cases that somebody may be told the number of: who may not see alerts is not told that
    there are cases on them either (AMLR art. 73).
    """
    if actors.may(actor=actor, permission="kyc.view_alert"):
        return Case.objects.all()
    return Case.objects.exclude(trigger=Trigger.ALERT)


def late_by_unit(*, actor: User, at: datetime) -> list[Unit]:
    """Open and late cases and late reviews, by the branch of the customer, the most first."""
    today = timezone.localdate(at)
    cases: dict[str, tuple[int, int]] = {}
    rows = (
        cases_told(actor=actor)
        .filter(state__in=[*AT_WORK, CaseState.PENDING_APPROVAL])
        .values_list("customer__branch__name")
        .annotate(
            every=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=at) & ~Q(state=CaseState.WAITING_FOR_CUSTOMER)),
        )
    )
    for name, every, late in rows:
        cases[name or ""] = (every, late)
    reviews = {
        name or "": count
        for name, count in Customer.objects.filter(
            stage__in=PORTFOLIO, merged_into=None, kyc_review_on__lt=today
        )
        .values_list("branch__name")
        .annotate(count=Count("pk"))
    }
    units = [
        Unit(name, *cases.get(name, (0, 0)), reviews.get(name, 0)) for name in {*cases, *reviews}
    ]
    return sorted(units, key=lambda one: (-one.late, one.name))


def late_by_person(*, actor: User, at: datetime) -> list[Unit]:
    """
    Open and late cases by who has them on the desk, the most late first; those that nobody has
    stand under no name.
    """
    rows = (
        cases_told(actor=actor)
        .filter(state__in=[*AT_WORK, CaseState.PENDING_APPROVAL])
        .values_list("assignee")
        .annotate(
            every=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=at) & ~Q(state=CaseState.WAITING_FOR_CUSTOMER)),
        )
    )
    found = {key: (every, late) for key, every, late in rows}
    people = User.objects.in_bulk([key for key in found if key])
    units = [
        Unit(str(people[key]) if key else "", every, late, 0)
        for key, (every, late) in found.items()
    ]
    return sorted(units, key=lambda one: (-one.late, -one.cases, one.name))


def escalations(*, actor: User, at: datetime, months: int = 6) -> list[tuple[date, int]]:
    """How many cases were escalated, month by month."""
    month = timezone.localdate(at).replace(day=1)
    found = []
    for _number in range(months):
        begin, end = month_span(month)
        count = Event.objects.filter(
            record_type=Case._meta.label,
            action="escalate",
            at__gte=begin,
            at__lt=end,
            record_id__in=cases_told(actor=actor).values("pk"),
        ).count()
        found.append((month, count))
        month = (month - timedelta(days=1)).replace(day=1)
    return list(reversed(found))


def escalated_now(*, actor: User) -> tuple[int, datetime | None]:
    """How many cases stand escalated, and since when the longest."""
    found = cases_told(actor=actor).filter(state=CaseState.ESCALATED)
    oldest = found.order_by(F("state_since").asc(nulls_last=True)).first()
    return found.count(), oldest.state_since if oldest else None
