"""Documents that an application asks for; they belong to the customer, whoever asked."""

from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records
from clm.core.models import Event, User
from customers import selectors as customers
from customers import services as shared
from customers.models import Customer, Document
from onboarding import blueprint
from onboarding.lifecycle import CLOSED_STATES, OPEN_STATES
from onboarding.models import Application, ApplicationTask, TaskKind


def hand_in_document(
    *,
    task: ApplicationTask,
    kind: str,
    file: IO[bytes] | bytes,
    name: str = "",
    expires_on: date | None = None,
    zone_lines: str = "",
    actor: User,
    at: datetime,
) -> Document:
    """
    Hand in the document that a task asks for, and tick the task.

    :raises TransitionRefused: the application is closed
    :raises ValidationError: by field, as `customers.services.upload_document`
    """
    application = Application.objects.select_related("customer", "template").get(
        pk=task.application_id
    )
    if application.state in CLOSED_STATES:
        raise lifecycle.TransitionRefused([_("The application is still open")])
    if kind not in blueprint.task_named(application.template.data, task.key).documents:
        raise ValidationError({"kind": _("Choose what it is.")})
    document = shared.upload_document(
        customer=application.customer,
        kind=kind,
        file=file,
        name=name,
        expires_on=expires_on,
        zone_lines=zone_lines,
        actor=actor,
        at=at,
    )
    look_at_documents(customer_id=application.customer_id, at=at)
    return document


def documents_changed(*, event: Event, at: datetime) -> None:
    """A document came, was decided or ran out: open applications that ask for such a one follow."""
    document = Document.objects.filter(pk=event.record_id).first()
    if document is not None:
        look_at_documents(customer_id=document.customer_id, at=at)


def look_at_documents(*, customer_id: UUID, at: datetime) -> None:
    """Tick each open document task for which something stands, and open it where nothing does."""
    tasks = ApplicationTask.objects.filter(
        application__customer_id=customer_id,
        application__state__in=OPEN_STATES,
        kind=TaskKind.DOCUMENT,
    ).select_related("application__template")
    if not tasks:
        return
    customer = Customer.objects.get(pk=customer_id)
    for task in tasks:
        kinds = blueprint.task_named(task.application.template.data, task.key).documents
        stands = customers.standing(
            customer=customer, kinds=kinds, on=timezone.localdate(at)
        ).exists()
        if stands != (task.done_at is not None):
            records.change(
                record=task,
                changes={"done_at": at if stands else None},
                actor=actors.system_user(),
                at=at,
            )
