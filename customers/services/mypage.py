"""What customers do for themselves once they have shown who they are."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clm.core import access, actors, clocks, records, work
from clm.core.models import Job, Task, User
from customers.models import Customer, Identifier, SignIn
from customers.selectors import mypage
from customers.services.parts import lock
from customers.services.privacy import start_subject_access

#: A value that is wrong is put right without undue delay (GDPR art. 16; a month at most, art. 12).
CORRECTION_DAYS = 5
#: A copy of everything is work; the one that was just made says the same.
PACK_EVERY = timedelta(hours=1)
CORRECTABLE = (
    "name", "born_on", "nationalities", "residence_country", "tax_countries", "occupation",
    "language", "address", "email", "phone", "other",
)  # fmt: skip


def sign_in(
    *, number: str, assurance: str, provider: str, transaction_id: str, at: datetime
) -> tuple[SignIn, Identifier | None]:
    """
    Write down that somebody showed who they are, and say whose page that is.

    People are known by their CPR number alone, never by a name. Whoever is not known leaves a
    row without a customer.

    :returns: the row, and the number of the customer; None for who has no page here
    """
    found = mypage.person_with_number(number=number)
    row = SignIn(
        customer=found.customer if found else None,
        at=at,
        outcome=SignIn.Outcome.IN if found else SignIn.Outcome.UNKNOWN,
        assurance=assurance,
        provider=provider,
        # Who is not known is not to be found by the broker's name for them either.
        transaction_id=transaction_id if found else "",
    )
    row.full_clean()
    with transaction.atomic():
        row.save(force_insert=True)
        if found is not None:
            access.write(
                actor=actors.themself(customer_id=found.customer_id),
                kind="read",
                route="my:signed_in",
                record_type=Customer._meta.label,
                record_ids=[str(found.customer_id)],
                reason=shown_as(sign_in=row),
                at=at,
            )
    return row, found


def sign_out(*, sign_in: SignIn, at: datetime) -> SignIn:
    """Write down that somebody left."""
    return SignIn.objects.create(
        customer_id=sign_in.customer_id,
        at=at,
        outcome=SignIn.Outcome.OUT,
        assurance=sign_in.assurance,
        provider=sign_in.provider,
        transaction_id=sign_in.transaction_id,
    )


def shown_as(*, sign_in: SignIn) -> str:
    """How somebody showed who they are, for the access log."""
    return f"e-ID {sign_in.assurance}, {sign_in.transaction_id or '–'}"


def ask_correction(*, customer: Customer, field: str, says: str, actor: User, at: datetime) -> Task:
    """
    The customer says that a value is wrong: a task for the adviser (GDPR art. 16).

    What it should be stands in the erasable part of the event on the customer's chain.

    :raises PermissionDenied: only the customer asks this way
    :raises ValidationError: an unknown field, nothing said, or asked already and not looked at
    """
    if not actors.may(actor=actor, permission="customers.ask_correction"):
        raise PermissionDenied(_("You may not do this."))
    if field not in CORRECTABLE:
        raise ValidationError(_("This value is not known."))
    if len(says.strip()) < 2:
        raise ValidationError({"says": _("Say what is right.")})
    with transaction.atomic():
        locked = lock(customer=customer)
        waiting = [one for one in mypage.corrections(customer=locked) if one.done_at is None]
        if any(one.field == field for one in waiting):
            raise ValidationError(_("You have asked for this already; we are looking at it."))
        task = work.add_task(
            title=_("Customer asks for a correction"),
            record=locked,
            assignee=locked.adviser,
            due_at=clocks.add_business_days(start=at, days=CORRECTION_DAYS),
            url=reverse("customers:customer", args=[locked.pk]),
            actor=actor,
            at=at,
        )
        records.note(
            record=locked,
            action=mypage.CORRECTION,
            actor=actor,
            at=at,
            reason=says.strip(),
            payload={"field": field, "task_id": str(task.pk)},
        )
    return task


def order_pack(*, customer: Customer, actor: User, at: datetime) -> Job:
    """
    Order a copy of one's own data; one that is being made, or was made this hour, is the answer.

    :raises PermissionDenied: `actor` may not have it
    """
    with transaction.atomic():
        lock(customer=customer)
        last = mypage.own_packs(customer=customer).first()
        made = last is not None and last.state == Job.State.DONE
        if last and (last.is_open or (made and last.created_at > at - PACK_EVERY)):
            return last
        return start_subject_access(customer=customer, actor=actor, at=at)
