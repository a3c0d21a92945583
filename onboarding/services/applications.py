"""Opening, assigning and letting go of applications."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import clocks, lifecycle, records
from clm.core.models import User
from customers.models import Customer, Product
from customers.selectors import standing
from onboarding import blueprint, conditions, selectors
from onboarding.kinds import KINDS_OF_PARTY
from onboarding.lifecycle import ApplicationState
from onboarding.models import Application, ApplicationTask, ApplicationTemplate, TaskKind

DRAFT_KEPT = timedelta(days=60)
ANSWER_AWAITED = timedelta(days=30)


def open_for_customer(
    *,
    customer: Customer,
    product: Product | None,
    origin_id: UUID | None = None,
    officer: User | None = None,
    kind: str = "",
    actor: User,
    at: datetime,
) -> Application:
    """
    A draft application with its tasks; what the shared record knows is answered already.

    :param origin_id: the record it comes from; a second call for it returns the first draft
    :param kind: what the customer is asked as; empty for what fits them
    :raises ValidationError: nobody of the customer's kind is asked as that, or no template is in
        force for it
    """
    with transaction.atomic():
        # The customer's row orders those who come at once; a unique key would only refuse.
        customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        if origin_id is not None:
            known = Application.objects.filter(origin_id=origin_id).first()
            if known is not None:
                return known
        kind = kind or selectors.kind_for(customer=customer, on=timezone.localdate(at))
        if kind not in KINDS_OF_PARTY[customer.kind]:
            raise ValidationError({"kind": _("This customer cannot be asked as that.")})
        template = selectors.templates_in_force().get(kind)
        if template is None:
            raise ValidationError({"kind": _("No template is in force for this.")})
        application = records.create(
            record=Application(
                customer=customer,
                product=product,
                template=template,
                officer=officer,
                origin_id=origin_id,
            ),
            actor=actor,
            at=at,
            payload={
                "customer_id": str(customer.pk),
                "product_id": str(product.pk) if product else None,
                "template": template.kind,
                "template_number": template.number,
                "origin_id": str(origin_id) if origin_id else None,
            },
        )
        _make_tasks(application, template, customer, actor, at)
    return application


def assign_officer(
    *,
    application: Application,
    officer: User | None,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Application:
    """
    Say who decides; None puts it back into the backlog.

    :raises StaleVersion: somebody else changed it since `version`
    """
    return records.change(
        record=application, changes={"officer": officer}, actor=actor, at=at, version=version
    )


def change_application(
    *,
    application: Application,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Application:
    """
    Change the product or the officer; the product only while it is a draft.

    :raises TransitionRefused: the product was submitted already
    :raises StaleVersion: somebody else changed it since `version`
    """
    unknown = set(changes) - {"product", "officer"}
    if unknown:
        raise TypeError(f"not to be changed: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        if "product" in changes and locked.state != ApplicationState.DRAFT:
            raise lifecycle.TransitionRefused([_("The application is a draft")])
        return records.change(record=locked, changes=changes, actor=actor, at=at, version=version)


def send_in(*, application: Application, actor: User, at: datetime) -> Application:
    """
    Send in a draft, or what the customer was asked for besides; what is sent in stays as it is.

    :raises TransitionRefused: something is missing
    """
    name = {
        ApplicationState.DRAFT: "submit",
        ApplicationState.INFORMATION_REQUESTED: "resume",
    }
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        state = ApplicationState(locked.state)
        if state not in name:
            return locked
        return lifecycle.perform(record=locked, name=name[state], actor=actor, at=at)


def expire_abandoned(*, actor: User, at: datetime, limit: int = 500) -> int:
    """
    Let go of drafts nobody touched for 60 days and of questions unanswered for 30.

    :returns: how many expired
    """
    done = 0
    for state, kept in (
        (ApplicationState.DRAFT, DRAFT_KEPT),
        (ApplicationState.INFORMATION_REQUESTED, ANSWER_AWAITED),
    ):
        old = list(
            Application.objects.filter(state=state, updated_at__lt=at - kept).order_by("id")[:limit]
        )
        outcome = lifecycle.perform_many(records=old, name="expire", actor=actor, at=at)
        done += len(outcome.done)
    return done


def _make_tasks(
    application: Application,
    template: ApplicationTemplate,
    customer: Customer,
    actor: User,
    at: datetime,
) -> None:
    known = selectors.known_of_customer(customer=customer)
    facts = selectors.facts_of_application(application=application, tasks=[], known=known)
    asked = {one.key: one for one in conditions.asked(template.data, facts)}
    made = []
    for position, task in enumerate(blueprint.tasks(template.data)):
        made.append(
            ApplicationTask(
                application=application,
                step=task.step,
                key=task.key,
                kind=task.kind,
                position=position,
                required=asked.get(task.key, task).required,
                applies=task.key in asked,
                due_at=clocks.add_business_hours(start=at, hours=task.hours)
                if task.hours
                else None,
                done_at=at
                if _answered_before(
                    asked.get(task.key, task), known, customer, timezone.localdate(at)
                )
                else None,
            )
        )
    records.create_many(records=made, actor=actor, at=at)


def _answered_before(
    task: blueprint.Task, known: dict[str, object], customer: Customer, on: date
) -> bool:
    if task.kind == TaskKind.DOCUMENT:
        return standing(customer=customer, kinds=task.documents, on=on).exists()
    required = [one for one in task.fields if one.required]
    return (
        task.kind == TaskKind.ANSWERS
        and bool(required)
        and all(one.target and blueprint.is_given(known.get(one.target)) for one in required)
    )
