"""Reading leads and campaigns: who sees which, the board, and the funnel's numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from acquisition.lifecycle import OPEN_STATES, LeadFacts, LeadState
from acquisition.models import Campaign, Lead
from clm.core import actors
from clm.core.models import Event, User
from customers import selectors as customers
from customers.models import ContactPoint, Customer, Identifier, Product

# The way to a customer, in order; a lead that left on the way counts as far as it came.
FUNNEL = (
    LeadState.NEW,
    LeadState.CONTACTED,
    LeadState.QUALIFIED,
    LeadState.OFFERED,
    LeadState.CONVERTED,
)


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many leads came this far, and which part of all leads that is (0 to 1)."""

    state: LeadState
    count: int
    share: float

    @property
    def whole_percent(self) -> int:
        return round(self.share * 100)


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """What a campaign brought; `cost_per_customer` is None while nobody has converted."""

    campaign: Campaign
    leads: int
    converted: int
    conversion: float
    cost_per_customer: Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """One state of the board with its newest cards and how many there are in all."""

    state: LeadState
    leads: list[Lead]
    total: int


def visible_leads(*, actor: User) -> QuerySet[Lead]:
    """
    The leads within the actor's reach.

    Own reach is one's own leads and the branch's that nobody has taken yet.
    """
    leads = Lead.objects.select_related(
        "campaign", "product", "branch", "adviser", "customer"
    ).order_by("-created_at", "-id")
    match actors.reach(actor=actor):
        case "all":
            return leads
        case "branch":
            return leads.filter(Q(adviser=actor) | Q(branch_id=actor.branch_id or None))
    mine = Q(adviser=actor)
    if actor.branch_id:
        mine |= Q(adviser=None, branch_id=actor.branch_id)
    return leads.filter(mine)


def visible_campaigns(*, actor: User) -> QuerySet[Campaign]:
    """Campaigns are the bank's, not a portfolio's: whoever may see one sees all."""
    return Campaign.objects.order_by("-starts_on", "-id")


def lead_facts(*, records: Sequence[Lead], at: datetime) -> Mapping[UUID, LeadFacts]:
    """What the guards need, in two questions however many leads there are."""
    matches = same_customers(leads=records)
    return {lead.pk: LeadFacts(same_customers=tuple(matches.get(lead.pk, ()))) for lead in records}


def same_customers(*, leads: Sequence[Lead]) -> dict[UUID, list[UUID]]:
    """
    Customers who have a lead's CPR number, or its e-mail address; in three questions at most.

    An address alone proves nothing where both have a CPR number: then the number decides.
    """
    by_number = _by_number([bytes(lead.cpr_index) for lead in leads if lead.cpr_index])
    by_email = _by_email([lead.email.lower() for lead in leads if lead.email])
    addressed = {one for group in by_email.values() for one in group}
    numbered = _having_cpr(addressed) if addressed else set()
    found: dict[UUID, list[UUID]] = {}
    for lead in leads:
        same_address = by_email.get(lead.email.lower(), set()) if lead.email else set()
        if lead.cpr_index:
            own = by_number.get(bytes(lead.cpr_index), set()) | (same_address - numbered)
        else:
            own = same_address
        own = own - {lead.customer_id}
        if own:
            found[lead.pk] = sorted(own)
    return found


def customer_with_number(*, index: bytes | None) -> Customer | None:
    """The customer with the CPR number of this blind index."""
    if not index:
        return None
    return Customer.objects.filter(identifiers__kind="cpr", identifiers__index=bytes(index)).first()


def board(*, actor: User, limit: int = 30) -> list[Column]:
    """The open states and what left them, each with its newest leads."""
    leads = visible_leads(actor=actor)
    totals = dict(
        leads.order_by()
        .values_list("state")
        .annotate(total=Count("pk"))
        .values_list("state", "total")
    )
    return [
        Column(
            state=state,
            leads=list(leads.filter(state=state).order_by("-state_since", "-id")[:limit]),
            total=totals.get(state.value, 0),
        )
        for state in (*OPEN_STATES, LeadState.CONVERTED, LeadState.LOST)
    ]


def funnel(*, actor: User, campaign: Campaign | None = None) -> list[FunnelStep]:
    """
    How far leads came, from the same events that the audit keeps.

    A lead counts in every step it reached or passed, so that the numbers only fall.
    """
    leads = visible_leads(actor=actor).exclude(state=LeadState.DUPLICATE)
    if campaign is not None:
        leads = leads.filter(campaign=campaign)
    total = leads.count()
    furthest: dict[UUID, int] = {}
    place = {state.value: index for index, state in enumerate(FUNNEL)}
    reached = Event.objects.filter(
        record_type="acquisition.Lead",
        record_id__in=leads.order_by().values("pk"),
        target__in=list(place),
    ).values_list("record_id", "target")
    for lead_id, target in reached:
        furthest[lead_id] = max(furthest.get(lead_id, 0), place[target])
    steps = []
    for index, state in enumerate(FUNNEL):
        count = total if index == 0 else sum(1 for far in furthest.values() if far >= index)
        steps.append(FunnelStep(state=state, count=count, share=count / total if total else 0.0))
    return steps


def campaign_results(*, actor: User, limit: int = 20) -> list[CampaignResult]:
    """Leads, conversion and money per new customer, newest campaigns first."""
    campaigns = list(visible_campaigns(actor=actor)[:limit])
    counts = {
        row["campaign"]: row
        for row in visible_leads(actor=actor)
        .filter(campaign__in=campaigns)
        .order_by()
        .values("campaign")
        .annotate(total=Count("pk"), won=Count("pk", filter=Q(state=LeadState.CONVERTED)))
    }
    results = []
    for campaign in campaigns:
        row = counts.get(campaign.pk, {"total": 0, "won": 0})
        results.append(
            CampaignResult(
                campaign=campaign,
                leads=row["total"],
                converted=row["won"],
                conversion=row["won"] / row["total"] if row["total"] else 0.0,
                cost_per_customer=(
                    (campaign.budget / row["won"]).quantize(Decimal("0.01")) if row["won"] else None
                ),
            )
        )
    return results


def matching(*, leads: QuerySet[Lead], query: str) -> QuerySet[Lead]:
    """The leads with all the words in their names, or with exactly this e-mail or telephone."""
    query = query.replace("\0", "").strip()[:100]
    if not query:
        return leads.none()
    names = Q()
    for word in query.split()[:6]:
        names &= (
            Q(given_names__icontains=word)
            | Q(family_name__icontains=word)
            | Q(organisation_name__icontains=word)
        )
    return leads.filter(names | Q(email=query.lower()) | Q(phone__endswith=query.replace(" ", "")))


def campaign_named(*, pk: str) -> Campaign | None:
    """The campaign with this id, None for anything that is no id of one."""
    try:
        return Campaign.objects.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def same_as(*, lead: Lead, actor: User) -> list[Customer]:
    """The customers this lead seems to be, as far as the actor may see them."""
    found = same_customers(leads=[lead]).get(lead.pk, [])
    return list(customers.visible_customers(actor=actor).filter(pk__in=found)) if found else []


def states_reached(*, lead: Lead) -> set[str]:
    """The states on the way to a customer that the lead has been in."""
    targets = Event.objects.filter(record_type="acquisition.Lead", record_id=lead.pk)
    way = [state.value for state in FUNNEL]
    return set(targets.filter(target__in=way).values_list("target", flat=True)) | {way[0]}


def waiting_for(*, actor: User) -> int:
    """New leads that are the actor's or nobody's: the number in the menu."""
    return (
        visible_leads(actor=actor)
        .filter(Q(adviser=actor) | Q(adviser=None), state=LeadState.NEW)
        .order_by()
        .count()
    )


def products_of_interest() -> QuerySet[Product]:
    return Product.objects.order_by("code")


def _by_number(indexes: Sequence[bytes]) -> dict[bytes, set[UUID]]:
    found: dict[bytes, set[UUID]] = {}
    if indexes:
        rows = Identifier.objects.filter(kind="cpr", index__in=indexes)
        for index, customer_id in rows.values_list("index", "customer_id"):
            found.setdefault(bytes(index), set()).add(customer_id)
    return found


def _by_email(emails: Sequence[str]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    if emails:
        rows = ContactPoint.objects.filter(kind="email", value__in=emails, valid_to=None)
        for value, customer_id in rows.values_list("value", "customer_id"):
            found.setdefault(value, set()).add(customer_id)
    return found


def _having_cpr(customer_ids: Iterable[UUID]) -> set[UUID]:
    return set(
        Identifier.objects.filter(kind="cpr", customer_id__in=list(customer_ids)).values_list(
            "customer_id", flat=True
        )
    )
