"""Which applications somebody sees, the template in force, and what the guards need to know."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from clm.core import events
from clm.core.models import User
from customers import selectors as customers
from customers.models import Customer
from onboarding.lifecycle import (
    OPEN_STATES,
    ApplicationFacts,
)
from onboarding.models import Application, ApplicationTask, ApplicationTemplate, TaskKind


def visible_applications(*, actor: User) -> QuerySet[Application]:
    """The applications within the actor's reach, and those they are the officer of."""
    reach = customers.reach_q(actor=actor, prefix="customer__")
    # An empty condition is everything; joined by "or" with another it would be lost.
    mine = reach | Q(officer=actor) if reach else reach
    return (
        Application.objects.filter(mine)
        .select_related("customer", "customer__branch", "template", "product", "officer")
        .order_by("-created_at", "-id")
    )


def visible_tasks(*, actor: User) -> QuerySet[ApplicationTask]:
    """The tasks of the applications that the actor may see."""
    applications = visible_applications(actor=actor).order_by().values("pk")
    return ApplicationTask.objects.filter(application__in=applications).select_related(
        "application__customer"
    )


def template_in_force(*, kind: str, on: date) -> ApplicationTemplate:
    """
    The newest version that is valid on the day.

    :raises ApplicationTemplate.DoesNotExist: there is none
    """
    found = (
        ApplicationTemplate.objects.filter(kind=kind, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .order_by("-number")
        .first()
    )
    if found is None:
        raise ApplicationTemplate.DoesNotExist(kind)
    return found


def application_facts(
    *, records: Sequence[Application], at: datetime
) -> Mapping[UUID, ApplicationFacts]:
    """What the guards need, in two questions however many applications there are."""
    still_open = {
        (row["application"], row["kind"]): row["total"]
        for row in ApplicationTask.objects.filter(
            application__in=[one.pk for one in records], required=True, done_at=None
        )
        .order_by()
        .values("application", "kind")
        .annotate(total=Count("pk"))
    }
    customers_by_id = Customer.objects.only("kyc_cleared_at", "restriction", "risk_level").in_bulk(
        {one.customer_id for one in records}
    )
    facts = {}
    for one in records:
        customer = customers_by_id[one.customer_id]
        facts[one.pk] = ApplicationFacts(
            open_answers=still_open.get((one.pk, TaskKind.ANSWERS.value), 0),
            open_checks=still_open.get((one.pk, TaskKind.CHECK.value), 0),
            kyc_cleared=customer.kyc_cleared_at is not None,
            restricted=bool(customer.restriction),
            low_risk=customer.risk_level == "low",
        )
    return facts


def last_question(*, application: Application) -> str:
    """What the customer was last asked for, in the officer's words."""
    event = events.for_record(application).filter(action="request_information").first()
    return str(event.detail.get("reason", "")) if event else ""


def of_customer(*, customer: Customer, actor: User) -> QuerySet[Application]:
    """One customer's applications, if the actor reaches them, the oldest first."""
    found = visible_applications(actor=actor).filter(customer=customer)
    return found.select_related(None).select_related("template", "product").order_by("created_at")


def open_of_customer(*, customer: Customer) -> QuerySet[Application]:
    return Application.objects.filter(customer=customer, state__in=OPEN_STATES).order_by(
        "created_at"
    )
