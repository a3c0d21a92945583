"""Opening pairs that may be one customer, and deciding that they are two."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors, crypto, jobs, lifecycle, records
from clm.core.models import Event, Job, User
from customers.models import Customer, DuplicatePair
from customers.selectors.duplicates import as_reasons, possible_duplicates
from customers.services import match_keys
from customers.single_view import facts as compared
from customers.single_view.facts import Facts
from customers.single_view.lifecycle import PairState
from customers.single_view.score import THRESHOLD, Score

#: Changes after which a customer is compared again.
COMPARED_FIELDS = frozenset(
    {"given_names", "family_name", "name", "born_on", "emails", "phones", "addresses",
     "identifiers", "contact_points"}
)  # fmt: skip


def start_search(*, actor: User, at: datetime, threshold: int = THRESHOLD) -> Job:
    """Compare all customers as a job. :raises PermissionDenied: `actor` may not"""
    return jobs.start(
        kind="customers.find_duplicates", parameters={"threshold": threshold}, actor=actor, at=at
    )


def start_weekly_search(*, at: datetime) -> Job | None:
    """Compare all customers as a job of the system, unless such a job is running."""
    running = (Job.State.QUEUED, Job.State.RUNNING)
    if Job.objects.filter(kind="customers.find_duplicates", state__in=running).exists():
        return None
    return start_search(actor=actors.system_user(), at=at)


def compare_customer(*, customer_id: UUID, actor: User, at: datetime) -> list[DuplicatePair]:
    """Compare one customer with all; new and reopened pairs are answered."""
    with transaction.atomic():
        known = match_keys.refresh(customer_ids=[customer_id])
        mine = known.get(customer_id)
        if mine is None:
            return []
        near = possible_duplicates(facts=mine, limit=50)
        others = {one.customer.pk: one.score for one in near}
        facts = compared.of_customers([*others, customer_id])
        found = {(customer_id, pk): points for pk, points in others.items()}
        return keep_pairs(found=found, facts=facts, actor=actor, at=at)


def keep_pairs(
    *,
    found: Mapping[tuple[UUID, UUID], Score],
    facts: Mapping[UUID, Facts],
    actor: User,
    at: datetime,
) -> list[DuplicatePair]:
    """
    Store pairs over the threshold. A known one is left as decided until a compared fact changes.

    :param found: scores by the ids of the two, in any order
    """
    scored = {tuple(sorted(ids)): points for ids, points in found.items()}
    known = _known(scored.keys())
    fresh, again = [], []
    for ids, points in scored.items():
        digest = pair_digest(facts[ids[0]], facts[ids[1]])
        pair = known.get(ids)
        if pair is None:
            fresh.append(
                DuplicatePair(
                    first_id=ids[0], second_id=ids[1], score=points.points,
                    reasons=as_reasons(points), facts_digest=digest,
                )
            )  # fmt: skip
        elif bytes(pair.facts_digest) != digest:
            again.append(_look_again(pair, points, digest, actor, at))
    made = records.create_many(
        records=fresh, actor=actor, at=at, validate=False,
        payloads=[{"score": one.score} for one in fresh],
    )  # fmt: skip
    return made + again


def dismiss_pair(
    *, pair: DuplicatePair, actor: User, at: datetime, reason: str, version: int | None = None
) -> DuplicatePair:
    """
    Two customers after all; the pair comes back only when a compared fact changes.

    :raises TransitionRefused: decided already
    """
    return lifecycle.perform(
        record=pair, name="dismiss", actor=actor, at=at, reason=reason, version=version,
        changes={"decided_by": actor, "decided_at": at},
    )  # fmt: skip


def pair_digest(first: Facts, second: Facts) -> bytes:
    """Changes with any compared fact of either record."""
    both = first.digest().hex() + second.digest().hex()
    return crypto.blind_index(value=both, purpose="customers.match.pair")


def look_for_duplicates(*, event: Event, at: datetime) -> None:
    """After a customer's `change`: compare it again when a compared fact changed."""
    if COMPARED_FIELDS & set(event.payload.get("fields", ())):
        compare_customer(customer_id=event.record_id, actor=actors.system_user(), at=at)


def search_after_import(*, event: Event, at: datetime) -> None:
    """After an import's `release`: compare all, once a batch."""
    parameters = {"threshold": THRESHOLD, "batch_id": str(event.record_id)}
    if not Job.objects.filter(kind="customers.find_duplicates", parameters=parameters).exists():
        jobs.start(
            kind="customers.find_duplicates", parameters=parameters, actor=actors.system_user(),
            at=at,
        )  # fmt: skip


def duplicate_warning(customer: Customer) -> str:
    """What is said when a record may be a second one of somebody."""
    return _("This may be %(name)s, who is a customer already.") % {"name": customer.display_name}


def _look_again(
    pair: DuplicatePair, points: Score, digest: bytes, actor: User, at: datetime
) -> DuplicatePair:
    pair = records.change(
        record=pair,
        changes={
            "score": points.points, "reasons": as_reasons(points), "facts_digest": digest,
        },
        actor=actor,
        at=at,
    )  # fmt: skip
    if pair.state == PairState.DISMISSED:
        pair = lifecycle.perform(record=pair, name="reopen", actor=actors.system_user(), at=at)
    return pair


def _known(
    pairs: Iterable[tuple[UUID, ...]],
) -> dict[tuple[UUID, ...], DuplicatePair]:
    wanted = set(pairs)
    firsts = {ids[0] for ids in wanted}
    rows = DuplicatePair.objects.filter(first_id__in=firsts)
    return {
        (row.first_id, row.second_id): row
        for row in rows
        if (row.first_id, row.second_id) in wanted
    }
