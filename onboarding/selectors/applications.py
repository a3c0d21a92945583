"""Which applications somebody sees, the template in force, and what the guards need to know."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from clm.core import events
from clm.core.models import User
from customers import selectors as customers
from customers.document_lifecycle import DocumentState
from customers.lifecycle import Stage
from customers.models import Customer, Document, Product
from onboarding import blueprint
from onboarding.kinds import KINDS_OF_PARTY, TemplateKind
from onboarding.lifecycle import (
    OPEN_STATES,
    ApplicationFacts,
    ApplicationState,
)
from onboarding.models import (
    OF_THE_CUSTOMER,
    Application,
    ApplicationTask,
    TaskKind,
)
from onboarding.refusals import BASIC_ACCOUNT


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


def without_application(*, actor: User, kind: TemplateKind | None = None) -> QuerySet[Customer]:
    """
    The prospects within reach for whom no application was opened yet, newest first.

    :param kind: only those who may be asked as this
    """
    found = customers.visible_customers(actor=actor).filter(stage=Stage.PROSPECT, applications=None)
    if kind is not None:
        parties = [party for party, kinds in KINDS_OF_PARTY.items() if kind in kinds]
        found = found.filter(kind__in=parties)
    return found.order_by("-created_at", "-id")


def visible_tasks(*, actor: User) -> QuerySet[ApplicationTask]:
    """The tasks of the applications that the actor may see."""
    applications = visible_applications(actor=actor).order_by().values("pk")
    return ApplicationTask.objects.filter(application__in=applications).select_related(
        "application__customer"
    )


def application_facts(
    *, records: Sequence[Application], at: datetime
) -> Mapping[UUID, ApplicationFacts]:
    """What the guards need, in a few questions however many applications there are."""
    still_open = {
        (row["application"], row["kind"]): row["total"]
        for row in ApplicationTask.objects.filter(
            application__in=[one.pk for one in records], required=True, applies=True, done_at=None
        )
        .order_by()
        .values("application", "kind")
        .annotate(total=Count("pk"))
    }
    reviewed = {
        one.product_id
        for one in records
        if one.state == ApplicationState.IN_REVIEW and one.product_id
    }
    # Asked for where it matters alone: who may be declined.
    basic = (
        set(
            Product.objects.filter(code=BASIC_ACCOUNT, pk__in=reviewed).values_list("pk", flat=True)
        )
        if reviewed
        else set()
    )
    unaccepted = _documents_not_accepted(records, timezone.localdate(at))
    customers_by_id = Customer.objects.only("kyc_cleared_at", "restriction", "risk_level").in_bulk(
        {one.customer_id for one in records}
    )
    facts = {}
    for one in records:
        customer = customers_by_id[one.customer_id]
        facts[one.pk] = ApplicationFacts(
            open_answers=sum(still_open.get((one.pk, kind.value), 0) for kind in OF_THE_CUSTOMER),
            open_checks=still_open.get((one.pk, TaskKind.CHECK.value), 0),
            open_documents=unaccepted.get(one.pk, 0),
            kyc_cleared=customer.kyc_cleared_at is not None,
            restricted=bool(customer.restriction),
            low_risk=customer.risk_level == "low",
            basic_account=one.product_id in basic,
        )
    return facts


def _documents_not_accepted(records: Sequence[Application], on: date) -> dict[UUID, int]:
    """How many required documents nobody has accepted, by application; asked only where there are."""
    asked = [
        (one, blueprint.task_named(one.template.data, key).documents)
        for one, key in _document_tasks(records)
    ]
    if not asked:
        return {}
    accepted = set(
        Document.objects.filter(
            Q(expires_on=None) | Q(expires_on__gte=on),
            customer__in={one.customer_id for one, _kinds in asked},
            state=DocumentState.ACCEPTED,
        ).values_list("customer_id", "kind")
    )
    found: dict[UUID, int] = {}
    for one, kinds in asked:
        if not any((one.customer_id, kind) in accepted for kind in kinds):
            found[one.pk] = found.get(one.pk, 0) + 1
    return found


def _document_tasks(records: Sequence[Application]) -> list[tuple[Application, str]]:
    """The required document tasks of applications, as application and key."""
    by_id = {one.pk: one for one in records}
    rows = ApplicationTask.objects.filter(
        application__in=by_id, required=True, applies=True, kind=TaskKind.DOCUMENT
    ).values_list("application_id", "key")
    return [(by_id[pk], key) for pk, key in rows]


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
