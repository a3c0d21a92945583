"""What of journeys and touchpoints an actor may see."""

from uuid import UUID

from django.db.models import Q, QuerySet

from clm.core import actors
from clm.core.models import User
from customers.models import CustomerInsight
from customers.selectors import reach_q
from journeys.models import Journey, Touchpoint


def visible_journeys(*, actor: User) -> QuerySet[Journey]:
    """All journeys, for those who may see journeys at all; their content obeys the reach."""
    if not actors.may(actor=actor, permission="journeys.view_journey"):
        return Journey.objects.none()
    return Journey.objects.select_related("feed")


def visible_touchpoints(*, actor: User) -> QuerySet[Touchpoint]:
    """
    Touchpoints of customers within the actor's reach, and of cases that are no customers.

    KYC steps only for those who may see KYC cases.
    """
    found = Touchpoint.objects.all()
    if not actors.may(actor=actor, permission="kyc.view_case"):
        found = found.filter(restricted=False)
    if actors.reach(actor=actor) == "all":
        return found
    nobody = Q(customer__isnull=True, journey__source=Journey.Source.IMPORTED)
    return found.filter(nobody | reach_q(actor=actor, prefix="customer__"))


def path_of_customer(*, customer_id: UUID, actor: User, limit: int = 200) -> list[Touchpoint]:
    """What one customer went through, newest first, over all journeys."""
    return list(
        visible_touchpoints(actor=actor)
        .filter(customer_id=customer_id)
        .select_related("journey")
        .order_by("-at", "-position")[:limit]
    )


def channels_of(*, journey: Journey, actor: User) -> list[str]:
    """The channels that the journey's touchpoints name, in order of the alphabet."""
    rows = visible_touchpoints(actor=actor).filter(journey=journey).exclude(channel="")
    return list(rows.order_by("channel").values_list("channel", flat=True).distinct())


def segments(*, actor: User) -> list[str]:
    """The segments of the customers within reach."""
    rows = CustomerInsight.objects.exclude(segment="").filter(
        reach_q(actor=actor, prefix="customer__")
    )
    return list(rows.order_by("segment").values_list("segment", flat=True).distinct())
