"""The Robinson list: loading it, and what it writes into the consent ledger."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import events, jobs
from clm.core.models import Job, User
from clm.core.tables import is_table
from customers.lifecycle import Stage
from customers.models import LISTINGS, Channel, ConsentEntry, Customer, Decision, Purpose


def start_robinson_import(
    *,
    file: IO[bytes] | bytes,
    file_name: str,
    listed_on: date,
    actor: User,
    at: datetime,
    dry_run: bool = False,
    force: bool = False,
) -> Job:
    """
    Queue the import of a whole Robinson list; it replaces the one before.

    :param force: accept a list that is more than 20 % shorter, or has rows that cannot be read
    :raises PermissionDenied: `actor` may not import the list
    :raises ValidationError: a kind of file that cannot be read, or a date that lies ahead
    """
    if not is_table(file_name):
        raise ValidationError({"file": _("Only CSV, XLSX and JSON Lines files can be read.")})
    if listed_on > timezone.localdate(at):
        raise ValidationError({"listed_on": _("The date of the list lies ahead.")})
    return jobs.start(
        kind="customers.robinson",
        parameters={"listed_on": listed_on.isoformat(), "dry_run": dry_run, "force": force},
        actor=actor,
        at=at,
        file=file,
        file_name=file_name,
    )


def write_listing(
    *, customer_ids: Iterable[UUID], decision: Decision, source: str, actor: User, at: datetime
) -> int:
    """
    Note for many customers that they are on the list, or not any more; how many it was new for.

    Who is noted so already gets no second line. The customers' own version stays: an import
    makes nobody's open form stale.
    """
    with transaction.atomic():
        # Locked in one order, as whoever records a consent locks the customer too.
        ids = list(
            Customer.everyone.select_for_update(of=("self",))
            .filter(pk__in=customer_ids)
            .exclude(stage=Stage.ERASED)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        fresh = changed_by(customer_ids=ids, decision=decision)
        lines = [
            ConsentEntry(
                customer_id=pk, purpose=Purpose.MARKETING, channel=Channel.ANY, decision=decision,
                source=source, at=at, recorded_by=actor,
            )
            for pk in fresh
        ]  # fmt: skip
        ConsentEntry.objects.bulk_create(lines, batch_size=1000)
        events.append(
            drafts=[
                events.Draft(
                    record_type=Customer._meta.label,
                    record_id=line.customer_id,
                    action="robinson",
                    payload={
                        "purpose": line.purpose, "channel": line.channel, "decision": decision,
                        "consent_id": str(line.pk), "source": source,
                    },
                )
                for line in lines
            ],
            actor=actor,
            at=at,
        )  # fmt: skip
    return len(lines)


def changed_by(*, customer_ids: Iterable[UUID], decision: Decision) -> list[UUID]:
    """Those of the customers for whom the decision would be news, in the order of their ids."""
    ids = list(customer_ids)
    listed = {
        pk
        for pk, last in ConsentEntry.objects.filter(customer_id__in=ids, decision__in=LISTINGS)
        .order_by("customer_id", "-at", "-id")
        .distinct("customer_id")
        .values_list("customer_id", "decision")
        if last == Decision.ROBINSON
    }
    on_list = decision == Decision.ROBINSON
    return sorted(pk for pk in ids if (pk not in listed) == on_list)
