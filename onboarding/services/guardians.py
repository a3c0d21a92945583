"""A guardian shows who they are for a young person, and is recorded as that when it is checked."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, crypto, lifecycle
from clm.core.models import User
from customers import services as customers
from customers.identification import (
    IdentifierKind,
    InvalidIdentifier,
    born_on_of_cpr,
    check_identifier,
    index_purpose,
)
from customers.models import Customer, Identifier, Relation, RelationKind
from onboarding import blueprint
from onboarding.kinds import ADULT, TemplateKind, age
from onboarding.lifecycle import ANSWERABLE_STATES, CLOSED_STATES
from onboarding.models import Application, ApplicationIdentity, ApplicationTask
from onboarding.services.answers import answer_task
from onboarding.services.identities import keep_identity

#: The officer's task that says: this is the guardian; and the question that names them.
CHECK, NAMED = "guardian_check", "guardian_name"


def show_guardian(
    *,
    application: Application,
    number: str,
    name: str,
    provider: str,
    assurance: str,
    transaction_id: str,
    actor: User,
    at: datetime,
) -> ApplicationIdentity:
    """
    Keep that a guardian of the young person showed who they are: event `identified`.

    They are named where nobody is named yet. Of their number only a digest is kept, by which they
    are known if they are a customer; whether they may act for the young person is the officer's
    check.

    :raises ValidationError: nobody is asked for a guardian here, or this one is no adult, or is
        the young person
    :raises TransitionRefused: the application is closed
    """
    with transaction.atomic():
        locked = (
            Application.objects.select_for_update(of=("self",))
            .select_related("customer", "template")
            .get(pk=application.pk)
        )
        if locked.state in CLOSED_STATES:
            raise lifecycle.TransitionRefused([_("The application is still open")])
        index = _of_an_adult(locked, number, timezone.localdate(at))
        made = keep_identity(
            application=locked, provider=provider, assurance=assurance,
            transaction_id=transaction_id, shown_at=at, actor=actor, at=at,
            role=ApplicationIdentity.Role.GUARDIAN, name=name[:200], number_index=index,
        )  # fmt: skip
        _name(locked, name, actor, at)
    return made


def record_guardians(*, task: ApplicationTask, at: datetime) -> list[Relation]:
    """
    After the officer's check: those who showed that they are the guardian and are customers of
    the bank are so from today. Again changes nothing.
    """
    if task.key != CHECK:
        return []
    shown = ApplicationIdentity.objects.filter(
        application=task.application_id, role=ApplicationIdentity.Role.GUARDIAN
    )
    indexes = [bytes(one.number_index) for one in shown if one.number_index]
    child = task.application.customer
    on = timezone.localdate(at)
    known = Relation.objects.filter(other=child, kind=RelationKind.GUARDIAN, valid_to=None)
    found = Customer.objects.filter(
        pk__in=Identifier.objects.filter(index__in=indexes).values("customer")
    ).exclude(pk__in=known.values("customer"))
    return [
        customers.add_relation(
            kind=RelationKind.GUARDIAN, customer=one, other=child, valid_from=on,
            source="application", reason=_("Showed who they are, and was checked as guardian."),
            actor=actors.system_user(), at=at,
        )
        for one in found
    ]  # fmt: skip


def _of_an_adult(application: Application, number: str, on: date) -> bytes:
    if application.template.kind != TemplateKind.YOUNG_PERSON:
        raise ValidationError(_("Nobody is asked for a guardian here."))
    try:
        checked = check_identifier(kind=IdentifierKind.CPR, value=number)
    except InvalidIdentifier as error:
        raise ValidationError(str(error)) from None
    born_on = born_on_of_cpr(checked.value)
    if born_on is None or age(born_on=born_on, on=on) < ADULT:
        raise ValidationError(_("A guardian is of age."))
    index = crypto.blind_index(
        value=checked.value, purpose=index_purpose(kind=checked.kind, country=checked.country)
    )
    if Identifier.objects.filter(customer=application.customer, index=index).exists():
        raise ValidationError(_("A guardian is another than the young person."))
    return index


def _name(application: Application, name: str, actor: User, at: datetime) -> None:
    if not name or application.state not in ANSWERABLE_STATES:
        return
    for task in blueprint.tasks(application.template.data):
        if any(one.key == NAMED for one in task.fields):
            held = ApplicationTask.objects.get(application=application, key=task.key)
            if not blueprint.is_given(held.answers.get(NAMED)):
                answer_task(task=held, answers={NAMED: name}, actor=actor, at=at)
