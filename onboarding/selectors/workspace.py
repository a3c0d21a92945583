"""One application as its template words it: steps, answers, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clm.core.web.words import dated
from customers.models import Customer
from onboarding import blueprint, conditions
from onboarding.lifecycle import (
    ANSWERABLE_STATES,
)
from onboarding.models import OF_THE_CUSTOMER, Application, ApplicationTask, TaskKind
from onboarding.selectors.templates import facts_of_application
from onboarding.shape import CUSTOMER_TARGETS


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


def known_of_customer(*, customer: Customer) -> dict[str, Any]:
    """
    What the shared record already answers, by target; identifiers masked.

    This is why nobody is asked twice: a second application finds these answers given.
    """
    known: dict[str, Any] = {}
    for name in CUSTOMER_TARGETS:
        value = getattr(customer, name)
        known[f"customer.{name}"] = value.isoformat() if isinstance(value, date) else value
    points = [one for one in customer.contact_points.all() if one.valid_to is None]
    for point in sorted(points, key=lambda one: (one.valid_from, one.pk), reverse=True):
        known.setdefault(f"contact.{point.kind}", point.value)
    identifiers = customer.identifiers.all()
    for identifier in sorted(identifiers, key=lambda one: one.added_at, reverse=True):
        known.setdefault(f"identifier.{identifier.kind}", identifier.masked)
    return known


def steps(*, application: Application) -> list[StepView]:
    """The application as its template words it, with the answers that are given."""
    known = known_of_customer(customer=application.customer)
    by_key = {one.key: one for one in application.tasks.all()}
    facts = facts_of_application(application=application, tasks=list(by_key.values()), known=known)
    asked = {one.key: one for one in conditions.asked(application.template.data, facts)}
    views = []
    for key, title, group in blueprint.steps(application.template.data):
        tasks = tuple(
            TaskView(
                record=by_key[one.key],
                blueprint=asked.get(one.key, one),
                answers=tuple(
                    _answered(q, by_key[one.key], known) for q in asked.get(one.key, one).fields
                ),
            )
            for one in group
            if one.key in by_key and by_key[one.key].applies
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


def task_to_show(*, views: Sequence[StepView], key: str, state: str) -> TaskView | None:
    """
    The task that is asked for, else the first that is open and may be done now, else the first.
    """
    tasks = [task for step in views for task in step.tasks]
    chosen = next((one for one in tasks if one.record.key == key), None)
    if chosen:
        return chosen
    kinds = OF_THE_CUSTOMER if state in ANSWERABLE_STATES else (TaskKind.CHECK,)
    open_now = (
        one
        for one in tasks
        if one.record.done_at is None and one.record.required and one.record.kind in kinds
    )
    return next(open_now, tasks[0] if tasks else None)


def progress(*, views: Sequence[StepView]) -> tuple[int, int]:
    """How many of the customer's required tasks are done, and how many there are."""
    tasks = [
        task.record
        for step in views
        for task in step.tasks
        if task.record.required and task.record.kind in OF_THE_CUSTOMER
    ]
    return sum(1 for one in tasks if one.done_at), len(tasks)


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
    if question.type == "date":
        try:
            return dated(date.fromisoformat(str(value)), "j F Y")
        except ValueError:
            return str(value)
    return dict(question.choices).get(value, str(value))
