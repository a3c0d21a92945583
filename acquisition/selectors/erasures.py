"""Which leads are past their time, and the erasures of such."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from acquisition.lifecycle import LeadState
from acquisition.models import Lead, LeadErasure, LeadOffer, LeadStep, LeadTouch, StepOutcome
from acquisition.selectors.results import midnight
from clm.core.models import User
from customers.law.rules import RetentionRule
from customers.selectors.laws import law_on
from customers.services.stages import years_later

CATEGORY = "leads"


@dataclass(frozen=True, slots=True)
class Past:
    """
    The rule for leads today, and how many it is time for.

    :param quiet_since: leads that were last heard of before this day are past their time
    """

    rule: RetentionRule
    law: str
    quiet_since: date
    leads: int


def past_their_time(*, quiet_since: date) -> QuerySet[Lead]:
    """
    Leads last heard of before a day: come in, moved on, touched, offered something or called.

    Who became a customer is kept and erased with the customer.
    """
    border = midnight(quiet_since)
    touched = LeadTouch.objects.filter(lead=OuterRef("pk")).order_by().values("lead")
    offered = LeadOffer.objects.filter(lead=OuterRef("pk")).order_by().values("lead")
    called = (
        LeadStep.objects.filter(lead=OuterRef("pk"), outcome=StepOutcome.DONE)
        .order_by()
        .values("lead")
    )
    return (
        Lead.objects.filter(created_at__lt=border, erased_at=None, customer=None)
        .filter(Q(state_since=None) | Q(state_since__lt=border))
        .exclude(state=LeadState.CONVERTED)
        .annotate(
            heard_at=Greatest(
                F("created_at"),
                Subquery(touched.annotate(last=Max("at")).values("last")),
                Subquery(offered.annotate(last=Max("made_at")).values("last")),
                Subquery(called.annotate(last=Max("done_at")).values("last")),
            )
        )
        .filter(heard_at__lt=border)
        .order_by("pk")
    )


def past_today(*, at: datetime) -> Past:
    """What the law set in force says of leads, and how many are past it."""
    today = timezone.localdate(at)
    law = law_on(country=settings.CLM_COUNTRY, on=today)
    rule = next(one for one in law.retention if one.category == CATEGORY)
    day = years_later(today, -rule.years)
    return Past(
        rule=rule,
        law=_("%(law)s, version %(number)s: %(source)s")
        % {"law": law.name, "number": law.number, "source": rule.source},
        quiet_since=day,
        leads=past_their_time(quiet_since=day).count(),
    )


def visible_erasures(*, actor: User) -> QuerySet[LeadErasure]:
    """Erasures are the bank's: whoever may see one sees all."""
    return LeadErasure.objects.order_by("-created_at", "-id")
