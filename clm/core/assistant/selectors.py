"""Reading articles, and how the assistant did."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Q, QuerySet

from clm.core.assistant.models import Answer, Article, Outcome
from clm.core.lifecycle import RulesState
from clm.core.models import User

WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Figures:
    """How the assistant did in the window; None where nobody asked."""

    asked: int
    answered: float | None
    unknown: float | None
    handed_over: float | None
    seconds: float | None


def visible_articles(*, actor: User) -> QuerySet[Article]:
    """Every version: they hold nothing of anybody."""
    return Article.objects.all()


def articles_in_force() -> QuerySet[Article]:
    return Article.objects.filter(state=RulesState.IN_FORCE).order_by("name")


def figures(*, at: datetime) -> Figures:
    found = Answer.objects.filter(at__gt=at - WINDOW, at__lte=at)
    counts = found.aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(outcome=Outcome.ANSWERED)),
        unknown=Count("pk", filter=Q(outcome=Outcome.UNKNOWN)),
        handed_over=Count("pk", filter=Q(handed_over_at__isnull=False)),
    )
    asked = counts["asked"]
    if not asked:
        return Figures(0, None, None, None, None)
    seconds = median(found.values_list("seconds", flat=True))
    return Figures(
        asked=asked,
        answered=counts["answered"] / asked,
        unknown=counts["unknown"] / asked,
        handed_over=counts["handed_over"] / asked,
        seconds=seconds,
    )


def not_known(*, limit: int = 20) -> QuerySet[Answer]:
    """What was not answered lately, for who writes articles."""
    found = Answer.objects.exclude(outcome=Outcome.ANSWERED).exclude(words="")
    return found.order_by("-at")[:limit]
