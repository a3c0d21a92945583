"""What is missing in a customer's file by the rules in force, and keeping the list of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from customers.models import Customer
from kyc import checks
from kyc.checks import Subject
from kyc.models import Check, FileGap, RiskModel
from kyc.rating.requirements import missing
from kyc.risk import LEVELS, rate

Gaps = dict[str, dict[str, Any]]


def gaps_of(
    *, customer: Customer, subject: Subject, model: RiskModel, ran: set[str], today: date
) -> Gaps:
    """
    Each gap by its code, with its facts.

    :param ran: checks that ever ran on the customer; none ran on who came over from another
        system, whose clearance is taken over with them
    """
    found: Gaps = {}
    rated = rate(subject=subject, factors=model.factors, levels=model.levels).level
    recorded = customer.risk_level
    if customer.kyc_cleared_at is None:
        found["not_cleared"] = {}
    if not recorded:
        found["not_rated"] = {"rated": rated}
    elif LEVELS.index(rated) > LEVELS.index(recorded):
        found["level"] = {"recorded": recorded, "rated": rated}
    if customer.kyc_review_on is None:
        found["no_review"] = {}
    elif customer.kyc_review_on < today:
        found["overdue"] = {"since": customer.kyc_review_on.isoformat()}
    for code in missing(subject=subject, asked=model.diligence[recorded or rated]["requirements"]):
        found[f"missing.{code}"] = {}
    if ran:
        for kind in checks.for_kind(customer.kind):
            if kind.name not in ran:
                found[f"check.{kind.name}"] = {"check": kind.name}
    return found


def checks_ran(*, customers: Sequence[Customer]) -> Mapping[UUID, set[str]]:
    """The checks that ever ran, by customer."""
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = Check.objects.filter(customer__in=[one.pk for one in customers])
    for pk, kind in rows.values_list("customer_id", "kind").distinct():
        found[pk].add(kind)
    return found


def keep_gaps(*, customers: Sequence[Customer], found: Mapping[UUID, Gaps], at: datetime) -> int:
    """Bring the list of these customers' gaps up to date; how many there are."""
    levels = {one.pk: one.risk_level for one in customers}
    known = {
        (one.customer_id, one.code): one
        for one in FileGap.objects.filter(customer__in=list(levels))
    }
    wanted = {(pk, code): facts for pk, gaps in found.items() for code, facts in gaps.items()}
    FileGap.objects.filter(
        pk__in=[one.pk for key, one in known.items() if key not in wanted]
    ).delete()
    changed = []
    for key, facts in wanted.items():
        row = known.get(key)
        if row is not None and (row.facts, row.level) != (facts, levels[key[0]]):
            row.facts, row.level = facts, levels[key[0]]
            changed.append(row)
    FileGap.objects.bulk_update(changed, ["facts", "level"])
    FileGap.objects.bulk_create(
        [
            FileGap(customer_id=pk, code=code, facts=facts, level=levels[pk], found_at=at)
            for (pk, code), facts in wanted.items()
            if (pk, code) not in known
        ]
    )
    return len(wanted)
