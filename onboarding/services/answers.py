"""Taking in answers and the officer's checks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import lifecycle, records
from clm.core.models import User
from customers import services as customers
from customers.models import ContactPoint, Customer
from onboarding import blueprint, conditions, selectors
from onboarding.lifecycle import ANSWERABLE_STATES
from onboarding.models import Application, ApplicationTask, TaskKind
from onboarding.services.asked import ask_anew, complete, note_opened, open_again


def answer_task(
    *,
    task: ApplicationTask,
    answers: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> ApplicationTask:
    """
    Take in some or all answers of a task; it is done when every required one is given.

    What belongs to the shared record is written there, the rest stays with the task. A
    number that is shown masked stays as it is when its answer is empty. When an answer of a
    task that was done becomes another, what the template says rests on it is opened again; and
    what is asked besides follows the new answers. Answers are kept whatever is opened.

    :raises ValidationError: by question; then nothing is kept
    :raises TransitionRefused: the application is being decided, or is closed
    :raises StaleVersion: somebody else answered since `version`
    """
    with transaction.atomic():
        application = _lock(task)
        if application.state not in ANSWERABLE_STATES:
            raise lifecycle.TransitionRefused(
                [_("The application is a draft, or the customer was asked for more")]
            )
        if task.kind != TaskKind.ANSWERS:
            raise lifecycle.TransitionRefused([_("This is a question to the customer")])
        asked = blueprint.task_named(application.template.data, task.key)
        cleaned = blueprint.clean(asked, answers)
        task = ApplicationTask.objects.get(pk=task.pk)
        before = _answers(asked, task.answers, _known(application))
        own = dict(task.answers)
        shared: dict[str, Any] = {}
        for question in asked.fields:
            if question.key not in cleaned:
                continue
            if question.target:
                shared[question.target] = (question.key, cleaned[question.key])
            else:
                own[question.key] = cleaned[question.key]
        application.customer = _write_shared(application.customer, shared, actor, at)
        known = _known(application)
        # Told by the answers as they are now: one of them may ask for another.
        others = application.tasks.exclude(pk=task.pk)
        written = ApplicationTask(key=task.key, answers=own)
        facts = selectors.facts_of_application(
            application=application, tasks=[*others, written], known=known
        )
        now = conditions.asked(application.template.data, facts)
        asked_now = next((one for one in now if one.key == task.key), asked)
        done = complete(asked_now, own, known)
        was_done = task.done_at is not None
        kept = records.change(
            record=task,
            changes={"answers": own, "done_at": (task.done_at or at) if done else None},
            actor=actor,
            at=at,
            version=version,
        )
        opened = ask_anew(application=application, actor=actor, at=at)
        if was_done and before != _answers(asked, own, known):
            opened += open_again(application=application, keys=asked.reopens, actor=actor, at=at)
        note_opened(application=application, because=task.key, opened=opened, actor=actor, at=at)
        return kept


def _lock(task: ApplicationTask) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("customer", "template", "product")
        .get(pk=task.application_id)
    )


def _known(application: Application) -> dict[str, Any]:
    customer = Customer.objects.get(pk=application.customer_id)
    return selectors.known_of_customer(customer=customer)


def _answers(
    asked: blueprint.Task, own: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        one.key: known.get(one.target) if one.target else own.get(one.key) for one in asked.fields
    }


def _write_shared(
    customer: Customer, shared: Mapping[str, tuple[str, Any]], actor: User, at: datetime
) -> Customer:
    """Write answers to the shared record; errors come back under the question's key."""
    changes: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for target, (key, value) in shared.items():
        place, name = target.split(".", 1)
        match place:
            case "customer":
                keys[name] = key
                changes[name] = _customer_value(name, value)
            case "contact" if value:
                keys[f"{name}s"] = key
                changes[f"{name}s"] = _with_contact(customer, name, value)
            case "identifier" if value:
                _write_identifier(customer, name, key, value, actor, at)
    if not changes:
        return customer
    try:
        return customers.change_customer(customer=customer, changes=changes, actor=actor, at=at)
    except ValidationError as error:
        raise _by_question(error, keys) from None


def _customer_value(name: str, value: Any) -> Any:
    if name == "born_on":
        return date.fromisoformat(value) if value else None
    return value


def _with_contact(customer: Customer, kind: str, value: str) -> list[str]:
    """The customer's contacts of a kind with the given one in place of the one that was shown."""
    current = list(
        ContactPoint.objects.filter(customer=customer, kind=kind, valid_to=None)
        .order_by("-valid_from", "-id")
        .values_list("value", flat=True)
    )
    return [value, *current[1:]]


def _write_identifier(
    customer: Customer, kind: str, key: str, value: str, actor: User, at: datetime
) -> None:
    try:
        customers.add_identifier(customer=customer, kind=kind, value=value, actor=actor, at=at)
    except ValidationError as error:
        raise ValidationError({key: error.messages}) from None


def _by_question(error: ValidationError, keys: Mapping[str, str]) -> ValidationError:
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError(
        {keys.get(name, name): found for name, found in error.message_dict.items()}
    )
