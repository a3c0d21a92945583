"""Where each value of a customer comes from, and what other sources say instead."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clm.core.models import User
from customers.models import (
    Address,
    Customer,
    SourceRecord,
    SourceSystem,
    SurvivorshipRules,
)
from customers.single_view import survivorship
from customers.single_view.lifecycle import RulesState
from customers.single_view.payloads import unpack
from customers.single_view.survivorship import FIELDS, Candidate, Choice, Rules, choose, same

ADDRESS_PARTS = ("kind", "line1", "line2", "postal_code", "city", "country")


def rules_in_force() -> Rules:
    """The version in force, or what the product ships with while a bank has none."""
    found = SurvivorshipRules.objects.filter(state=RulesState.IN_FORCE).order_by("-number").first()
    if found is None:
        return Rules()
    return Rules(policies=found.policies, ranks=found.ranks, number=found.number)


def system_names() -> dict[str, str]:
    """What the source systems are called, by code."""
    return dict(SourceSystem.objects.values_list("code", "name"))


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
    ids = [customer.pk for customer in customers]
    found: dict[str, list[Candidate]] = defaultdict(list)
    for record in SourceRecord.objects.filter(customer_id__in=ids).order_by("seen_at", "id"):
        for name, told in unpack(record.ciphertext).items():
            if name in FIELDS:
                found[name].append(Candidate(record.system, told.value, told.since, str(record.pk)))
    places: dict[UUID, list[Address]] = defaultdict(list)
    for address in Address.objects.filter(customer_id__in=ids, valid_to=None).order_by("kind"):
        places[address.customer_id].append(address)
    for customer in customers:
        for name, value in standing(customer=customer, addresses=places[customer.pk]).items():
            known = found[name]
            heard = any(one.system == customer.source for one in known) and len(customers) == 1
            if value and not heard and not any(same(one.value, value) for one in known):
                known.append(Candidate(customer.source, value, customer.created_at))
    return found


def provenance(*, customer: Customer, rules: Rules | None = None) -> dict[str, Choice]:
    """The choice of each field that any source gives, with its source, date and rivals."""
    rules = rules or rules_in_force()
    addresses = Address.objects.filter(customer=customer, valid_to=None).order_by("kind")
    now = standing(customer=customer, addresses=list(addresses))
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


def visible_rules(*, actor: User) -> QuerySet[SurvivorshipRules]:
    """Every version of the rules: they hold nothing of anybody."""
    return SurvivorshipRules.objects.all()
