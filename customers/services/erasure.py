"""Erasure after the retention date: asked for by one, released by another."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext as _

from clm.core import actors, approvals, jobs, registries
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Approval, Job, Task, User
from customers.lifecycle import ENDED, retention_has_ended
from customers.models import Customer
from customers.selectors import customer_facts
from customers.selectors.duplicates import records_of


def ask_erasure(*, customer: Customer, actor: User, at: datetime, reason: str) -> Approval:
    """
    Ask a second person to erase a customer; the transition `erase` decides it.

    :raises TransitionRefused: the relationship has not ended, or its retention date lies ahead
    """
    if not actors.may(actor=actor, permission="customers.erase_customer"):
        raise PermissionDenied(_("You may not ask for erasure."))
    facts = customer_facts(records=[customer], at=at)[customer.pk]
    if customer.stage not in ENDED or not retention_has_ended.check(customer, facts):
        raise TransitionRefused([retention_has_ended.sentence])
    return approvals.open_approval(
        record=customer,
        action="customers.erase",
        actor=actor,
        at=at,
        shown=approvals.snapshot(customer),
        reason=reason,
    )


def blank_registered(*, customer: Customer) -> list[UUID]:
    """
    Blank what every app holds about the customer, as its `PersonalData` says; tasks likewise.
    What stayed with a record that was merged into this one is held about the customer as well.

    :returns: the records concerned
    """
    ids: list[UUID] = []
    about = records_of(customer=customer)
    for entry in registries.personal_data:
        if not entry.customer_path:
            continue
        held = entry.held(customers=about)
        found = list(held.values_list("pk", flat=True))
        ids += [one for one in found if isinstance(one, UUID)]
        if found and entry.blank:
            held.update(**entry.blank)
    Task.objects.filter(record_id__in=[*about, *ids]).update(title="—")
    return ids


def drop_packs(*, customer_ids: Sequence[UUID]) -> None:
    """Delete the copies of everything that were made for the customers."""
    ids = [str(one) for one in customer_ids]
    packs = Job.objects.filter(kind="customers.subject_access", parameters__customer_id__in=ids)
    # One that is being made right now is waited for.
    list(packs.select_for_update(of=("self",)).order_by("pk"))
    jobs.drop_files(of=packs)


def erase_words(*, record_ids: Sequence[UUID]) -> None:
    """Erase the words of the records' events, their histories, and what approvals showed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clm_erase_details(one) FROM unnest(%s::uuid[]) AS one",
            [[str(one) for one in record_ids]],
        )
