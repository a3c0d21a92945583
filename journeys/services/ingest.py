"""The one way in for touchpoints, whoever sends them; the same event twice is no change."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from clm.core import partitions
from journeys.models import Journey, JourneyFeed

_TABLE = "journeys_touchpoint"
_COLUMNS = (
    "at, ended_at, case_id, customer_id, activity, transition, channel, actor, cost, sentiment,"
    " attributes, restricted, id, journey_id, source, external_id, position"
)
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class NewTouchpoint:
    """A touchpoint on its way in; `position` breaks ties of time within its case."""

    external_id: str
    case_id: str
    activity: str
    at: datetime
    position: int
    ended_at: datetime | None = None
    customer_id: UUID | None = None
    transition: str = ""
    channel: str = ""
    actor: str = ""
    cost: Decimal | None = None
    sentiment: int | None = None
    restricted: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """
    How many were new, and how many were there already.

    :param clashes: places in the batch of those whose id is known with other content; what
        was known stays
    """

    added: int
    known: int
    clashes: tuple[int, ...] = ()


def add_touchpoints(*, journey: Journey, source: str, rows: Sequence[NewTouchpoint]) -> Outcome:
    """
    Write touchpoints in one transaction, in a fixed number of statements.

    :param source: who gives the external ids; with the journey it makes them unique
    """
    if not rows:
        return Outcome(added=0, known=0)
    prefix = f"{journey.pk}\x1f{source}\x1f"
    first: dict[str, tuple[int, NewTouchpoint, str]] = {}
    again: list[tuple[int, str, int]] = []
    contents: dict[str, int] = {}
    for place, row in enumerate(rows):
        key = _key(prefix, row.external_id)
        text = _content(row)
        digest = _digest(text)
        if key in first:
            again.append((place, key, digest))
            continue
        first[key] = (place, row, text)
        contents[key] = digest
    with transaction.atomic(), connection.cursor() as cursor:
        # Sorted, so that two writers of the same events cannot deadlock.
        keys = sorted(first)
        cursor.execute(
            "INSERT INTO journeys_touchpointkey (id, journey_id, content)"
            " SELECT key, %s, content FROM unnest(%s::uuid[], %s::bigint[]) AS t (key, content)"
            " ON CONFLICT (id) DO NOTHING RETURNING encode(uuid_send(id), 'hex')",
            [
                journey.pk,
                "{" + ",".join(keys) + "}",
                "{" + ",".join(str(contents[key]) for key in keys) + "}",
            ],
        )
        fresh = {row[0] for row in cursor.fetchall()}
        if fresh:
            new = [(key, row, text) for key, (_place, row, text) in first.items() if key in fresh]
            partitions.ensure_days(table=_TABLE, days={_month(row.at) for _key, row, _text in new})
            _copy(cursor, journey, source, new)
            JourneyFeed.objects.filter(journey=journey).update(
                events=F("events") + len(new), revision=F("revision") + 1
            )
        known = [key for key in first if key not in fresh]
        kept = _kept(cursor, known)
    # What was written before contents were noted has none, and clashes with nothing.
    told = {key: kept.get(key) if key in kept else contents[key] for key in first}
    clashes = [place for place, key, digest in again if told[key] not in {None, digest}]
    clashes += [first[key][0] for key in known if told[key] not in {None, contents[key]}]
    return Outcome(added=len(fresh), known=len(rows) - len(fresh), clashes=tuple(sorted(clashes)))


def touchpoint_id(journey: Journey, source: str, external_id: str) -> str:
    """128 bits of BLAKE2b over where the event comes from and what it is called there, in hex."""
    return _key(f"{journey.pk}\x1f{source}\x1f", external_id)


def _key(prefix: str, external_id: str) -> str:
    named = (prefix + external_id).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(named, digest_size=16).hexdigest()


def _digest(text: str) -> int:
    raw = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True)


def _month(at: datetime) -> date:
    there = at if at.tzinfo is UTC else at.astimezone(UTC)
    return date(there.year, there.month, 1)


def _kept(cursor: Any, keys: Sequence[str]) -> dict[str, int | None]:
    """The digests of what these ids said when they first came."""
    if not keys:
        return {}
    cursor.execute(
        "SELECT encode(uuid_send(id), 'hex'), content FROM journeys_touchpointkey"
        " WHERE id = ANY(%s::uuid[])",
        ["{" + ",".join(keys) + "}"],
    )
    return dict(cursor.fetchall())


def _content(row: NewTouchpoint) -> str:
    # What an event says, in COPY's text format and one expression: imports live in this loop.
    return (
        f"{row.at.isoformat()}\t{row.ended_at.isoformat() if row.ended_at else _NULL}"
        f"\t{_text(row.case_id)}\t{row.customer_id or _NULL}\t{_text(row.activity)}"
        f"\t{_text(row.transition)}\t{_text(row.channel)}\t{_text(row.actor)}"
        f"\t{_NULL if row.cost is None else row.cost}"
        f"\t{_NULL if row.sentiment is None else row.sentiment}"
        f"\t{_text(json.dumps(row.attributes)) if row.attributes else '{}'}\t{row.restricted}"
    )


def _copy(
    cursor: Any, journey: Journey, source: str, rows: Sequence[tuple[str, NewTouchpoint, str]]
) -> None:
    whose = f"\t{journey.pk}\t{_text(source)}\t"
    lines = [
        f"{text}\t{key}{whose}{_text(row.external_id)}\t{row.position}\n" for key, row, text in rows
    ]
    cursor.copy_expert(f"COPY {_TABLE} ({_COLUMNS}) FROM STDIN", io.StringIO("".join(lines)))


def _text(value: str) -> str:
    # Whatever has to be escaped is either not printable or a backslash.
    if value.isprintable() and "\\" not in value:
        return value
    return value.translate(_ESCAPES)
