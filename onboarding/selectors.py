"""Reading applications: who sees which, what is missing, the queue and its load."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from clm.core import events
from clm.core.models import User
from customers import selectors as customers
from customers.models import ContactPoint, Customer, Identifier
from onboarding import blueprint
from onboarding.lifecycle import (
    ANSWERABLE_STATES,
    CLOSED_STATES,
    OPEN_STATES,
    ApplicationFacts,
    ApplicationState,
)
from onboarding.models import Application, ApplicationTask, ApplicationTemplate, TaskKind

_PAUSED = ApplicationState.INFORMATION_REQUESTED

# The fields of the customer that a template may fill.
CUSTOMER_TARGETS = (
    "given_names",
    "family_name",
    "name",
    "born_on",
    "birth_place",
    "nationalities",
    "residence_country",
    "tax_countries",
    "occupation",
    "legal_form",
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what is known of its answer; a secret is masked."""

    question: blueprint.Field
    value: Any
    shown: str

    @property
    def given(self) -> bool:
        return blueprint.is_given(self.value)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with its wording and its answers."""

    record: ApplicationTask
    blueprint: blueprint.Task
    answers: tuple[Answered, ...]

    @property
    def missing(self) -> list[str]:
        return [
            one.question.label for one in self.answers if one.question.required and not one.given
        ]


@dataclass(frozen=True, slots=True)
class StepView:
    """A step with its tasks; done when every required one is."""

    key: str
    title: str
    tasks: tuple[TaskView, ...]

    @property
    def done(self) -> bool:
        return all(one.record.done_at or not one.record.required for one in self.tasks)


@dataclass(frozen=True, slots=True)
class Load:
    """An officer's open applications, and those past their deadline."""

    officer: User | None
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The queue in numbers; None where there is nothing to divide by yet."""

    open: int
    late: int
    backlog: int
    median_seconds: float | None
    straight_through: float | None


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


def application_facts(*, records: Sequence[Application]) -> Mapping[UUID, ApplicationFacts]:
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


def known_of_customer(*, customer: Customer) -> dict[str, Any]:
    """
    What the shared record already answers, by target; identifiers masked.

    This is why nobody is asked twice: a second application finds these answers given.
    """
    known: dict[str, Any] = {}
    for name in CUSTOMER_TARGETS:
        value = getattr(customer, name)
        known[f"customer.{name}"] = value.isoformat() if isinstance(value, date) else value
    points = ContactPoint.objects.filter(customer=customer, valid_to=None)
    for point in points.order_by("-valid_from", "-id"):
        known.setdefault(f"contact.{point.kind}", point.value)
    for identifier in Identifier.objects.filter(customer=customer).order_by("-added_at"):
        known.setdefault(f"identifier.{identifier.kind}", identifier.masked)
    return known


def steps(*, application: Application) -> list[StepView]:
    """The application as its template words it, with the answers that are given."""
    known = known_of_customer(customer=application.customer)
    by_key = {one.key: one for one in application.tasks.all()}
    views = []
    for key, title, group in blueprint.steps(application.template.data):
        tasks = tuple(
            TaskView(
                record=by_key[one.key],
                blueprint=one,
                answers=tuple(_answered(q, by_key[one.key], known) for q in one.fields),
            )
            for one in group
            if one.key in by_key
        )
        if tasks:
            views.append(StepView(key=key, title=title, tasks=tasks))
    return views


def missing(*, views: Iterable[StepView]) -> list[str]:
    """What is still to be done, in words, by task."""
    found = []
    for step in views:
        for task in step.tasks:
            if task.record.required and task.record.done_at is None:
                words = ", ".join(task.missing)
                found.append(f"{task.blueprint.title}: {words}" if words else task.blueprint.title)
    return found


def queue(*, actor: User, view: str = "open") -> QuerySet[Application]:
    """
    The officer's list, nearest deadline first, what waits for the customer last.

    :param view: `open`, `mine`, `unassigned`, `waiting` (for the customer), `late` or `closed`
    """
    applications = visible_applications(actor=actor)
    if view == "closed":
        return applications.filter(state__in=CLOSED_STATES).order_by("-state_since", "-id")
    applications = applications.filter(state__in=OPEN_STATES)
    match view:
        case "mine":
            applications = applications.filter(officer=actor)
        case "unassigned":
            applications = applications.filter(officer=None).exclude(state=ApplicationState.DRAFT)
        case "waiting":
            applications = applications.filter(
                state__in=[ApplicationState.DRAFT, ApplicationState.INFORMATION_REQUESTED]
            )
        case "review":
            applications = applications.filter(state=ApplicationState.IN_REVIEW)
    return applications.order_by("paused_at", "due_at", "id")


def load(*, actor: User, at: datetime) -> list[Load]:
    """Open applications an officer, most first; the one without officer is the backlog."""
    rows = list(
        visible_applications(actor=actor)
        .filter(state__in=OPEN_STATES)
        .exclude(state=ApplicationState.DRAFT)
        .order_by()
        .values("officer")
        .annotate(total=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at) & ~Q(state=_PAUSED)))
    )
    officers = User.objects.in_bulk([row["officer"] for row in rows])
    loads = [Load(officers.get(row["officer"]), row["total"], row["late"]) for row in rows]
    return sorted(loads, key=lambda one: (one.officer is None, -one.count))


def figures(*, actor: User, at: datetime) -> Figures:
    """The queue in numbers; the median is over the decisions of the last 30 days."""
    applications = visible_applications(actor=actor).order_by()
    running = applications.filter(state__in=OPEN_STATES).exclude(state=ApplicationState.DRAFT)
    decided = applications.filter(
        decided_at__gte=at - timedelta(days=30), submitted_at__isnull=False
    )
    waits = [
        (end - start).total_seconds()
        for start, end in decided.values_list("submitted_at", "decided_at")
        if start and end
    ]
    approved = decided.filter(state__in=[ApplicationState.APPROVED, ApplicationState.ACTIVATED])
    alone = approved.filter(straight_through=True).count()
    total = approved.count()
    return Figures(
        open=running.count(),
        late=running.filter(due_at__lt=at).exclude(state=_PAUSED).count(),
        backlog=running.filter(officer=None, state=ApplicationState.IN_REVIEW).count(),
        median_seconds=median(waits) if waits else None,
        straight_through=alone / total if total else None,
    )


def counts(*, actor: User) -> dict[str, int]:
    """How many applications each view of the queue has; the closed ones are not counted."""
    names = ("open", "mine", "review", "unassigned", "waiting")
    return {name: queue(actor=actor, view=name).order_by().count() for name in names}


def task_to_show(*, views: Sequence[StepView], key: str, state: str) -> TaskView | None:
    """
    The task that is asked for, else the first that is open and may be done now, else the first.
    """
    tasks = [task for step in views for task in step.tasks]
    chosen = next((one for one in tasks if one.record.key == key), None)
    if chosen:
        return chosen
    kind = TaskKind.ANSWERS if state in ANSWERABLE_STATES else TaskKind.CHECK
    open_now = (one for one in tasks if one.record.done_at is None and one.record.kind == kind)
    return next(open_now, tasks[0] if tasks else None)


def progress(*, views: Sequence[StepView]) -> tuple[int, int]:
    """How many of the customer's required tasks are done, and how many there are."""
    tasks = [
        task.record
        for step in views
        for task in step.tasks
        if task.record.required and task.record.kind == TaskKind.ANSWERS
    ]
    return sum(1 for one in tasks if one.done_at), len(tasks)


def last_question(*, application: Application) -> str:
    """What the customer was last asked for, in the officer's words."""
    event = events.for_record(application).filter(action="request_information").first()
    return str(event.detail.get("reason", "")) if event else ""


def waiting_for(*, actor: User) -> int:
    """Applications in review that are the actor's or nobody's: the number in the menu."""
    return (
        visible_applications(actor=actor)
        .filter(Q(officer=actor) | Q(officer=None), state=ApplicationState.IN_REVIEW)
        .order_by()
        .count()
    )


def open_of_customer(*, customer: Customer) -> QuerySet[Application]:
    return Application.objects.filter(customer=customer, state__in=OPEN_STATES).order_by(
        "created_at"
    )


def _answered(
    question: blueprint.Field, record: ApplicationTask, known: Mapping[str, Any]
) -> Answered:
    value = known.get(question.target) if question.target else record.answers.get(question.key)
    return Answered(question=question, value=value, shown=_shown(question, value))


def _shown(question: blueprint.Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if question.type == "yes":
        return "✓" if value else ""
    return dict(question.choices).get(value, str(value))
