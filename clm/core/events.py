"""
Appending to the event log, and reading it.

Each record has its own hash chain: an event's hash covers its facts and the hash before it.
The chain's head row is locked while a number is taken, so numbers have no gaps. What is to
be done about an event (`Delivery`) is written in the same transaction.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from psycopg2.extras import execute_values

from clm.core import bulk, context
from clm.core.canonical import canonical, plain
from clm.core.ids import uuid7s
from clm.core.models import ChainHead, Delivery, Event, EventDetail, User

Reaction = Callable[..., None]
Journal = Callable[..., list[UUID]]
#: Number and hash before the first event of a record.
_BEGINNING = (0, b"")
_EVENT = (
    "id", "at", "actor_id", "record_type", "record_id", "action", "source", "target", "payload",
    "detail_mac", "request_id", "cause_id", "sequence", "prev_hash", "hash",
)  # fmt: skip

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Draft(NamedTuple):
    """An event before it has a number and a hash."""

    record_type: str
    record_id: UUID
    action: str
    source: str = ""
    target: str = ""
    payload: Mapping[str, Any] = _NOTHING
    detail: Mapping[str, Any] = _NOTHING


_apart: dict[str, Journal] = {}
_reactions: dict[tuple[str, str], list[str]] = {}
_by_name: dict[str, Reaction] = {}


def subscribe(reactions: Mapping[tuple[str, str], Iterable[Reaction]]) -> None:
    """Say what follows which event; called once with the project's one page of reactions."""
    _reactions.clear()
    for key, functions in reactions.items():
        for function in functions:
            name = f"{function.__module__}.{function.__qualname__}"
            _by_name[name] = function
            _reactions.setdefault(key, []).append(name)


def reaction_named(name: str) -> Reaction | None:
    return _by_name.get(name)


def keep_apart(*, record_type: str, journal: Journal) -> None:
    """
    Say that what happens to these records is none of this log's, whoever writes it down.

    `journal(drafts=, actor=, at=)` keeps it elsewhere. Nothing that reads events, follows them or
    sends them on can then come upon it, as it is not there.
    """
    _apart[record_type] = journal


def append(
    *,
    drafts: Sequence[Draft],
    actor: User,
    at: datetime,
    follow: bool = True,
    born: bool = False,
) -> list[UUID]:
    """
    Append events and their deliveries in the caller's transaction, in a fixed number of
    statements however many there are.

    :param born: the records came into being in this transaction, so that their chains begin
        here: there is no head to lock yet; one that does exist is refused by the database
    :param follow: False for a past taken over from elsewhere, after which nothing is to happen
    :returns: the events' ids in the order of `drafts`
    """
    if not drafts:
        return []
    if not connection.in_atomic_block:
        raise RuntimeError("An event is written with what it tells of, in one transaction.")
    if journal := _journal_of(drafts):
        return journal(drafts=drafts, actor=actor, at=at)
    here = context.current()
    heads = {} if born else _lock_heads(drafts)
    # Of records that come together the same is told, mostly by the same object.
    payloads = {id(draft.payload): draft.payload for draft in drafts}
    told = {key: plain(payload) for key, payload in payloads.items()}
    texts = {key: payload_text(payload) for key, payload in told.items()}
    events: list[tuple[Any, ...]] = []
    details: list[tuple[Any, ...]] = []
    deliveries: list[tuple[Any, ...]] = []
    for draft, identifier in zip(drafts, uuid7s(len(drafts), at), strict=True):
        sequence, prev_hash = heads.get(draft.record_id, _BEGINNING)
        mac = None
        if draft.detail:
            key = os.urandom(32)
            mac = detail_mac(key, draft.detail)
            details.append((identifier, draft.record_id, key, plain(draft.detail)))
        link = link_hash(
            prev_hash=prev_hash,
            identifier=identifier,
            at=at,
            actor_id=actor.pk,
            record_type=draft.record_type,
            record_id=draft.record_id,
            action=draft.action,
            source=draft.source,
            target=draft.target,
            payload=texts[id(draft.payload)],
            mac=mac,
            request_id=here.request_id,
            cause_id=here.cause_id,
            sequence=sequence + 1,
        )
        events.append(
            (
                identifier, at, actor.pk, draft.record_type, draft.record_id, draft.action,
                draft.source, draft.target, told[id(draft.payload)], mac, here.request_id,
                here.cause_id, sequence + 1, prev_hash, link,
            )
        )  # fmt: skip
        heads[draft.record_id] = (sequence + 1, link)
        if follow:
            for name in _reactions.get((draft.record_type, draft.action), ()):
                deliveries.append((identifier, name, at))
    bulk.insert(model=Event, columns=_EVENT, rows=events)
    _move_heads(heads, drafts, born=born)
    bulk.insert(
        model=EventDetail, columns=("event_id", "record_id", "key", "content"), rows=details
    )
    bulk.insert(model=Delivery, columns=("event_id", "reaction", "due_at"), rows=deliveries)
    return [row[0] for row in events]


def _journal_of(drafts: Sequence[Draft]) -> Journal | None:
    types = {draft.record_type for draft in drafts}
    if _apart.keys().isdisjoint(types):
        return None
    if len(types) > 1:
        raise RuntimeError("Records kept apart are written down by themselves.")
    return _apart[types.pop()]


def link_hash(
    *,
    prev_hash: bytes,
    identifier: UUID,
    at: datetime,
    actor_id: UUID,
    record_type: str,
    record_id: UUID,
    action: str,
    source: str,
    target: str,
    payload: str,
    mac: bytes | None,
    request_id: str,
    cause_id: UUID | None,
    sequence: int,
) -> bytes:
    """
    SHA-256 over the hash before and every fact of the event, in canonical form.

    :param payload: as `payload_text` writes it
    """
    # `canonical` of the facts, put together from parts that most events share.
    facts = (
        f'{{"action":{_word(action)},"actor":"{actor_id}","at":"{_instant(at)}"'
        f',"cause":{_quoted(cause_id)},"detail":{_quoted(mac.hex() if mac else None)}'
        f',"id":"{identifier}","payload":{payload},"record":"{record_id}","request":{_word(request_id)}'
        f',"sequence":{sequence},"source":{_word(source)},"target":{_word(target)}'
        f',"type":{_word(record_type)}}}'
    )
    return hashlib.sha256(bytes(prev_hash) + facts.encode()).digest()


def payload_text(payload: Mapping[str, Any]) -> str:
    """A payload as it stands among the facts that are hashed."""
    return canonical(payload).decode()


@lru_cache(maxsize=512)
def _word(text: str) -> str:
    return canonical(text).decode()


def _quoted(value: UUID | str | None) -> str:
    return "null" if value is None else f'"{value}"'


@lru_cache(maxsize=16)
def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def detail_mac(key: bytes, content: Mapping[str, Any]) -> bytes:
    return hmac.new(bytes(key), canonical(content), hashlib.sha256).digest()


def for_record(record: models.Model) -> models.QuerySet[Event]:
    """The record's events, newest first."""
    return Event.objects.filter(record_type=record._meta.label, record_id=record.pk).order_by(
        "-sequence"
    )


def stream(*, after: tuple[int, UUID] | None, limit: int) -> list[Event]:
    """
    Events in an order that commits cannot disturb: by transaction, then id.

    Serves only what lies below the oldest transaction still running, so that a reader who
    remembers `(xact_id, id)` of the last one never skips any.
    """
    below = _oldest_running()
    found = Event.objects.filter(xact_id__lt=below)
    if after is not None:
        found = found.extra(
            where=["(xact_id, id) > (%s, %s::uuid)"], params=[after[0], str(after[1])]
        )
    return list(found.order_by("xact_id", "id")[:limit])


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _lock_heads(drafts: Sequence[Draft]) -> dict[UUID, tuple[int, bytes]]:
    # Sorted, so that two bulk writers meet in the same order and cannot deadlock.
    wanted = sorted({(draft.record_id, draft.record_type) for draft in drafts})
    with connection.cursor() as cursor:
        rows = execute_values(
            cursor,
            "INSERT INTO core_chainhead AS head (record_id, record_type, sequence, hash) VALUES %s"
            " ON CONFLICT (record_id) DO UPDATE SET record_type = head.record_type"
            " RETURNING record_id, sequence, hash",
            [(record_id, record_type, 0, b"") for record_id, record_type in wanted],
            page_size=1000,
            fetch=True,
        )
    return {UUID(str(row[0])): (row[1], bytes(row[2])) for row in rows}


def _move_heads(
    heads: Mapping[UUID, tuple[int, bytes]], drafts: Sequence[Draft], *, born: bool
) -> None:
    if born:
        types = {draft.record_id: draft.record_type for draft in drafts}
        bulk.insert(
            model=ChainHead,
            columns=("record_id", "record_type", "sequence", "hash"),
            rows=((key, types[key], *head) for key, head in heads.items()),
        )
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            "UPDATE core_chainhead AS head SET sequence = new.sequence, hash = new.hash"
            " FROM (VALUES %s) AS new (record_id, sequence, hash)"
            " WHERE head.record_id = new.record_id::uuid",
            [(key, sequence, link) for key, (sequence, link) in heads.items()],
            page_size=1000,
        )
