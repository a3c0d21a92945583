"""What an application asks for follows its answers and its risk; answers once given are kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from clm.core import records
from clm.core.models import User
from customers.models import Customer
from customers.selectors import standing
from onboarding import blueprint, conditions, selectors
from onboarding.models import Application, ApplicationTask, TaskKind


def complete(asked: blueprint.Task, own: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether every question that is required now is answered."""
    return all(
        blueprint.is_given(known.get(one.target) if one.target else own.get(one.key))
        for one in asked.fields
        if one.required
    )


def ask_anew(*, application: Application, actor: User, at: datetime) -> list[str]:
    """
    Bring the tasks to what the template asks now that its facts may be others.

    A task that no longer applies keeps its answers and is out of the way; one that lacks an
    answer now is open again.

    :returns: the keys of tasks that were done and are open now
    """
    customer = Customer.objects.get(pk=application.customer_id)
    application.customer = customer
    tasks = list(ApplicationTask.objects.filter(application=application))
    known = selectors.known_of_customer(customer=customer)
    facts = selectors.facts_of_application(application=application, tasks=tasks, known=known)
    asked = {one.key: one for one in conditions.asked(application.template.data, facts)}
    opened = []
    for task in tasks:
        now = asked.get(task.key)
        changes: dict[str, Any] = {"applies": now is not None}
        if now is not None:
            changes["required"] = now.required
            if (
                task.kind == TaskKind.ANSWERS
                and task.done_at
                and not complete(now, task.answers, known)
            ):
                changes["done_at"] = None
                opened.append(task.key)
            elif task.kind == TaskKind.DOCUMENT and not task.applies and not task.done_at:
                stands = standing(customer=customer, kinds=now.documents, on=timezone.localdate(at))
                changes["done_at"] = at if stands.exists() else None
        if any(getattr(task, name) != value for name, value in changes.items()):
            records.change(record=task, changes=changes, actor=actor, at=at)
    return opened


def open_again(
    *, application: Application, keys: list[str] | tuple[str, ...], actor: User, at: datetime
) -> list[str]:
    """
    Open tasks again that were done; their answers stay to be confirmed or changed.

    :returns: the keys of those that were done
    """
    found = list(
        ApplicationTask.objects.filter(
            application=application, key__in=keys, done_at__isnull=False
        ).exclude(kind=TaskKind.DOCUMENT)
    )
    for task in found:
        records.change(record=task, changes={"done_at": None}, actor=actor, at=at)
    return [one.key for one in found]


def note_opened(
    *, application: Application, because: str, opened: list[str], actor: User, at: datetime
) -> None:
    """Event `reopened` with what was opened again, and the task on which it rested."""
    if opened:
        records.note(
            record=application,
            action="reopened",
            actor=actor,
            at=at,
            payload={"because": because, "tasks": sorted(set(opened))},
        )
