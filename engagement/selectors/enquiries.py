"""Reading enquiries and complaints."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from clm.core import actors
from clm.core.models import User
from customers import selectors as customers
from customers.models import Customer, Holding
from customers.selectors.commercial import with_commercial_customer
from engagement.lifecycle import OPEN_STATES, EnquiryFacts
from engagement.lifecycle import EnquiryState as State
from engagement.models import Enquiry, EnquiryMessage, Kind, Said, Tier
from engagement.service_levels import tier_of

HANDLES = "engagement.handle_complaint"
TABS = ("mine", "unassigned", "complaints", "waiting", "answered", "all")


def enquiry_facts(*, records: Sequence[Enquiry], at: datetime) -> Mapping[UUID, EnquiryFacts]:
    """The facts of the guards for many enquiries, in a handful of questions."""
    since = {one.pk: one.state_since for one in records}
    said: dict[UUID, set[str]] = {one.pk: set() for one in records}
    written = EnquiryMessage.objects.filter(enquiry__in=list(since)).exclude(said=Said.CUSTOMER)
    for enquiry_id, what, when in written.values_list("enquiry_id", "said", "at"):
        began = since[enquiry_id]
        if began is None or when >= began:
            said[enquiry_id].add(what)
    complained = {one.assignee_id for one in records if one.is_complaint and one.assignee_id}
    able = {
        user.pk
        for user in User.objects.filter(pk__in=complained)
        if actors.may(actor=user, permission=HANDLES)
    }
    return {
        one.pk: EnquiryFacts(
            at=at,
            by_handler=one.assignee_id in able,
            asked=Said.QUESTION in said[one.pk],
            answered=Said.ANSWER in said[one.pk],
        )
        for one in records
    }


def visible_enquiries(*, actor: User) -> QuerySet[Enquiry]:
    """Enquiries of customers within the actor's reach, and those the actor was given."""
    reach = customers.reach_q(actor=actor, prefix="customer__")
    # No condition means everything; joined by "or" Django would drop it.
    found = Enquiry.objects.filter(reach | Q(assignee=actor) if reach else reach)
    return with_commercial_customer(queryset=found).select_related("assignee")


def enquiries_of(*, customer_id: UUID, actor: User) -> QuerySet[Enquiry]:
    """One customer's enquiries, newest first; the customer is at hand already."""
    reach = customers.reach_q(actor=actor, prefix="customer__")
    found = Enquiry.objects.filter(reach | Q(assignee=actor) if reach else reach)
    found = found.filter(customer_id=customer_id).select_related("assignee")
    return found.order_by("-created_at", "-id")


def own_enquiries(*, customer: Customer) -> QuerySet[Enquiry]:
    """What a customer asked, with the correspondence, for themself."""
    found = Enquiry.objects.filter(customer=customer).prefetch_related("messages")
    return found.order_by("-created_at", "-id")


def enquiry_queue(*, actor: User, tab: str) -> QuerySet[Enquiry]:
    """The enquiries of one tab of the queue."""
    return visible_enquiries(actor=actor).filter(_tab(tab, actor))


def enquiry_counts(*, actor: User) -> dict[str, int]:
    """How many open ones each tab holds, in one question."""
    rows = visible_enquiries(actor=actor).filter(state__in=OPEN_STATES).select_related(None)
    found = list(rows.defer(None).values_list("state", "kind", "assignee_id"))
    return {
        "mine": sum(who == actor.pk and state != State.WAITING for state, _kind, who in found),
        "unassigned": sum(who is None for _state, _kind, who in found),
        "complaints": sum(kind == Kind.COMPLAINT for _state, kind, _who in found),
        "waiting": sum(state == State.WAITING for state, _kind, _who in found),
        "all": len(found),
    }


def waiting_for(*, actor: User) -> int:
    """What the actor has to answer, and what nobody has taken; complaints where they handle them."""
    found = visible_enquiries(actor=actor).filter(state__in=OPEN_STATES)
    found = found.exclude(state=State.WAITING).filter(Q(assignee=actor) | Q(assignee=None))
    if not actors.may(actor=actor, permission=HANDLES):
        found = found.exclude(kind=Kind.COMPLAINT)
    elif not actors.may(actor=actor, permission="engagement.add_interaction"):
        found = found.filter(kind=Kind.COMPLAINT)
    return found.count()


def handlers(*, complaints: bool) -> list[User]:
    """People who may be given an enquiry, or a complaint."""
    needed = HANDLES if complaints else "engagement.answer_enquiry"
    people = User.objects.filter(is_active=True, is_robot=False, groups__isnull=False)
    codename = needed.split(".")[1]
    found = people.filter(groups__permissions__codename=codename).distinct()
    return list(found.order_by("first_name", "username")[:200])


def service_level(*, customer: Customer, at: datetime) -> Tier:
    """The tier by which the customer's clock runs."""
    products = Holding.objects.filter(customer=customer, closed_on=None).count()
    since = customer.customer_since
    years = (timezone.localdate(at) - since).days / 365.25 if since else 0.0
    return tier_of(years=years, products=products)


def _tab(tab: str, actor: User) -> Q:
    still = Q(state__in=OPEN_STATES)
    return {
        "mine": Q(assignee=actor) & still & ~Q(state=State.WAITING),
        "unassigned": still & Q(assignee=None),
        "complaints": still & Q(kind=Kind.COMPLAINT),
        "waiting": Q(state=State.WAITING),
        "answered": Q(state__in=[State.ANSWERED, State.CLOSED]),
        "all": still,
    }[tab]
