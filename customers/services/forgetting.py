"""When a customer is erased, the records that were merged into it are erased with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
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
from customers.selectors.duplicates import merged_records
from customers.services.merge import announce

#: What is only about who the customer is, and goes as a whole.
PARTS = (ContactPoint, Address, Identifier, SourceRecord, CustomerInsight)
#: What is left of the record itself.
BLANK: Mapping[str, Any] = {
    "given_names": "", "family_name": "", "name": "", "display_name": "—", "sort_key": "~",
    "search_text": "", "born_on": None, "birth_place": "", "nationalities": [],
    "tax_countries": [], "residence_country": "", "occupation": "", "segment": "",
}  # fmt: skip


def forget_merged(*, customer: Customer, at: datetime) -> list[UUID]:
    """
    Blank every record that became this customer, and what would bring it back.

    :returns: the records concerned
    """
    MatchKey.objects.filter(customer_id=customer.pk).delete()
    pointers = merged_records(customer_id=customer.pk)
    concerned = [customer.pk, *pointers]
    CustomerMerge.objects.filter(
        Q(survivor_id__in=concerned) | Q(absorbed_id__in=concerned)
    ).update(ciphertext="")
    if not pointers:
        return []
    announce()
    for model in PARTS:
        model._base_manager.filter(customer_id__in=pointers).delete()
    for one in Customer.everyone.filter(pk__in=pointers):
        # A pointer keeps its stage, and a record in service has a name.
        name = "family_name" if one.kind == PartyKind.PERSON else "name"
        blank(customer=one, at=at, **{name: "—"})
    return pointers


def blank(*, customer: Customer, at: datetime, **kept: str) -> None:
    """Take everything from the record that says who it is, but for `kept`."""
    for name, value in {**BLANK, **kept}.items():
        setattr(customer, name, value)
    customer.version += 1
    customer.updated_at = at
    customer.save(update_fields=[*BLANK, "version", "updated_at"])
