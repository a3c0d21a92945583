"""Who works on cases, what each has on the desk, and how waiting cases would be shared out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from clm.core import actors, reading
from clm.core.clocks import add_business_hours
from clm.core.models import Approval, User
from customers.selectors import reach_q
from kyc.fair import PAUSED, PRESSING, Hand, Piece, share
from kyc.lifecycle import AT_WORK, CaseState
from kyc.models import Case, CaseTeam, CaseWorker
from kyc.rating.selectors import risk_model_in_force
from kyc.selectors.cases import queue

DECIDES = "kyc.decide_hit"
#: So many waiting cases are shared out at a time, the most pressing first.
AT_ONCE = 200
#: Hours for a case whose risk nobody has rated.
UNRATED = 2.0


@dataclass
class Desk:
    """A case worker with what lies on their desk, in hours weighted by level and deadline."""

    user: User
    hours_a_week: int
    away_until: date | None
    today: date
    cases: int = 0
    late: int = 0
    hours: float = 0.0

    @property
    def at_work(self) -> bool:
        away = self.away_until is not None and self.today < self.away_until
        return not away and self.hours_a_week > 0

    @property
    def share(self) -> float | None:
        """Of the week's time, how much is taken."""
        return self.hours / self.hours_a_week if self.hours_a_week else None

    @property
    def hand(self) -> Hand:
        return Hand(self.user.pk, self.user.username, self.hours, float(self.hours_a_week))


@dataclass(frozen=True)
class Planned:
    """A waiting case and who would get it; nobody where nobody at work may have it."""

    case: Case
    user: User | None
    hours: float


@dataclass
class Plan:
    """What sharing out would do, case by case, and each desk before and after."""

    rows: list[Planned] = field(default_factory=list)
    before: list[Desk] = field(default_factory=list)
    after: Mapping[UUID, tuple[int, float]] = field(default_factory=dict)


def shares_out() -> bool:
    """Whether new cases are given to people as they come."""
    return CaseTeam.objects.filter(shares_out=True).exists()


def case_workers() -> QuerySet[User]:
    """People whose role has them decide cases."""
    roles = [name for name, role in settings.CLM_ROLES.items() if DECIDES in role.permissions]
    people = User.objects.filter(is_active=True, is_robot=False, groups__name__in=roles)
    return people.distinct().order_by("first_name", "username")


def desks(*, at: datetime) -> list[Desk]:
    """Everybody who works on cases with what is on the desk, by name; two statements."""
    today = timezone.localdate(at)
    people = case_workers()
    workers = CaseWorker.objects.all()
    open_cases = Case.objects.filter(state__in=AT_WORK, assignee__isnull=False).values_list(
        "assignee_id", "risk", "state", "due_at"
    )
    reading.together(people, workers, open_cases)
    known = {one.user_id: one for one in workers}
    hours = _hours_by_level()
    soon = _soon(at)
    found: dict[UUID, Desk] = {}
    for user in people:
        row = known.get(user.pk)
        found[user.pk] = Desk(
            user=user,
            hours_a_week=row.hours_a_week if row else CaseWorker.USUAL_HOURS,
            away_until=row.away_until if row else None,
            today=today,
        )
    for user_id, risk, state, due_at in open_cases:
        desk = found.get(user_id)
        if desk is None:
            continue
        desk.cases += 1
        desk.hours += weight(risk=risk, state=state, due_at=due_at, soon=soon, hours=hours)
        desk.late += due_at is not None and due_at < at and state != CaseState.WAITING_FOR_CUSTOMER
    return list(found.values())


def weight(
    *, risk: str, state: str, due_at: datetime | None, soon: datetime, hours: Mapping[str, float]
) -> float:
    """
    What a case weighs on a desk: the hours that the risk model in force gives to its level;
    double when it is late or due within a working day, half while its customer is asked.
    """
    base = hours.get(risk, UNRATED)
    if state == CaseState.WAITING_FOR_CUSTOMER:
        return base * PAUSED
    return base * PRESSING if due_at is not None and due_at <= soon else base


def waiting_cases(*, actor: User) -> QuerySet[Case]:
    """Cases that nobody has and somebody should, the most pressing first."""
    return queue(actor=actor, tab="unassigned")


def plan(*, cases: Sequence[Case], at: datetime) -> Plan:
    """Who would get each of these cases, in their order."""
    before = desks(at=at)
    hands = [one for one in before if one.at_work]
    hours, soon = _hours_by_level(), _soon(at)
    barred = barred_from(cases=cases, people=[one.user for one in hands])
    pieces = [
        Piece(
            one.pk,
            weight(risk=one.risk, state=one.state, due_at=one.due_at, soon=soon, hours=hours),
            barred[one.pk],
        )
        for one in cases
    ]
    given = share(pieces=pieces, hands=[one.hand for one in hands])
    users = {one.user.pk: one.user for one in hands}
    after = {one.user.pk: (one.cases, one.hours) for one in before}
    rows = []
    for case, piece in zip(cases, pieces, strict=True):
        key = given[case.pk]
        rows.append(Planned(case, users[key] if key else None, piece.hours))
        if key:
            count, so_far = after[key]
            after[key] = (count + 1, so_far + piece.hours)
    return Plan(rows, before, after)


def barred_from(*, cases: Sequence[Case], people: Iterable[User]) -> Mapping[UUID, frozenset[UUID]]:
    """
    Who may not have which case: the customer's own adviser, who decided on it as second person
    before (it would be their own decision that is looked at), and whose reach it lies outside.
    """
    found: dict[UUID, set[UUID]] = defaultdict(set)
    advised = Case.objects.filter(pk__in=[one.pk for one in cases], customer__adviser__isnull=False)
    for pk, adviser in advised.values_list("pk", "customer__adviser"):
        found[pk].add(adviser)
    decided = Approval.objects.filter(
        ~Q(decision=Approval.Decision.VOIDED),
        record_type=Case._meta.label, record_id__in=[one.pk for one in cases],
        checker__isnull=False,
    )  # fmt: skip
    for pk, checker in decided.values_list("record_id", "checker"):
        found[pk].add(checker)
    for person in people:
        if actors.reach(actor=person) == "all":
            continue
        seen = set(
            Case.objects.filter(
                reach_q(actor=person, prefix="customer__"), pk__in=[one.pk for one in cases]
            ).values_list("pk", flat=True)
        )
        for one in cases:
            if one.pk not in seen:
                found[one.pk].add(person.pk)
    return defaultdict(frozenset, {pk: frozenset(keys) for pk, keys in found.items()})


def _hours_by_level() -> dict[str, float]:
    """The hours a case of a level takes, as the risk model in force says."""
    diligence = risk_model_in_force().diligence
    return {level: float(one.get("hours", UNRATED)) for level, one in diligence.items()}


def _soon(at: datetime) -> datetime:
    return add_business_hours(start=at, hours=8)
