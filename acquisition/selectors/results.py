"""
What campaigns and channels brought: the funnel, customers, cost and return.

Counts are over all leads of the bank, whoever asks, because cost is the whole campaign's;
the lists behind a number show what the reader reaches.

- A lead counts in every step it reached or passed; duplicates count nowhere.
- Customers are counted once each, however many leads they had, by the lead that converted first.
- A customer is credited to what that lead met up to the conversion (its capture, and its touches):
  to the first of these, to the last, or to all in equal parts (`Attribution`).
- Return is the catalogue's yearly margin of what a customer took in the first year from the
  conversion on (or already on the way to it), less the campaign's cost.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquisition.lifecycle import FUNNEL, LeadState
from acquisition.models import Campaign, CampaignCost, Channel, Lead, LeadTouch
from acquisition.selectors.campaigns import visible_campaigns
from acquisition.selectors.leads import visible_leads
from clm.core.models import Event, User
from customers.models import Holding

FIRST_YEAR = timedelta(days=365)
CENT = Decimal("0.01")
_PLACE = {state.value: index for index, state in enumerate(FUNNEL)}


class Attribution(models.TextChoices):
    """To which touch a customer is credited."""

    FIRST = "first", _("First touch")
    LAST = "last", _("Last touch")
    LINEAR = "linear", _("All touches equally")


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many leads came this far, and which part of all leads that is (0 to 1)."""

    state: LeadState
    count: int
    share: float

    @property
    def whole_percent(self) -> int:
        return round(self.share * 100)


@dataclass
class Result:
    """What one campaign or one channel cost and brought."""

    key: str
    label: str
    campaign: Campaign | None = None
    spent: Decimal = Decimal(0)
    reached: list[int] = field(default_factory=lambda: [0] * len(FUNNEL))
    customers: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)

    @property
    def leads(self) -> int:
        return self.reached[0]

    @property
    def converted(self) -> int:
        return self.reached[-1]

    @property
    def conversion(self) -> float:
        return self.converted / self.leads if self.leads else 0.0

    @property
    def cost_per_customer(self) -> Decimal | None:
        """None while nothing was spent or nobody came."""
        if not self.customers or not self.spent:
            return None
        return (self.spent / self.customers).quantize(CENT)

    @property
    def gain(self) -> Decimal:
        return self.margin - self.spent

    @property
    def rate(self) -> float | None:
        """Return as a part of the cost; None where nothing was spent."""
        return float(self.gain / self.spent) if self.spent else None

    @property
    def steps(self) -> list[FunnelStep]:
        return _steps(self.reached)


@dataclass(frozen=True, slots=True)
class Met:
    """A touch as far as credit goes."""

    at: datetime
    channel: str
    campaign_id: UUID | None


@dataclass(frozen=True, slots=True)
class Won:
    """A customer that a lead became, what they met on the way, and the first year's margin."""

    lead_id: UUID
    captured_at: datetime
    converted_at: datetime
    met: tuple[Met, ...]
    margin: Decimal = Decimal(0)

    def credits(self, attribution: str) -> list[tuple[Met, Decimal]]:
        """Which touches the customer is credited to, in parts that make up one."""
        if attribution == Attribution.FIRST:
            return [(self.met[0], Decimal(1))]
        if attribution == Attribution.LAST:
            return [(self.met[-1], Decimal(1))]
        part = Decimal(1) / len(self.met)
        return [(one, part) for one in self.met]


def funnel(*, actor: User, campaign: Campaign | None = None) -> list[FunnelStep]:
    """How far the leads came that the actor reaches; the numbers only fall."""
    leads = visible_leads(actor=actor)
    if campaign is not None:
        leads = leads.filter(campaign=campaign)
    total = [0] * len(FUNNEL)
    for counts in _reached(leads, ()).values():
        total = counts
    return _steps(total)


def campaign_results(
    *,
    actor: User,
    campaigns: Sequence[Campaign] | None = None,
    attribution: str = Attribution.LAST,
    limit: int = 20,
) -> list[Result]:
    """Each campaign with what it brought, newest campaigns first."""
    chosen = list(visible_campaigns(actor=actor)[:limit]) if campaigns is None else campaigns
    results = {
        one.pk: Result(str(one.pk), one.name, campaign=one, spent=_spent_of(one)) for one in chosen
    }
    for (campaign_id,), counts in _reached(
        Lead.objects.filter(campaign__in=results), ("campaign_id",)
    ).items():
        results[campaign_id].reached = counts
    touched = LeadTouch.objects.filter(campaign__in=results).values("lead")
    leads = Lead.objects.filter(Q(campaign__in=results) | Q(pk__in=touched))
    for one in won(leads=leads):
        for met, part in one.credits(attribution):
            if met.campaign_id in results:
                _credit(results[met.campaign_id], one, part)
    return list(results.values())


def channel_results(
    *, actor: User, since: date | None = None, attribution: str = Attribution.LAST
) -> list[Result]:
    """
    Each channel with what it brought; its cost is that of the campaigns on it.

    :param since: leads captured and money spent from this day on
    """
    results = {value: Result(value, str(label)) for value, label in Channel.choices}
    leads, costs = Lead.objects.all(), CampaignCost.objects.all()
    if since is not None:
        leads = leads.filter(created_at__gte=midnight(since))
        costs = costs.filter(spent_on__gte=since)
    for channel, total in (
        costs.order_by()
        .values("campaign__channel")
        .annotate(total=Sum("amount"))
        .values_list("campaign__channel", "total")
    ):
        results[channel].spent = total
    for (channel,), counts in _reached(leads, ("channel",)).items():
        results[channel].reached = counts
    for one in won(leads=leads):
        for met, part in one.credits(attribution):
            _credit(results[met.channel], one, part)
    return [one for one in results.values() if one.leads or one.spent or one.customers]


def won(*, leads: QuerySet[Lead]) -> list[Won]:
    """The customers that the leads became, each by the lead that converted first."""
    converted = leads.filter(state=LeadState.CONVERTED, customer__isnull=False)
    touches: dict[UUID, list[Met]] = defaultdict(list)
    for lead_id, at, on, of in LeadTouch.objects.filter(lead__in=converted.order_by()).values_list(
        "lead_id", "at", "channel", "campaign_id"
    ):
        touches[lead_id].append(Met(at, on, of))
    first: dict[UUID, Won] = {}
    for pk, customer_id, campaign_id, channel, captured_at, converted_at in converted.order_by(
        "state_since", "id"
    ).values_list("pk", "customer_id", "campaign_id", "channel", "created_at", "state_since"):
        if converted_at is None or customer_id in first:
            continue
        met = [one for one in touches[pk] if one.at <= converted_at]
        met.append(Met(captured_at, channel, campaign_id))
        met.sort(key=lambda one: one.at)
        first[customer_id] = Won(pk, captured_at, converted_at, tuple(met))
    taken = _taken(first)
    return [
        replace(one, margin=_margin(taken.get(customer_id, ()), one))
        for customer_id, one in first.items()
    ]


def _credit(result: Result, one: Won, part: Decimal) -> None:
    result.customers += part
    result.margin += one.margin * part


def midnight(day: date) -> datetime:
    """When a day begins here."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _spent_of(campaign: Campaign) -> Decimal:
    known = getattr(campaign, "spent", None)
    if known is None:
        known = campaign.costs.aggregate(total=Sum("amount"))["total"]
    return known or Decimal(0)


def _reached(leads: QuerySet[Lead], by: Sequence[str]) -> dict[tuple[Any, ...], list[int]]:
    """By group, how many leads reached each step; in one statement."""
    # An open lead stands where it came to; of a lost one its last event says where it left.
    left = Event.objects.filter(
        record_type="acquisition.Lead", record_id=OuterRef("pk"), action="lose"
    )
    stood = Case(
        When(state=LeadState.LOST, then=Subquery(left.order_by().values("source")[:1])),
        default=F("state"),
        output_field=CharField(),
    )
    rows = (
        leads.exclude(state=LeadState.DUPLICATE)
        .order_by()
        .annotate(stood=stood)
        .values(*by, "stood")
        .annotate(count=Count("pk"))
        .values_list(*by, "stood", "count")
    )
    found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(FUNNEL))
    for *group, state, count in rows:
        for index in range(_PLACE.get(state, 0) + 1):
            found[tuple(group)][index] += count
    return found


def _steps(reached: Sequence[int]) -> list[FunnelStep]:
    total = reached[0]
    return [
        FunnelStep(state=state, count=count, share=count / total if total else 0.0)
        for state, count in zip(FUNNEL, reached, strict=True)
    ]


def _taken(customers: Mapping[UUID, Any]) -> dict[UUID, list[tuple[date, Decimal]]]:
    """What the customers took: the day and the yearly margin of each holding."""
    found: dict[UUID, list[tuple[date, Decimal]]] = defaultdict(list)
    for customer_id, opened_on, margin in Holding.objects.filter(
        customer_id__in=list(customers)
    ).values_list("customer_id", "opened_on", "product__margin_per_year"):
        found[customer_id].append((opened_on, margin))
    return found


def _margin(taken: Iterable[tuple[date, Decimal]], by: Won) -> Decimal:
    begin = timezone.localdate(by.captured_at)
    end = timezone.localdate(by.converted_at + FIRST_YEAR)
    return sum((margin for day, margin in taken if begin <= day < end), Decimal(0))
