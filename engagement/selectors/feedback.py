"""Reading surveys, answers and what they add up to."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core.clocks import ZONE
from clm.core.models import User
from customers import selectors as customers
from customers.selectors.commercial import with_commercial_customer
from engagement.measures import Figure, figure
from engagement.models import BAD_TO, GOOD_FROM, Feedback, Measure, Sending, Survey, Theme

#: Figures look back so long.
WINDOW = timedelta(days=90)
MONTHS = 12


@dataclass(frozen=True)
class Month:
    """One month of one measure."""

    first: datetime
    figure: Figure


def visible_surveys(*, actor: User) -> QuerySet[Survey]:
    """All surveys: what is asked is no secret; who answered obeys the reach."""
    del actor
    return Survey.objects.all()


def visible_feedback(*, actor: User) -> QuerySet[Feedback]:
    """Answers of customers within reach, and what nobody known said."""
    reach = customers.reach_q(actor=actor, prefix="customer__")
    found = Feedback.objects.filter(reach | Q(customer=None) if reach else reach)
    return with_commercial_customer(queryset=found).select_related("survey", "theme")


def answers(
    *,
    actor: User,
    measure: str = "",
    band: str = "",
    origin: str = "",
    theme: UUID | None = None,
    customer: UUID | None = None,
) -> QuerySet[Feedback]:
    """What lies behind a figure, within the actor's reach."""
    found = visible_feedback(actor=actor)
    if measure in Measure.values:
        found = found.filter(measure=measure)
    if band in ("good", "between", "bad"):
        found = found.filter(_band(band))
    if origin:
        found = found.filter(origin=origin)
    if theme is not None:
        found = found.filter(theme_id=theme)
    if customer is not None:
        found = found.filter(customer_id=customer)
    return found


def figures(*, at: datetime, survey: Survey | None = None) -> list[Figure]:
    """Each measure over the last 90 days, with its interval; of one survey alone, that one's."""
    found = Feedback.objects.filter(said_at__gt=at - WINDOW, said_at__lte=at, score__isnull=False)
    if survey is not None:
        found = found.filter(survey=survey)
    scores: dict[str, list[int]] = defaultdict(list)
    for measure, score, count in (
        found.order_by().values_list("measure", "score").annotate(Count("pk"))
    ):
        scores[measure] += [score] * count
    wanted = [survey.measure] if survey else Measure.values
    return [figure(measure=one, scores=scores[one]) for one in wanted]


def trend(*, measure: str, at: datetime, survey: Survey | None = None) -> list[Month]:
    """The measure month by month over a year; a month with too few answers has no value."""
    first = timezone.localtime(at, ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    found = Feedback.objects.filter(
        measure=measure, score__isnull=False, said_at__gte=months[-1], said_at__lte=at
    )
    if survey is not None:
        found = found.filter(survey=survey)
    rows = found.annotate(month=TruncMonth("said_at", tzinfo=ZONE)).order_by()
    scores: dict[tuple[int, int], list[int]] = defaultdict(list)
    for month, score, count in rows.values_list("month", "score").annotate(Count("pk")):
        scores[month.year, month.month] += [score] * count
    return [
        Month(one, figure(measure=measure, scores=scores[one.year, one.month]))
        for one in reversed(months)
    ]


def themes() -> QuerySet[Theme]:
    """The themes of the newest run, with the texts and how many of them are unhappy."""
    unhappy = Q()
    for measure, border in BAD_TO.items():
        unhappy |= Q(texts__measure=measure, texts__score__lte=border)
    return Theme.objects.annotate(unhappy=Count("texts", filter=unhappy)).order_by("-count", "id")


def sendings(*, survey: Survey) -> list[tuple[Any, int]]:
    """How many invitations stand where, and how many answered."""
    rows = survey.invitations.order_by().values_list("sending").annotate(Count("pk"))
    found = dict(rows)
    answered = survey.invitations.filter(answered_at__isnull=False).count()
    counts: list[tuple[Any, int]] = [
        (one.label, found[one.value]) for one in Sending if one.value in found
    ]
    return [*counts, (_("Answered"), answered)]


def latest_feedback(*, customer_id: UUID, actor: User) -> QuerySet[Feedback]:
    """What one customer said last; the customer is at hand already."""
    reach = customers.reach_q(actor=actor, prefix="customer__")
    found = Feedback.objects.filter(reach, customer_id=customer_id).order_by("-said_at", "-id")
    return found[:3]


def _band(band: str) -> Q:
    bad, good = Q(), Q()
    for measure in Measure:
        bad |= Q(measure=measure, score__lte=BAD_TO[measure])
        good |= Q(measure=measure, score__gte=GOOD_FROM[measure])
    if band == "between":
        return Q(score__isnull=False) & ~bad & ~good
    return bad if band == "bad" else good
