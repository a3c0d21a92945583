"""When a customer is erased, the records that were merged into it are erased with it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from customers.models import (
    Address,
    ContactPoint,
    Customer,
    CustomerInsight,
    CustomerMerge,
    Identifier,
    MatchKey,
    PartyKind,
    SourceRecord,
)
from customers.services.merge import announce


def forget_merged(*, customer: Customer, at: datetime) -> list[UUID]:
    """
    Blank every record that became this customer, and what would bring it back.

    :returns: the records concerned
    """
    MatchKey.objects.filter(customer_id=customer.pk).delete()
    pointers = _pointers(customer.pk)
    concerned = [customer.pk, *pointers]
    CustomerMerge.objects.filter(
        Q(survivor_id__in=concerned) | Q(absorbed_id__in=concerned)
    ).update(ciphertext="")
    if not pointers:
        return []
    announce()
    for model in (ContactPoint, Address, Identifier, SourceRecord, CustomerInsight):
        model._base_manager.filter(customer_id__in=pointers).delete()
    for one in Customer.everyone.filter(pk__in=pointers):
        person = one.kind == PartyKind.PERSON
        # A pointer keeps its stage, and a record in service has a name.
        one.given_names, one.family_name, one.name = (
            "",
            "—" if person else "",
            "" if person else "—",
        )
        one.display_name, one.sort_key, one.search_text = "—", "~", ""
        one.born_on, one.birth_place, one.residence_country = None, "", ""
        one.nationalities, one.tax_countries, one.occupation, one.segment = [], [], "", ""
        one.version += 1
        one.updated_at = at
        one.save()
    return pointers


def _pointers(customer_id: UUID) -> list[UUID]:
    """The records merged into this one, and those merged into them."""
    found: list[UUID] = []
    front = [customer_id]
    while front:
        front = list(Customer.everyone.filter(merged_into__in=front).values_list("pk", flat=True))
        found += front
    return found
