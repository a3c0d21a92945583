"""The customer shows who they are, and the application keeps how sure that is."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clm.core import crypto, lifecycle, records
from clm.core.models import User
from customers import services as customers
from customers.identification import (
    IdentifierKind,
    InvalidIdentifier,
    born_on_of_cpr,
    check_identifier,
    index_purpose,
)
from customers.models import Customer, Identifier, PartyKind
from onboarding.lifecycle import CLOSED_STATES
from onboarding.models import Application, ApplicationIdentity


def show_identity(
    *,
    application: Application,
    number: str,
    provider: str,
    assurance: str,
    transaction_id: str,
    actor: User,
    at: datetime,
) -> ApplicationIdentity:
    """
    Keep that the customer showed who they are: event `identified`.

    The number that the provider vouches for has to be the customer's; where the bank knows none
    yet it becomes it. The same transaction a second time is the first.

    :raises ValidationError: this is somebody else, the number is none, or the customer no person
    :raises TransitionRefused: the application is closed
    """
    with transaction.atomic():
        locked = (
            Application.objects.select_for_update(of=("self",))
            .select_related("customer")
            .get(pk=application.pk)
        )
        if locked.state in CLOSED_STATES:
            raise lifecycle.TransitionRefused([_("The application is still open")])
        _same_person(locked.customer, number, actor, at)
        return keep_identity(
            application=locked, provider=provider, assurance=assurance,
            transaction_id=transaction_id, shown_at=at, actor=actor, at=at,
        )  # fmt: skip


def keep_identity(
    *,
    application: Application,
    provider: str,
    assurance: str,
    transaction_id: str,
    shown_at: datetime,
    actor: User,
    at: datetime,
    role: str = ApplicationIdentity.Role.CUSTOMER,
    name: str = "",
    number_index: bytes | None = None,
) -> ApplicationIdentity:
    """
    Keep what somebody showed who is known to be the customer, or their guardian; the same showing
    counts once.

    :param transaction_id: the provider's own name of it; where it has none, the instant is one
    """
    with transaction.atomic():
        Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        same = Q(transaction_id=transaction_id) if transaction_id else Q(at=shown_at)
        known = application.identities.filter(same, provider=provider).first()
        if known is not None:
            return known
        made = ApplicationIdentity(
            application=application, at=shown_at, provider=provider, assurance=assurance,
            transaction_id=transaction_id, role=role, name=name, number_index=number_index,
        )  # fmt: skip
        made.full_clean()
        made.save(force_insert=True)
        records.note(
            record=application, action="identified", actor=actor, at=at,
            payload={"assurance": assurance, "provider": provider, "role": str(role)},
        )  # fmt: skip
    return made


def _same_person(customer: Customer, number: str, actor: User, at: datetime) -> None:
    if customer.kind != PartyKind.PERSON:
        raise ValidationError(_("Only a person can show who they are this way."))
    try:
        checked = check_identifier(kind=IdentifierKind.CPR, value=number)
    except InvalidIdentifier as error:
        raise ValidationError(str(error)) from None
    index = crypto.blind_index(
        value=checked.value, purpose=index_purpose(kind=checked.kind, country=checked.country)
    )
    known = Identifier.objects.filter(
        customer=customer, kind=checked.kind, country=checked.country
    ).values_list("index", flat=True)
    if not known:
        born_on = born_on_of_cpr(checked.value)
        if customer.born_on and born_on and customer.born_on != born_on:
            # A parent at a child's application, say: their number is not to become the child's.
            raise ValidationError(_("This application is another person’s."))
        customers.add_identifier(
            customer=customer, kind=IdentifierKind.CPR, value=number, actor=actor, at=at
        )
    elif index not in [bytes(one) for one in known]:
        raise ValidationError(_("This application is another person’s."))
