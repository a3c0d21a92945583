"""
The reports' own audit chain: who did what to which report, and who read it.

Hashed as the event log is (`clm.core.events`), but one chain over all reports, in a table of its
own: a report taken away as a whole leaves a gap too. With each sealing of the log the newest link
is copied out, signed, to a file beside that of the seals.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from clm.core import audit, context
from clm.core.canonical import canonical, plain
from clm.core.events import Draft, detail_mac, link_hash, payload_text
from clm.core.ids import uuid7
from clm.core.models import User
from kyc.models import SuspicionEntry, SuspicionReport, SuspicionWords

_LABEL = "kyc.SuspicionReport"
_LOCK = 0x534152  # one writer at a time, so that numbers have no gaps


def append(*, drafts: Sequence[Draft], actor: User, at: datetime) -> list[UUID]:
    """
    Append entries in the caller's transaction.

    :returns: their ids, in the order of `drafts`
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An entry is written with what it tells of, in one transaction.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = SuspicionEntry.objects.order_by("-sequence").first()
    sequence, link = (last.sequence, bytes(last.hash)) if last else (0, b"")
    written = []
    for draft in drafts:
        key = os.urandom(32)
        entry = SuspicionEntry(
            id=uuid7(at),
            sequence=sequence + 1,
            at=at,
            actor=actor,
            report_id=draft.record_id,
            action=draft.action,
            source=draft.source,
            target=draft.target,
            payload=plain(draft.payload),
            words_mac=detail_mac(key, draft.detail) if draft.detail else None,
            request_id=context.current().request_id,
            prev_hash=link,
        )
        sequence, link = entry.sequence, _link(entry)
        entry.hash = link
        entry.save(force_insert=True)
        if draft.detail:
            SuspicionWords.objects.create(entry=entry, key=key, content=plain(draft.detail))
        written.append(entry.pk)
    return written


def note(
    *,
    report: SuspicionReport,
    action: str,
    actor: User,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write down what leaves the report as it is: that somebody read it, say."""
    draft = Draft(_LABEL, report.pk, action, payload=payload or {}, detail=detail or {})
    with transaction.atomic():
        append(drafts=[draft], actor=actor, at=at)


def faults() -> list[str]:
    """Recompute the chain and look at what was copied out; name what does not fit."""
    found, sequence, link = [], 0, b""
    hashes: dict[int, str] = {}
    for entry in SuspicionEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != sequence + 1:
            found.append(f"entries removed before {entry.sequence}")
        elif bytes(entry.prev_hash) != link:
            found.append(f"entry {entry.sequence} does not follow the one before")
        if _link(entry) != bytes(entry.hash):
            found.append(f"entry {entry.sequence} edited")
        sequence, link = entry.sequence, bytes(entry.hash)
        hashes[sequence] = link.hex()
    for words in SuspicionWords.objects.select_related("entry").exclude(content={}):
        mac = bytes(words.entry.words_mac or b"")
        if detail_mac(bytes(words.key), words.content) != mac:
            found.append(f"words of entry {words.entry.sequence} edited")
    for line in _exported():
        signed = audit.is_signed(_sealed(line), bytes.fromhex(line["signature"]))
        if not signed or hashes.get(line["sequence"]) != line["hash"]:
            found.append(f"entry {line['sequence']} differs from its exported copy")
    return found


def whole() -> bool:
    return not faults()


def seal(*, at: datetime) -> None:
    """Copy the newest link out, signed, if it is not there yet."""
    last = SuspicionEntry.objects.order_by("-sequence").first()
    known = max((line["sequence"] for line in _exported()), default=0)
    if last is None or last.sequence <= known:
        return
    line = {"sequence": last.sequence, "hash": bytes(last.hash).hex(), "at": at.isoformat()}
    line["signature"] = audit.sign(_sealed(line)).hex()
    _file().parent.mkdir(parents=True, exist_ok=True)
    with _file().open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")


def _link(entry: SuspicionEntry) -> bytes:
    """What the entry's hash has to be, from what it says."""
    return link_hash(
        prev_hash=bytes(entry.prev_hash),
        identifier=entry.pk,
        at=entry.at,
        actor_id=entry.actor_id,
        record_type=_LABEL,
        record_id=entry.report_id,
        action=entry.action,
        source=entry.source,
        target=entry.target,
        payload=payload_text(entry.payload),
        mac=bytes(entry.words_mac) if entry.words_mac is not None else None,
        request_id=entry.request_id,
        cause_id=None,
        sequence=entry.sequence,
    )


def _sealed(line: Mapping[str, Any]) -> bytes:
    return canonical(["suspicion", line["sequence"], line["hash"], line["at"]])


def _file() -> Path:
    beside = Path(settings.CLM_SEAL_FILE)
    return beside.with_name(f"{beside.stem}-apart{beside.suffix}")


def _exported() -> Iterator[dict[str, Any]]:
    if _file().exists():
        with _file().open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
