"""Reading leads: who sees which, the board, a lead's way."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from acquisition.lifecycle import FUNNEL, OPEN_STATES, LeadState
from acquisition.models import Lead, LeadStep
from clm.core import actors
from clm.core.models import Event, User
from customers.models import Product


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
    leads = (
        Lead.objects.filter(erased_at=None)
        .select_related("campaign", "product", "branch", "adviser", "customer")
        .order_by("-created_at", "-id")
    )
    match actors.reach(actor=actor):
        case "all":
            return leads
        case "branch":
            return leads.filter(Q(adviser=actor) | Q(branch_id=actor.branch_id or None))
    mine = Q(adviser=actor)
    if actor.branch_id:
        mine |= Q(adviser=None, branch_id=actor.branch_id)
    return leads.filter(mine)


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


def steps_of_leads(*, actor: User) -> QuerySet[LeadStep]:
    """Every step of the leads within the actor's reach, waiting or done."""
    leads = visible_leads(actor=actor).order_by()
    return LeadStep.objects.filter(lead__in=leads).select_related("lead", "step", "done_by")


def visible_steps(*, actor: User) -> QuerySet[LeadStep]:
    """The steps that wait at open leads within the actor's reach, the most pressing first."""
    leads = visible_leads(actor=actor).filter(state__in=OPEN_STATES).order_by()
    return (
        LeadStep.objects.filter(done_at=None, step__is_used=True, lead__in=leads)
        .select_related("lead__adviser", "lead__campaign", "step")
        .order_by("due_at", "id")
    )
