"""Importing an event log from a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from clm.core.models import User
from customers import selectors as customers
from journeys.logs import BadRow, EventRow, LogBroken, read_log
from journeys.models import Journey
from journeys.services.ingest import NewTouchpoint, add_touchpoints

_BATCH = 5000
SOURCE = "log"


@dataclass
class Imported:
    """
    What became of a file: rows read, new ones, ones known before, and ones left out.

    `broken` says why what follows the last row could not be read; empty for a whole file.
    """

    read: int = 0
    added: int = 0
    known: int = 0
    broken: str = ""
    errors: list[BadRow] = field(default_factory=list)


def import_log(
    *,
    stream: IO[bytes],
    journey: Journey,
    actor: User,
    at: datetime,
    columns: Mapping[str, str] | None = None,
    zone: tzinfo = UTC,
) -> Imported:
    """
    Take in a CSV or XES log; a second time changes nothing.

    Good rows are kept and bad ones named, also those before the place where a file breaks off:
    the whole file, imported later, adds the rest.

    :param columns: what its columns mean, beside the names everybody knows
    :param zone: where times without an offset are told
    :raises LogRefused: the file as a whole cannot be read
    """
    done = Imported()
    batch: list[EventRow] = []
    with transaction.atomic():
        try:
            for row in read_log(stream, columns=columns, zone=zone, now=at):
                done.read += 1
                if isinstance(row, BadRow):
                    done.errors.append(row)
                    continue
                batch.append(row)
                if len(batch) == _BATCH:
                    _write(done, journey, batch, actor)
                    batch = []
        except LogBroken as broken:
            done.broken = str(broken)
            detail = _("here the file breaks off: %(why)s") % {"why": broken}
            done.errors.append(BadRow(broken.line + 1, "", detail))
        _write(done, journey, batch, actor)
    return done


def _write(done: Imported, journey: Journey, batch: Sequence[EventRow], actor: User) -> None:
    known = _known_customers(batch, actor)
    outcome = add_touchpoints(
        journey=journey, source=SOURCE, rows=[_touchpoint(row, known) for row in batch]
    )
    done.added += outcome.added
    done.known += outcome.known - len(outcome.clashes)
    for place in outcome.clashes:
        detail = _("this id is known with other content, which stays")
        done.errors.append(BadRow(batch[place].line, "external_id", detail))


def _touchpoint(row: EventRow, known: Mapping[str, UUID]) -> NewTouchpoint:
    attributes = dict(row.attributes)
    customer_id = known.get(row.customer_id)
    if row.customer_id and customer_id is None:
        # Parked where it can be seen, and linked when such a customer is known.
        attributes["customer_id"] = row.customer_id
    return NewTouchpoint(
        external_id=row.external_id,
        case_id=row.case_id,
        activity=row.activity,
        at=row.at,
        position=row.line,
        ended_at=row.ended_at,
        customer_id=customer_id,
        transition=row.transition,
        channel=row.channel,
        actor=row.actor,
        cost=row.cost,
        sentiment=row.sentiment,
        attributes=attributes,
    )


def _known_customers(batch: Sequence[EventRow], actor: User) -> dict[str, UUID]:
    named: dict[str, UUID] = {}
    for row in batch:
        if row.customer_id:
            try:
                named[row.customer_id] = UUID(row.customer_id)
            except ValueError:
                continue
    if not named:
        return {}
    reached: set[UUID] = set(
        customers.visible_customers(actor=actor)
        .filter(pk__in=set(named.values()))
        .values_list("pk", flat=True)
    )
    return {text: key for text, key in named.items() if key in reached}
