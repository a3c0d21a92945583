"""
Reading what the bank could do next: facts for the stages, proposals, what was learnt, uplift.

Facts come from the commercial view, and of KYC the one answer of `kyc.clearance` (AMLR art. 76).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from clm.core.models import User
from customers import selectors as customers
from customers.lifecycle import RELATIONSHIP, Stage
from customers.models import (
    Channel,
    Customer,
    Holding,
    Offer,
    Product,
    Purpose,
)
from customers.selectors.commercial import with_commercial_customer
from customers.selectors.customers import COMMERCIAL_FIELDS
from engagement.lifecycle import OPEN_STATES, ActionState
from engagement.models import Enquiry, Group, Interaction, Kind, NextBestAction
from engagement.nba import SHRINKAGE, Candidate, Learnt, Person, weigh
from engagement.uplift import Uplift, uplift
from kyc.clearance import may_deal_with_many

#: A product taken so long after it was proposed counts as taken.
TAKEN_WITHIN = timedelta(days=90)
#: By what an adviser can turn to a customer, the best first.
_CHANNELS = (Channel.PHONE, Channel.EMAIL, Channel.SMS)
_LIQUID = ("account", "deposit")


@dataclass(frozen=True)
class Lesson:
    """What advisers said of one product, and which reasons they gave."""

    product: Product
    learnt: Learnt
    reasons: Mapping[str, int]


def commercial_customers(*, customer_ids: Sequence[UUID]) -> list[Customer]:
    """Customers without a column that sales may not know."""
    found = Customer.objects.filter(pk__in=customer_ids, stage__in=RELATIONSHIP)
    return list(found.only(*COMMERCIAL_FIELDS, "version").order_by("pk"))


def reckon(*, people: Sequence[Customer], at: datetime) -> dict[UUID, list[Candidate]]:
    """Every product of the catalogue through the stages, for each customer."""
    today = timezone.localdate(at)
    products = list(customers.catalogue(on=today))
    rates, lessons = base_rates(at=at), learnt_of()
    facts = _people(people, at)
    found = {}
    for one in people:
        refused = {
            product.pk: list(customers.eligibility(customer=one, product=product, on=today).reasons)
            for product in products
        }
        person = facts[one.pk]
        weighed = weigh(
            person=person, products=products, not_eligible=refused, base_rates=rates,
            learnt=lessons,
        )  # fmt: skip
        found[one.pk] = weighed
    return found


def base_rates(*, at: datetime) -> dict[UUID, float]:
    """
    Of those without a product a year ago, the share who took it since: (taken + 1) / (without + 20),
    so that a product nobody knows yet begins at one in twenty.
    """
    since = timezone.localdate(at) - timedelta(days=365)
    everybody = Customer.objects.filter(stage__in=RELATIONSHIP).count()
    rows = (
        Holding.objects.filter(customer__stage__in=RELATIONSHIP, closed_on=None)
        .order_by()
        .values_list("product_id")
        .annotate(
            taken=Count("customer", distinct=True, filter=Q(opened_on__gt=since)),
            before=Count("customer", distinct=True, filter=Q(opened_on__lte=since)),
        )
    )
    counted = {product: (taken, before) for product, taken, before in rows}
    found = {}
    for product in Product.objects.values_list("pk", flat=True):
        taken, before = counted.get(product, (0, 0))
        found[product] = (taken + 1) / (max(everybody - before, taken) + 20)
    return found


def learnt_of() -> dict[UUID, Learnt]:
    """What advisers accepted and rejected of each product, with the pooled share as prior."""
    rows = list(
        NextBestAction.objects.filter(state__in=[ActionState.ACCEPTED, ActionState.REJECTED])
        .order_by()
        .values_list("product_id", "state")
        .annotate(Count("pk"))
    )
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for product, state, count in rows:
        counts[product][state] += count
    accepted = sum(one[ActionState.ACCEPTED] for one in counts.values())
    rejected = sum(one[ActionState.REJECTED] for one in counts.values())
    # Before anybody answered, one in two, worth the prior's weight.
    everywhere = (accepted + SHRINKAGE / 2) / (accepted + rejected + SHRINKAGE)
    known = {
        product: Learnt(one[ActionState.ACCEPTED], one[ActionState.REJECTED], everywhere)
        for product, one in counts.items()
    }
    return {
        product: known.get(product, Learnt(everywhere=everywhere))
        for product in Product.objects.values_list("pk", flat=True)
    }


def lessons() -> list[Lesson]:
    """What was learnt of each product that anybody answered about."""
    found, reasons = learnt_of(), defaultdict(dict)  # type: ignore[var-annotated]
    rows = NextBestAction.objects.filter(state=ActionState.REJECTED).order_by()
    for product, reason, count in rows.values_list("product_id", "refusal").annotate(Count("pk")):
        reasons[product][reason] = count
    return [
        Lesson(product, found[product.pk], reasons[product.pk])
        for product in Product.objects.order_by("code")
        if found[product.pk].accepted + found[product.pk].rejected
    ]


def visible_actions(*, actor: User) -> QuerySet[NextBestAction]:
    """Proposals for customers within reach; those of the control group are shown to nobody."""
    reach = customers.reach_q(actor=actor, prefix="customer__")
    found = NextBestAction.objects.filter(reach, group=Group.SHOWN)
    return with_commercial_customer(queryset=found).select_related("product")


def open_actions(*, actor: User) -> QuerySet[NextBestAction]:
    """What waits for the actor's answer: own customers' proposals, the best first."""
    found = visible_actions(actor=actor).filter(state=ActionState.PROPOSED)
    return found.filter(customer__adviser=actor).order_by("-score", "id")


def action_of(*, customer_id: UUID, actor: User) -> QuerySet[NextBestAction]:
    """The open proposal of one customer; the customer is at hand already."""
    reach = customers.reach_q(actor=actor, prefix="customer__")
    found = NextBestAction.objects.filter(reach, group=Group.SHOWN, customer_id=customer_id)
    found = found.filter(state__in=[ActionState.PROPOSED, ActionState.DEFERRED])
    return found.select_related("product").order_by("pk")


def measured(*, at: datetime) -> Uplift:
    """Proposals whose 90 days are over: who took the product, of those shown and those held out."""
    over = timezone.localdate(at) - TAKEN_WITHIN
    rows = (
        NextBestAction.objects.filter(proposed_on__lte=over)
        .order_by()
        .values_list("group")
        .annotate(everybody=Count("pk"), taken=Count("taken_on"))
    )
    found = {group: (everybody, taken) for group, everybody, taken in rows}
    shown, shown_taken = found.get(Group.SHOWN, (0, 0))
    held, held_taken = found.get(Group.HELD_OUT, (0, 0))
    return uplift(shown=shown, shown_taken=shown_taken, held=held, held_taken=held_taken)


def _people(found: Sequence[Customer], at: datetime) -> dict[UUID, Person]:
    """The facts of the stages for many customers, in a handful of questions."""
    ids, today = [one.pk for one in found], timezone.localdate(at)
    held: dict[UUID, set[UUID]] = defaultdict(set)
    maturing = set()
    for owner, product, matures in Holding.objects.filter(
        customer__in=ids, closed_on=None
    ).values_list("customer_id", "product_id", "matures_on"):
        held[owner].add(product)
        if matures is not None and today <= matures <= today + timedelta(days=60):
            maturing.add(owner)
    money = _money(ids)
    offered, last = _offers(ids)
    refused = _refused(ids)
    complaining = set(
        Enquiry.objects.filter(
            customer__in=ids, kind=Kind.COMPLAINT, state__in=OPEN_STATES
        ).values_list("customer_id", flat=True)
    )
    moods = dict(
        Interaction.objects.filter(customer__in=ids, at__gt=at - timedelta(days=90))
        .exclude(sentiment=None)
        .order_by("customer_id", "-at")
        .distinct("customer_id")
        .values_list("customer_id", "sentiment")
    )
    cleared = may_deal_with_many(ids)
    channels, closed = _channels(found, at)
    return {
        one.pk: Person(
            id=one.pk,
            today=today,
            held=frozenset(held[one.pk]),
            open_offers=frozenset(offered[one.pk]),
            last_offer_on=last.get(one.pk),
            refused=refused[one.pk],
            savings=money.get(one.pk, (Decimal(0), False))[0],
            overdrawn=money.get(one.pk, (Decimal(0), False))[1],
            complains=one.pk in complaining,
            cleared=one.pk in cleared,
            channel=channels.get(one.pk, ""),
            no_channel=closed.get(one.pk, ()),
            mood=moods.get(one.pk),
            at_risk=one.stage == Stage.AT_RISK,
            maturing=one.pk in maturing,
        )
        for one in found
    }


def _money(ids: Sequence[UUID]) -> dict[UUID, tuple[Decimal, bool]]:
    """Savings at hand, and whether an account is overdrawn."""
    rows = (
        Holding.objects.filter(customer__in=ids, closed_on=None, product__category__in=_LIQUID)
        .order_by()
        .values_list("customer_id")
        .annotate(
            savings=Sum("balance", default=Decimal(0)), below=Count("pk", filter=Q(balance__lt=0))
        )
    )
    return {owner: (savings, bool(below)) for owner, savings, below in rows}


def _offers(ids: Sequence[UUID]) -> tuple[dict[UUID, set[UUID]], dict[UUID, date]]:
    """Products offered and not answered, and when the last offer was made."""
    offered: dict[UUID, set[UUID]] = defaultdict(set)
    last: dict[UUID, date] = {}
    rows = Offer.objects.filter(customer__in=ids).order_by("given_at")
    for owner, product, state, when in rows.values_list(
        "customer_id", "product_id", "state", "given_at"
    ):
        last[owner] = timezone.localdate(when)
        if state == "OFFERED" and product is not None:
            offered[owner].add(product)
    return offered, last


def _refused(ids: Sequence[UUID]) -> dict[UUID, dict[UUID, tuple[str, date]]]:
    found: dict[UUID, dict[UUID, tuple[str, date]]] = defaultdict(dict)
    rows = NextBestAction.objects.filter(customer__in=ids, state=ActionState.REJECTED)
    for owner, product, reason, since in rows.order_by("state_since").values_list(
        "customer_id", "product_id", "refusal", "state_since"
    ):
        found[owner][product] = (reason, timezone.localdate(since))
    return found


def _channels(
    found: Sequence[Customer], at: datetime
) -> tuple[dict[UUID, str], dict[UUID, tuple[str, ...]]]:
    """By what each may be turned to with an offer; or every reason why by nothing."""
    open_ones: dict[UUID, str] = {}
    closed: dict[UUID, list[str]] = defaultdict(list)
    for channel in _CHANNELS:
        answers = _may_contact(found, channel, at)
        for one in found:
            answer = answers[one.pk]
            if answer.allowed:
                open_ones.setdefault(one.pk, channel.value)
            else:
                closed[one.pk].append(f"{channel.label}: {answer.reason}")
    return open_ones, {owner: tuple(reasons) for owner, reasons in closed.items()}


def _may_contact(
    found: Sequence[Customer], channel: Channel, at: datetime
) -> dict[UUID, customers.Contactability]:
    if not found:
        return {}
    return customers.may_contact_many(
        customers=found, purpose=Purpose.MARKETING, channel=channel, at=at
    )
