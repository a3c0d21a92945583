"""Whether a lead is a customer already."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from acquisition.lifecycle import LeadFacts
from acquisition.models import Lead
from clm.core.models import User
from customers import selectors as customers
from customers.models import ContactPoint, Customer, Identifier


def lead_facts(*, records: Sequence[Lead], at: datetime) -> Mapping[UUID, LeadFacts]:
    """What the guards need, in two questions however many leads there are."""
    matches = same_customers(leads=records)
    return {lead.pk: LeadFacts(same_customers=tuple(matches.get(lead.pk, ()))) for lead in records}


def same_customers(*, leads: Sequence[Lead]) -> dict[UUID, list[UUID]]:
    """
    Customers who have a lead's CPR number, or its e-mail address; in three questions at most.

    An address alone proves nothing where both have a CPR number: then the number decides.
    """
    by_number = _by_number([bytes(lead.cpr_index) for lead in leads if lead.cpr_index])
    by_email = _by_email([lead.email.lower() for lead in leads if lead.email])
    addressed = {one for group in by_email.values() for one in group}
    numbered = _having_cpr(addressed) if addressed else set()
    found: dict[UUID, list[UUID]] = {}
    for lead in leads:
        same_address = by_email.get(lead.email.lower(), set()) if lead.email else set()
        if lead.cpr_index:
            own = by_number.get(bytes(lead.cpr_index), set()) | (same_address - numbered)
        else:
            own = same_address
        own = own - {lead.customer_id}
        if own:
            found[lead.pk] = sorted(own)
    return found


def customer_with_number(*, index: bytes | None) -> Customer | None:
    """The customer with the CPR number of this blind index."""
    if not index:
        return None
    return Customer.objects.filter(identifiers__kind="cpr", identifiers__index=bytes(index)).first()


def same_as(*, lead: Lead, actor: User) -> list[Customer]:
    """The customers this lead seems to be, as far as the actor may see them."""
    found = same_customers(leads=[lead]).get(lead.pk, [])
    return list(customers.visible_customers(actor=actor).filter(pk__in=found)) if found else []


def _by_number(indexes: Sequence[bytes]) -> dict[bytes, set[UUID]]:
    found: dict[bytes, set[UUID]] = {}
    if indexes:
        rows = Identifier.objects.filter(kind="cpr", index__in=indexes)
        for index, customer_id in rows.values_list("index", "customer_id"):
            found.setdefault(bytes(index), set()).add(customer_id)
    return found


def _by_email(emails: Sequence[str]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    if emails:
        rows = ContactPoint.objects.filter(kind="email", value__in=emails, valid_to=None)
        for value, customer_id in rows.values_list("value", "customer_id"):
            found.setdefault(value, set()).add(customer_id)
    return found


def _having_cpr(customer_ids: Iterable[UUID]) -> set[UUID]:
    return set(
        Identifier.objects.filter(kind="cpr", customer_id__in=list(customer_ids)).values_list(
            "customer_id", flat=True
        )
    )
