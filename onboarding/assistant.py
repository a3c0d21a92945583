"""
What the assistant knows of an application: what is missing, where it is, which document.

It says nothing that the customer may not read: between sending it in and the answer there is one
state, and who looks at what, and why, is not told (hvidvaskloven § 38).
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core.assistant.topics import Topic, topics
from customers.models import DocumentKind
from customers.selectors import standing
from onboarding import selectors
from onboarding.lifecycle import ANSWERABLE_STATES, CLOSED_STATES, ApplicationState
from onboarding.models import OF_THE_CUSTOMER, Application, TaskKind
from onboarding.selectors import StepView

_WORDINGS = Path(__file__).parent / "seed" / "topics.json"


def status(application: Application) -> list[str]:
    """Where it is, and what comes next."""
    match application.state:
        case ApplicationState.DRAFT:
            return [_("Your application is not sent in yet."), *_to_do(application)]
        case ApplicationState.INFORMATION_REQUESTED:
            return [_("We need something from you before we can go on."), *_asked(application)]
        case ApplicationState.ACTIVATED:
            return [_("Your application is done: your product is open.")]
    if application.state in CLOSED_STATES:
        return [_("Your application is closed. We have written to you about it, or will.")]
    said = [_("We have your application and are working on it. You need do nothing more now.")]
    if application.due_at and application.due_at > timezone.now():
        day = formats.date_format(timezone.localtime(application.due_at), "j F Y")
        said.append(_("You hear from us by %(day)s.") % {"day": day})
    return said


def missing(application: Application) -> list[str]:
    """What is the customer's to do."""
    if application.state not in ANSWERABLE_STATES:
        return status(application)
    return [*_asked(application), *_to_do(application)]


def documents(application: Application) -> list[str]:
    """Which documents are asked for, and what has been handed in."""
    said = []
    today = timezone.localdate()
    tasks = [
        one
        for step in _customers_steps(application)
        for one in step.tasks
        if one.record.kind == TaskKind.DOCUMENT
    ]
    names = dict(DocumentKind.choices)
    for one in tasks:
        kinds = one.blueprint.documents
        held = list(standing(customer=application.customer, kinds=kinds, on=today))
        values = {
            "task": one.blueprint.title,
            "documents": _(" or ").join(str(names.get(kind, kind)) for kind in kinds),
        }
        if held or one.record.done_at:
            said.append(_("%(task)s: we have received it.") % values)
        elif application.state in ANSWERABLE_STATES:
            said.append(_("%(task)s: send us %(documents)s.") % values)
    return [*_asked(application), *said] or [
        _("We need no documents from you for this application.")
    ]


def _to_do(application: Application) -> list[str]:
    open_tasks = selectors.missing(views=_customers_steps(application))
    if not open_tasks:
        if application.state == ApplicationState.DRAFT:
            return [_("You have answered everything: send it in.")]
        return [_("You have answered everything: send the answers in.")]
    return [_("This is missing:"), *(f"– {one}" for one in open_tasks)]


def _asked(application: Application) -> list[str]:
    if application.state != ApplicationState.INFORMATION_REQUESTED:
        return []
    question = selectors.last_question(application=application)
    return [_("We asked you: “%(question)s”") % {"question": question}] if question else []


def _customers_steps(application: Application) -> list[StepView]:
    return [
        replace(one, tasks=tuple(task for task in one.tasks if task.record.kind in OF_THE_CUSTOMER))
        for one in selectors.steps(application=application)
    ]


def register() -> None:
    wordings = json.loads(_WORDINGS.read_text(encoding="utf-8"))
    for name, title, tell in (
        ("onboarding.status", gettext_lazy("Your application"), status),
        ("onboarding.missing", gettext_lazy("What is missing"), missing),
        ("onboarding.documents", gettext_lazy("Your documents"), documents),
    ):
        topics.register(
            Topic(
                name=name,
                title=title,
                asked=wordings[name]["asked"],
                named=[
                    word.strip() for line in wordings[name]["named"] for word in line.split(",")
                ],
                answer=_of_application(tell),
            )
        )


def _of_application(tell: Any) -> Any:
    def answer(subject: Any) -> Sequence[str] | None:
        return tell(subject) if isinstance(subject, Application) else None

    return answer
