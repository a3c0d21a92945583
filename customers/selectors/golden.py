"""Where each value of a customer comes from, and what other sources say instead."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from clm.core import reading
from clm.core.lifecycle import RulesState
from clm.core.models import User
from customers.models import (
    Address,
    Customer,
    SourceRecord,
    SourceSystem,
    SurvivorshipRules,
)
from customers.single_view import survivorship
from customers.single_view.payloads import unpack
from customers.single_view.survivorship import FIELDS, Candidate, Choice, Rules, choose, same

ADDRESS_PARTS = ("kind", "line1", "line2", "postal_code", "city", "country")


def rules_in_force() -> Rules:
    """The version in force, or what the product ships with while a bank has none."""
    return _rules(_newest_rules())


def system_names() -> dict[str, str]:
    """What the source systems are called, by code."""
    return dict(SourceSystem.objects.values_list("code", "name"))


class Sources:
    """What `provenance` asks about one customer, each read once and held with the record."""

    def __init__(self, *, customer: Customer) -> None:
        parts = customer.__dict__.get("_prefetched_objects_cache", {})
        if "source_records" not in parts:
            reading.hold(customer, source_records=customer.source_records.order_by("seen_at", "id"))
        self._records = customer.source_records.all()
        self._rules = reading.shared(customer, "survivorship-rules", _newest_rules)
        self._systems = reading.shared(customer, "source-systems", SourceSystem.objects.all)

    def reads(self) -> list[QuerySet[Any]]:
        """The querysets, for `reading.together`."""
        return [self._records, self._rules, self._systems]

    @property
    def rules(self) -> Rules:
        return _rules(self._rules)

    @property
    def system_names(self) -> dict[str, str]:
        return {system.code: system.name for system in self._systems}


def standing(*, customer: Customer, addresses: Sequence[Address]) -> dict[str, Any]:
    """What the record says now, field by field, as plain values."""
    values: dict[str, Any] = {}
    for name in FIELDS:
        if name == "address":
            continue
        value = getattr(customer, name)
        values[name] = value.isoformat() if hasattr(value, "isoformat") else value
    current = next((one for one in addresses if one.kind != Address.Kind.POSTAL), None)
    if current is not None:
        values["address"] = {name: getattr(current, name) for name in ADDRESS_PARTS}
    return values


def candidates(*, customers: Sequence[Customer]) -> dict[str, list[Candidate]]:
    """
    Every value that a source gives for these records, taken together, by field.

    What a record says and no source does counts as told by where the record came from.
    """
    found: dict[str, list[Candidate]] = defaultdict(list)
    heard_of = [record for customer in customers for record in customer.source_records.all()]
    for record in sorted(heard_of, key=lambda one: (one.seen_at, one.pk)):
        for name, told in unpack(record.ciphertext).items():
            if name in FIELDS:
                found[name].append(Candidate(record.system, told.value, told.since, str(record.pk)))
    for customer in customers:
        now = standing(customer=customer, addresses=addresses_of(customer=customer))
        for name, value in now.items():
            known = found[name]
            heard = any(one.system == customer.source for one in known) and len(customers) == 1
            if value and not heard and not any(same(one.value, value) for one in known):
                known.append(Candidate(customer.source, value, customer.created_at))
    return found


def provenance(*, customer: Customer, rules: Rules | None = None) -> dict[str, Choice]:
    """The choice of each field that any source gives, with its source, date and rivals."""
    rules = rules or rules_in_force()
    now = standing(customer=customer, addresses=addresses_of(customer=customer))
    return choices(found=candidates(customers=[customer]), now=now, rules=rules)


def choices(
    *, found: Mapping[str, Sequence[Candidate]], now: Mapping[str, Any], rules: Rules
) -> dict[str, Choice]:
    """The choice for each field of `found`."""
    made = {
        name: choose(field=name, candidates=given, rules=rules, current=now.get(name))
        for name, given in found.items()
    }
    return {name: choice for name, choice in made.items() if choice is not None}


def manual_record(*, customer: Customer) -> SourceRecord | None:
    """What people said of the customer by hand."""
    return SourceRecord.objects.filter(
        system=survivorship.MANUAL, external_id=str(customer.pk)
    ).first()


def addresses_of(*, customer: Customer) -> list[Address]:
    """The addresses in force, by kind."""
    found = (one for one in customer.addresses.all() if one.valid_to is None)
    return sorted(found, key=lambda one: one.kind)


def _newest_rules() -> QuerySet[SurvivorshipRules]:
    found = SurvivorshipRules.objects.filter(state=RulesState.IN_FORCE)
    return found.order_by("-number")[:1]


def _rules(found: Iterable[SurvivorshipRules]) -> Rules:
    for one in found:
        return Rules(policies=one.policies, ranks=one.ranks, number=one.number)
    return Rules()


def visible_rules(*, actor: User) -> QuerySet[SurvivorshipRules]:
    """Every version of the rules: they hold nothing of anybody."""
    return SurvivorshipRules.objects.all()
