"""Whether new customers begin to use what they have."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from clm.core.models import User
from onboarding.models import MILESTONES, Application, Sending, WelcomeMessage, WelcomePlan
from onboarding.selectors.applications import visible_applications

#: Who has not paid with us within so many days has not adopted what they opened.
WITHIN = timedelta(days=30)
WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Adoption:
    """
    Of the plans that began in the window and are old enough to tell, how many reached what.

    :param shares: by milestone, within 30 days; None where no plan is old enough
    :param days: median days from activation to the first payment
    """

    plans: int
    shares: dict[str, float | None]
    days: float | None
    sent: int
    skipped: int
    failed: int


def welcome_of(*, application: Application) -> WelcomePlan | None:
    """One application's plan with its messages."""
    found = WelcomePlan.objects.filter(application=application).prefetch_related("messages")
    return found.first()


def visible_plans(*, actor: User) -> QuerySet[WelcomePlan]:
    """The plans of applications that the actor reaches."""
    reach = visible_applications(actor=actor).order_by().values("pk")
    return WelcomePlan.objects.filter(application__in=reach).select_related(
        "application__customer", "application__product"
    )


def visible_messages(*, actor: User) -> QuerySet[WelcomeMessage]:
    """The messages to customers whose applications the actor reaches."""
    reach = visible_applications(actor=actor).order_by().values("pk")
    return WelcomeMessage.objects.filter(plan__application__in=reach).select_related(
        "plan__application"
    )


def adoption(*, at: datetime, plans: QuerySet[WelcomePlan] | None = None) -> Adoption:
    """How it goes: plans that began 30 to 120 days before."""
    every = WelcomePlan.objects.all() if plans is None else plans
    found = every.filter(begun_at__lte=at - WITHIN, begun_at__gt=at - WITHIN - WINDOW).order_by()
    reached: dict[str, Any] = {
        name: Count("pk", filter=Q(**{f"{name}_at__lte": F("begun_at") + WITHIN}))
        for name in MILESTONES
    }
    counts = found.aggregate(plans=Count("pk"), **reached)
    total = counts["plans"]
    pairs = found.filter(payment_at__isnull=False).values_list("begun_at", "payment_at")
    days = [(first - begun) / timedelta(days=1) for begun, first in pairs if first]
    gone = WelcomeMessage.objects.filter(plan__in=every.order_by().values("pk")).filter(
        done_at__gt=at - WINDOW, done_at__lte=at
    )
    by_end = dict(gone.order_by().values_list("sending").annotate(n=Count("pk")))
    return Adoption(
        plans=total,
        shares={name: counts[name] / total if total else None for name in MILESTONES},
        days=median(days) if days else None,
        sent=by_end.get(Sending.SENT, 0),
        skipped=by_end.get(Sending.SKIPPED, 0),
        failed=by_end.get(Sending.FAILED, 0),
    )


def not_begun(*, actor: User, at: datetime, limit: int = 50) -> list[WelcomePlan]:
    """Who has had an account for ten days and more and has not paid with it, the longest first."""
    found = visible_plans(actor=actor).filter(
        payment_at=None, begun_at__lte=at - timedelta(days=10), begun_at__gt=at - WINDOW
    )
    return list(found.order_by("begun_at", "id")[:limit])
