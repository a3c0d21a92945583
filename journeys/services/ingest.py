"""The one way in for touchpoints, whoever sends them; the same event twice is no change."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from journeys.models import Journey, JourneyFeed

_TABLE = "journeys_touchpoint"
_COLUMNS = (
    "id, at, ended_at, journey_id, case_id, customer_id, activity, transition, channel, actor,"
    " cost, sentiment, attributes, source, external_id, position, restricted"
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
    """How many were new, and how many were there already."""

    added: int
    known: int


def add_touchpoints(*, journey: Journey, source: str, rows: Sequence[NewTouchpoint]) -> Outcome:
    """
    Write touchpoints in one transaction, in a fixed number of statements.

    :param source: who gives the external ids; with the journey it makes them unique
    """
    if not rows:
        return Outcome(added=0, known=0)
    by_id = {touchpoint_id(journey, source, row.external_id): row for row in rows}
    with transaction.atomic(), connection.cursor() as cursor:
        # Sorted, so that two writers of the same events cannot deadlock.
        keys = "{" + ",".join(sorted(by_id)) + "}"
        cursor.execute(
            "INSERT INTO journeys_touchpointkey (id, journey_id)"
            " SELECT key, %s FROM unnest(%s::uuid[]) AS key"
            " ON CONFLICT (id) DO NOTHING RETURNING encode(uuid_send(id), 'hex')",
            [journey.pk, keys],
        )
        fresh = {row[0] for row in cursor.fetchall()}
        new = [(key, row) for key, row in by_id.items() if key in fresh]
        if new:
            _ensure_partitions(cursor, [row.at for _key, row in new])
            _copy(cursor, journey, source, new)
            JourneyFeed.objects.filter(journey=journey).update(
                events=F("events") + len(new), revision=F("revision") + 1
            )
    return Outcome(added=len(new), known=len(rows) - len(new))


def touchpoint_id(journey: Journey, source: str, external_id: str) -> str:
    """128 bits of BLAKE2b over where the event comes from and what it is called there, in hex."""
    named = f"{journey.pk}\x1f{source}\x1f{external_id}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(named, digest_size=16).hexdigest()


def _ensure_partitions(cursor: Any, instants: Sequence[datetime]) -> None:
    months = {(at.year, at.month) for at in (one.astimezone(UTC) for one in instants)}
    names = {f"{_TABLE}_p{year:04d}_{month:02d}": (year, month) for year, month in months}
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s)", [list(names)]
    )
    missing = sorted(set(names) - {row[0] for row in cursor.fetchall()})
    if missing:
        # One at a time: two that make the same month at once would collide.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_TABLE])
    for name in missing:
        year, month = names[name]
        following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        cursor.execute(
            "SELECT clm_make_partition(%s, %s, %s, %s)",
            [
                _TABLE,
                f"{year:04d}_{month:02d}",
                datetime(year, month, 1, tzinfo=UTC).isoformat(),
                following.isoformat(),
            ],
        )


def _copy(
    cursor: Any, journey: Journey, source: str, rows: Sequence[tuple[str, NewTouchpoint]]
) -> None:
    # Lines of COPY's text format, one expression each: this is the loop that imports live in.
    owner, origin = str(journey.pk), _text(source)
    lines = [
        f"{key}\t{row.at.isoformat()}\t{row.ended_at.isoformat() if row.ended_at else _NULL}"
        f"\t{owner}\t{_text(row.case_id)}\t{row.customer_id or _NULL}\t{_text(row.activity)}"
        f"\t{_text(row.transition)}\t{_text(row.channel)}\t{_text(row.actor)}"
        f"\t{_NULL if row.cost is None else row.cost}"
        f"\t{_NULL if row.sentiment is None else row.sentiment}"
        f"\t{_text(json.dumps(row.attributes)) if row.attributes else '{}'}"
        f"\t{origin}\t{_text(row.external_id)}\t{row.position}\t{row.restricted}\n"
        for key, row in rows
    ]
    cursor.copy_expert(f"COPY {_TABLE} ({_COLUMNS}) FROM STDIN", io.StringIO("".join(lines)))


def _text(value: str) -> str:
    # Whatever has to be escaped is either not printable or a backslash.
    if value.isprintable() and "\\" not in value:
        return value
    return value.translate(_ESCAPES)
