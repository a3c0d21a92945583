"""One event's place in its record's chain, and the seal over it: what a proof shows and checks."""

from dataclasses import dataclass, replace
from datetime import datetime

from clm.core import audit
from clm.core.models import ChainHead, Event, SealLeaf


@dataclass(frozen=True)
class Evidence:
    """
    Where an event stands and what holds it there.

    :param whole: the record's chain was recomputed from its first entry to its head, and fits
    :param seal: the number of the first seal that covers the event; None while it waits for one
    :param signed: the seal's signature fits its root, and the sealed link is the chain's
    """

    event: Event
    sequence: int
    hash: str
    whole: bool
    seal: int | None = None
    sealed_at: datetime | None = None
    root: str = ""
    signed: bool = False


def evidence(*, event: Event) -> Evidence:
    """
    Recompute the chain of the event's record and look at the seal over it.

    What was sealed with other records is checked by `audit.verify`, over everything.
    """
    links: dict[int, bytes] = {}
    whole, before = True, b""
    chain = Event.objects.filter(record_id=event.record_id).order_by("sequence", "id")
    for number, one in enumerate(chain.iterator(chunk_size=2000), start=1):
        link = audit.link_of(one)
        fits = one.sequence == number and bytes(one.prev_hash) == before
        whole = whole and fits and link == bytes(one.hash)
        links[one.sequence] = before = link
    head = ChainHead.objects.filter(record_id=event.record_id).first()
    whole = whole and head is not None and bytes(head.hash) == before
    leaf = (
        SealLeaf.objects.filter(record_id=event.record_id, sequence__gte=event.sequence)
        .order_by("seal_id")
        .select_related("seal")
        .first()
    )
    found = Evidence(event, event.sequence, bytes(event.hash).hex(), whole)
    if leaf is None:
        return found
    return replace(
        found,
        seal=leaf.seal.number,
        sealed_at=leaf.seal.at,
        root=bytes(leaf.seal.root).hex(),
        signed=audit.signed(leaf.seal) and links.get(leaf.sequence) == bytes(leaf.hash),
    )
