"""
Sealing the event log, and proving that nobody bent it.

A seal is a Merkle root over the chain heads that changed, the digest of the access log's new
rows and the seal before; it is signed (Ed25519) and exported to a file that the database's
owner cannot write. `verify` recomputes every chain and every seal. What was written after the
newest seal is chained, not yet sealed: an owner of the database could still cut that tail off.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from clm.core.canonical import canonical
from clm.core.events import detail_mac, link_hash, payload_text
from clm.core.models import AccessLog, Event, EventDetail, Seal, SealLeaf

CHUNK = 2000
_HEADS_THAT_LIE = """
    SELECT h.record_id FROM core_chainhead h
    LEFT JOIN core_event e
        ON e.record_id = h.record_id AND e.sequence = h.sequence AND e.hash = h.hash
    WHERE (e.id IS NULL AND NOT (h.sequence = 0 AND h.hash = ''))
        OR EXISTS (SELECT FROM core_event later
                   WHERE later.record_id = h.record_id AND later.sequence > h.sequence)
    ORDER BY h.record_id
"""
_CHAINS_WITHOUT_A_HEAD = """
    SELECT DISTINCT e.record_id FROM core_event e
    WHERE NOT EXISTS (SELECT FROM core_chainhead h WHERE h.record_id = e.record_id)
    ORDER BY e.record_id
"""
_LEAVES_THAT_LIE = """
    SELECT leaf.id FROM core_sealleaf leaf
    LEFT JOIN core_event e
        ON e.record_id = leaf.record_id AND e.sequence = leaf.sequence AND e.hash = leaf.hash
    WHERE leaf.seal_id = %s AND e.id IS NULL
    ORDER BY leaf.record_id
"""
_LOCK = 0x434C4D  # the advisory lock that lets one sealer work at a time


@dataclass
class Verdict:
    """What `verify` found: empty `broken` means the log is whole."""

    events: int = 0
    records: int = 0
    seals: int = 0
    unsealed: int = 0
    root: str = ""
    sealed_at: datetime | None = None
    broken: list[dict[str, Any]] = field(default_factory=list)

    def blame(self, what: str, **where: Any) -> None:
        self.broken.append({"what": what, **{key: str(value) for key, value in where.items()}})


class Apart(NamedTuple):
    """A chain of its own: `seal(at=)` copies its newest link out, `whole()` proves all of it."""

    seal: Callable[..., None]
    whole: Callable[[], bool]


_apart: list[Apart] = []


def keep_apart(chain: Apart) -> None:
    """
    Seal and verify this chain with the log. That it is whole or not is all that is told here: who
    reads the verdict need not be somebody who may know that there is anything in it.
    """
    _apart.append(chain)


def seal(*, at: datetime) -> Seal | None:
    """
    Seal what has committed since the seal before; None when there is nothing new.

    Serves only transactions below the oldest one still running, like `events.stream`.
    """
    for chain in _apart:
        chain.seal(at=at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        to_xact = cursor.fetchone()[0]
        last = Seal.objects.order_by("-number").first()
        from_xact = last.to_xact if last else 0
        leaves = _changed_heads(from_xact, to_xact)
        access_entries, access_digest = _access_digest(from_xact, to_xact)
        if not leaves and not access_entries:
            return None
        number = last.number + 1 if last else 1
        prev_root = bytes(last.root) if last else b""
        root = _root(number, leaves, access_digest, prev_root)
        made = Seal.objects.create(
            number=number,
            at=at,
            from_xact=from_xact,
            to_xact=to_xact,
            events=Event.objects.filter(xact_id__gte=from_xact, xact_id__lt=to_xact).count(),
            access_entries=access_entries,
            access_digest=access_digest,
            prev_root=prev_root,
            root=root,
            signature=sign(root),
        )
        SealLeaf.objects.bulk_create(
            [
                SealLeaf(seal=made, record_type=kind, record_id=key, sequence=number_, hash=link)
                for kind, key, number_, link in leaves
            ],
            batch_size=1000,
        )
    _export_new()
    return made


def verify() -> Verdict:
    """Recompute every chain and every seal; name each edited, removed, added or moved entry."""
    verdict = Verdict()
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            # One snapshot for the whole look, so that work going on is not taken for damage.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _verify_chains(verdict)
        _verify_seals(verdict)
        if not all(chain.whole() for chain in _apart):
            verdict.blame("a chain kept apart is broken; those who may read it are told where")
    return verdict


def _verify_chains(verdict: Verdict) -> None:
    """One pass over the events in the order of their chains; nothing is kept but the last link."""
    rows = Event.objects.order_by("record_id", "sequence", "id").iterator(chunk_size=CHUNK)
    record, sequence, link = None, 0, b""
    for event in rows:
        verdict.events += 1
        if event.record_id != record:
            verdict.records += 1
            record, sequence, link = event.record_id, 0, b""
        where = {"record": event.record_id, "event": event.pk, "number": event.sequence}
        if event.sequence != sequence + 1:
            what = "added twice" if event.sequence <= sequence else "entries removed before"
            verdict.blame(what, **where)
        elif bytes(event.prev_hash) != link:
            verdict.blame("does not follow the entry before", **where)
        if link_of(event) != bytes(event.hash):
            verdict.blame("edited", **where)
        sequence, link = event.sequence, bytes(event.hash)
    for record_id in _found(_HEADS_THAT_LIE):
        verdict.blame("newest entries removed or head edited", record=record_id)
    for record_id in _found(_CHAINS_WITHOUT_A_HEAD):
        verdict.blame("chain without a head", record=record_id)
    _verify_details(verdict)


def _verify_details(verdict: Verdict) -> None:
    details = EventDetail.objects.order_by("event_id").iterator(chunk_size=CHUNK)
    while chunk := list(islice(details, CHUNK)):
        macs = dict(
            Event.objects.filter(
                pk__in=[one.event_id for one in chunk], detail_mac__isnull=False
            ).values_list("pk", "detail_mac")
        )
        for one in chunk:
            if detail_mac(bytes(one.key), one.content) != bytes(macs.get(one.event_id) or b""):
                verdict.blame("detail edited", record=one.record_id, event=one.event_id)


def _found(query: str, *parameters: Any) -> list[Any]:
    """The first column of what a query finds; these find damage, so there is little of it."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [row[0] for row in cursor.fetchall()]


def _verify_seals(verdict: Verdict) -> None:
    exported = {line["number"]: line for line in _exported()}
    prev_root, to_xact, expected = b"", 0, 1
    for one in Seal.objects.order_by("number").iterator():
        verdict.seals += 1
        if one.number != expected:
            verdict.blame("seals removed before", seal=one.number)
        expected = one.number + 1
        leaves = [
            (leaf.record_type, leaf.record_id, leaf.sequence, bytes(leaf.hash))
            for leaf in one.leaves.order_by("record_id")
        ]
        digest = _access_digest(one.from_xact, one.to_xact)[1]
        if digest != bytes(one.access_digest):
            verdict.blame("access log edited", seal=one.number)
        root = _root(one.number, leaves, bytes(one.access_digest), prev_root)
        if root != bytes(one.root) or one.from_xact != to_xact:
            verdict.blame("seal edited", seal=one.number)
        if not signed(one):
            verdict.blame("signature does not match", seal=one.number)
        line = exported.pop(one.number, None)
        if line is None or line["root"] != bytes(one.root).hex():
            verdict.blame("seal differs from its exported copy", seal=one.number)
        for leaf_id in _found(_LEAVES_THAT_LIE, one.number):
            leaf = SealLeaf.objects.get(pk=leaf_id)
            verdict.blame(
                "sealed entry missing or changed",
                seal=one.number, record=leaf.record_id, number=leaf.sequence,
            )  # fmt: skip
        prev_root, to_xact = bytes(one.root), one.to_xact
        verdict.root, verdict.sealed_at = bytes(one.root).hex(), one.at
    for number in sorted(exported):
        verdict.blame("exported seal is missing from the database", seal=number)
    verdict.unsealed = Event.objects.filter(xact_id__gte=to_xact).count()


def link_of(event: Event) -> bytes:
    """What the event's hash has to be, from what it says."""
    return link_hash(
        prev_hash=bytes(event.prev_hash),
        identifier=event.pk,
        at=event.at,
        actor_id=event.actor_id,
        record_type=event.record_type,
        record_id=event.record_id,
        action=event.action,
        source=event.source,
        target=event.target,
        payload=payload_text(event.payload),
        mac=bytes(event.detail_mac) if event.detail_mac is not None else None,
        request_id=event.request_id,
        cause_id=event.cause_id,
        sequence=event.sequence,
    )


def _changed_heads(from_xact: int, to_xact: int) -> list[tuple[str, UUID, int, bytes]]:
    changed = (
        Event.objects.filter(xact_id__gte=from_xact, xact_id__lt=to_xact)
        .values("record_type", "record_id")
        .annotate(newest=Max("sequence"))
        .order_by("record_id")
    )
    newest = {(row["record_id"], row["newest"]): row["record_type"] for row in changed}
    keys = [key for key, _sequence in newest]
    found = []
    for start in range(0, len(keys), 1000):
        rows = Event.objects.filter(
            record_id__in=keys[start : start + 1000],
            xact_id__gte=from_xact,
            xact_id__lt=to_xact,
        ).values_list("record_id", "sequence", "hash")
        found += [
            (newest[key, sequence], key, sequence, bytes(link))
            for key, sequence, link in rows
            if (key, sequence) in newest
        ]
    return sorted(found, key=lambda leaf: leaf[1])


def _access_digest(from_xact: int, to_xact: int) -> tuple[int, bytes]:
    digest, count = hashlib.sha256(), 0
    rows = AccessLog.objects.filter(xact_id__gte=from_xact, xact_id__lt=to_xact).order_by("id")
    for row in rows.iterator(chunk_size=2000):
        count += 1
        facts = [
            row.pk, row.at, row.actor_id, row.kind, row.route, row.record_type,
            row.record_ids, row.reason, row.request_id,
        ]  # fmt: skip
        digest.update(hashlib.sha256(canonical(facts)).digest())
    return count, digest.digest()


def _root(
    number: int,
    leaves: Sequence[tuple[str, UUID, int, bytes]],
    access_digest: bytes,
    prev_root: bytes,
) -> bytes:
    nodes = [hashlib.sha256(b"\0" + canonical([kind, key, sequence, link.hex()])).digest()
             for kind, key, sequence, link in leaves]  # fmt: skip
    while len(nodes) > 1:
        nodes = [
            hashlib.sha256(b"\1" + b"".join(nodes[at : at + 2])).digest()
            for at in range(0, len(nodes), 2)
        ]
    tree = nodes[0] if nodes else b""
    return hashlib.sha256(
        canonical([number, len(leaves), tree.hex(), access_digest.hex(), prev_root.hex()])
    ).digest()


def signed(one: Seal) -> bool:
    """Whether the seal's signature is that of its root."""
    return is_signed(bytes(one.root), bytes(one.signature))


def sign(content: bytes) -> bytes:
    """A signature (Ed25519) under the key of the seals."""
    return _key().sign(content)


def is_signed(content: bytes, signature: bytes) -> bool:
    """Whether the signature is that of the content."""
    try:
        _key().public_key().verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.CLM_SEAL_KEY))


def _file() -> Path:
    return Path(settings.CLM_SEAL_FILE)


def _export_new() -> None:
    """Copy out the seals the file does not have yet: also one whose sealer died in between."""
    newest = max((line["number"] for line in _exported()), default=0)
    _file().parent.mkdir(parents=True, exist_ok=True)
    with _file().open("a", encoding="utf-8") as out:
        for one in Seal.objects.filter(number__gt=newest).order_by("number"):
            line = {
                "number": one.number,
                "at": one.at.isoformat(),
                "root": bytes(one.root).hex(),
                "signature": bytes(one.signature).hex(),
                "events": one.events,
            }
            out.write(json.dumps(line) + "\n")


def _exported() -> Iterator[dict[str, Any]]:
    if _file().exists():
        with _file().open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
