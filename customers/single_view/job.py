"""
The search for duplicates among all customers, in two passes of bounded steps.

First every customer's keys are brought up to date. Then the database groups customers by key;
each block is compared within itself. A block over `MAX_BLOCK` (a household's phone, a very
common name) is walked in the order of birth and name and each record compared with its next
`WINDOW` neighbours: the work grows with the block, never with its square.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations, islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy

from clm.core import actors, jobs
from clm.core.models import Job
from customers.models import Customer, MatchKey
from customers.services import match_keys
from customers.services.duplicates import keep_pairs
from customers.services.golden import settle
from customers.single_view import facts as compared
from customers.single_view.facts import Facts
from customers.single_view.score import THRESHOLD, Score, compare

KEYED = 1000
BLOCKS = 1000
MEMBERS = 4000
MAX_BLOCK = 40
WINDOW = 10

Block = tuple[int, int, int]


@jobs.registry.register
class FindDuplicates:
    """Parameter `threshold`: the points from which on a pair is shown to a person."""

    name = "customers.find_duplicates"
    label = gettext_lazy("Search for duplicates")
    permission = "customers.find_duplicates"

    def step(self, *, job: Job, at: datetime) -> bool:
        """One chunk of customers, or of blocks; restarted, it goes on where the last step ended."""
        if not job.cursor:
            # Twice the customers: once for their keys, once for the blocks they stand in.
            job.total = 2 * Customer.objects.count()
            job.cursor = {"phase": "keys", "after": str(UUID(int=0))}
            job.outcome = {"blocks": 0, "compared": 0, "found": 0}
        if job.cursor["phase"] == "keys":
            return self._keys(job)
        return self._blocks(job, at)

    def _keys(self, job: Job) -> bool:
        after = UUID(job.cursor["after"])
        ids = list(
            Customer.objects.filter(pk__gt=after)
            .order_by("pk")
            .values_list("pk", flat=True)[:KEYED]
        )
        match_keys.refresh(customer_ids=ids)
        job.done += len(ids)
        if len(ids) < KEYED:
            job.cursor = {"phase": "blocks", "kind": -1, "key": 0}
        else:
            job.cursor = {"phase": "keys", "after": str(ids[-1])}
        return False

    def _blocks(self, job: Job, at: datetime) -> bool:
        blocks = _next_blocks(job.cursor["kind"], job.cursor["key"])
        threshold = int(job.parameters.get("threshold", THRESHOLD))
        taken, members, big = [], 0, None
        for block in blocks:
            if block[2] > MAX_BLOCK:
                big = block
                break
            taken.append(block)
            members += block[2]
            if members >= MEMBERS:
                break
        self._small(job, taken, threshold, at)
        if big is not None and not taken:
            self._big(job, big, threshold, at)
            taken = [big]
        if taken:
            kind, key, _size = taken[-1]
            job.cursor = {**job.cursor, "kind": kind, "key": key}
        finished = not taken
        job.outcome = {**job.outcome, "blocks": job.outcome["blocks"] + len(taken)}
        half = (job.total or 0) // 2
        job.done = 2 * half if finished else half + _share(job, half)
        return finished

    def _small(self, job: Job, blocks: Sequence[Block], threshold: int, at: datetime) -> None:
        """Every two records of each block."""
        members = _members(blocks)
        facts = compared.of_customers(list({pk for ids in members for pk in ids}))
        pairs = (pair for ids in members for pair in combinations(ids, 2))
        self._compare(job, pairs, facts, threshold, at)

    def _big(self, job: Job, block: Block, threshold: int, at: datetime) -> None:
        """Each record of a block with its neighbours, a thousand records in memory at a time."""
        near: deque[UUID] = deque(maxlen=WINDOW)
        facts: dict[UUID, Facts] = {}
        for ids in _in_order(block):
            facts = {pk: facts[pk] for pk in near if pk in facts} | compared.of_customers(ids)
            pairs = []
            for pk in ids:
                pairs += [(other, pk) for other in near]
                near.append(pk)
            self._compare(job, pairs, facts, threshold, at)

    def _compare(
        self, job: Job, pairs: Any, facts: dict[UUID, Facts], threshold: int, at: datetime
    ) -> None:
        found: dict[tuple[UUID, UUID], Score] = {}
        count = 0
        for one, other in pairs:
            if one not in facts or other not in facts or facts[one].kind != facts[other].kind:
                continue
            count += 1
            points = compare(facts[one], facts[other])
            if points.points >= threshold:
                found[min(one, other), max(one, other)] = points
        kept = keep_pairs(found=found, facts=facts, actor=actors.system_user(), at=at)
        outcome = job.outcome
        job.outcome = {
            **outcome,
            "compared": outcome["compared"] + count,
            "found": outcome["found"] + len(kept),
        }


@jobs.registry.register
class SettleValues:
    """After new survivorship rules: every customer with a source record, 200 a step."""

    name = "customers.settle_values"
    label = gettext_lazy("Choose values by the new rules")
    permission = "customers.approve_survivorshiprules"

    def step(self, *, job: Job, at: datetime) -> bool:
        after = UUID(job.cursor.get("after", str(UUID(int=0))))
        chunk = list(
            Customer.objects.filter(pk__gt=after).exclude(stage="ERASED").order_by("pk")[:200]
        )
        if job.total is None:
            job.total = Customer.objects.count()
            job.outcome = {"changed": 0}
        for customer in chunk:
            changed = settle(customer=customer, actor=actors.system_user(), at=at)
            job.outcome = {"changed": job.outcome["changed"] + bool(changed)}
        job.done += len(chunk)
        if chunk:
            job.cursor = {"after": str(chunk[-1].pk)}
        return len(chunk) < 200


def _next_blocks(kind: int, key: int) -> list[Block]:
    """The next keys that more than one customer has, by the order of their index."""
    with connection.cursor() as cursor:
        # Without the hint a sort of all keys may be thought cheaper than reading a part in order.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_hashagg = off")
        cursor.execute(
            "SELECT kind, key, count(*) FROM customers_matchkey WHERE (kind, key) > (%s, %s)"
            " GROUP BY kind, key HAVING count(*) > 1 ORDER BY kind, key LIMIT %s",
            [kind, key, BLOCKS],
        )
        found = [(row[0], row[1], row[2]) for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_sort = on")
        cursor.execute("SET LOCAL enable_hashagg = on")
    return found


def _members(blocks: Sequence[Block]) -> list[list[UUID]]:
    if not blocks:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(customer_id ORDER BY customer_id) FROM customers_matchkey AS held"
            " JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted (kind, key) USING (kind, key)"
            " GROUP BY kind, key ORDER BY kind, key",
            [[block[0] for block in blocks], [block[1] for block in blocks]],
        )
        return [[UUID(str(pk)) for pk in row[0]] for row in cursor.fetchall()]


def _in_order(block: Block) -> Iterator[list[UUID]]:
    """The members of a large block by birth and name, a thousand at a time, read once."""
    rows = (
        MatchKey.objects.filter(kind=block[0], key=block[1])
        .order_by("customer__born_on", "customer__sort_key", "customer_id")
        .values_list("customer_id", flat=True)
        .iterator(chunk_size=1000)
    )
    while chunk := list(islice(rows, 1000)):
        yield chunk


def _share(job: Job, half: int) -> int:
    """How far the blocks are, by the kinds of key that are done."""
    kind, key = job.cursor["kind"], job.cursor["key"]
    if kind < 0:
        return 0
    within = (key + 2**63) / 2**64
    return int(half * (kind - 1 + within) / 8)
