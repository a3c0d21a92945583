"""Whom a lead may be already: customers, and other leads that are still open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from acquisition.lifecycle import OPEN_STATES, LeadFacts
from acquisition.models import Lead
from acquisition.selectors.leads import visible_leads
from clm.core.models import User
from customers import selectors as customers
from customers.models import ContactPoint, Customer, Identifier
from customers.selectors.duplicates import Possible, possible_duplicates
from customers.single_view import facts
from customers.single_view.facts import Facts
from customers.single_view.score import SAME, SIMILAR, Reason

#: Alike enough to be shown to a person; less than for two customers, as a lead has fewer facts.
SHOWN_FROM = 20


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


@dataclass(frozen=True, slots=True)
class Match:
    """
    Whom a lead may be: a customer or another open lead, with the reasons.

    :param exact: a number or an address is the same; otherwise several things are alike
    :param reasons: in the reader's language
    """

    exact: bool
    points: int
    reasons: tuple[str, ...]
    customer: Customer | None = None
    lead: Lead | None = None


def matches_of(*, lead: Lead, actor: User) -> list[Match]:
    """
    Whom a lead may be already, the surest first, as far as the actor reaches them.

    Customers are found by CPR number, e-mail or telephone, and by what the search for
    duplicates among customers finds alike; open leads by CPR number, e-mail or telephone.
    """
    alike = {one.customer.pk: one for one in _like(lead)}
    if lead.customer_id:
        alike.pop(lead.customer_id, None)
    seen = customers.visible_customers(actor=actor).in_bulk(list(alike))
    found = [
        Match(
            exact=any(_is_exact(one) for one in possible.score.reasons),
            points=possible.score.points,
            reasons=tuple(_in_words(one) for one in possible.score.reasons if one.points > 0),
            customer=seen[pk],
        )
        for pk, possible in alike.items()
        if pk in seen
    ]
    found += [
        Match(exact=True, points=0, reasons=tuple(reasons), lead=other)
        for other, reasons in _open_leads_like(lead, actor)
    ]
    return sorted(found, key=lambda one: (not one.exact, -one.points))


def _like(lead: Lead) -> list[Possible]:
    return possible_duplicates(facts=_facts(lead), threshold=SHOWN_FROM)


def _facts(lead: Lead) -> Facts:
    number = _number_of(lead)
    return facts.make(
        kind=lead.kind, given_names=lead.given_names, family_name=lead.family_name,
        name=lead.organisation_name, phones=[lead.phone] if lead.phone else [],
        emails=[lead.email] if lead.email else [], identifiers=number,
    )  # fmt: skip


def _number_of(lead: Lead) -> list[tuple[str, bytes]]:
    return [("cpr.DK", bytes(lead.cpr_index))] if lead.cpr_index else []


def _is_exact(reason: Reason) -> bool:
    return reason.state == SAME and reason.feature in {"identifier", "email", "phone"}


def _in_words(reason: Reason) -> str:
    words = {
        ("identifier", SAME): _("same CPR number"),
        ("email", SAME): _("same e-mail"),
        ("phone", SAME): _("same telephone"),
        ("name", SAME): _("same name"),
        ("born_on", SAME): _("same date of birth"),
        ("name", SIMILAR): _("similar name"),
        ("email", SIMILAR): _("similar e-mail"),
        ("born_on", SIMILAR): _("similar date of birth"),
    }
    return words.get((reason.feature, reason.state), reason.feature)


def _open_leads_like(lead: Lead, actor: User) -> list[tuple[Lead, list[str]]]:
    same = Q()
    if lead.cpr_index:
        same |= Q(cpr_index=lead.cpr_index)
    if lead.email:
        same |= Q(email=lead.email)
    if lead.phone:
        same |= Q(phone=lead.phone)
    if not same:
        return []
    others = visible_leads(actor=actor).filter(same, state__in=OPEN_STATES).exclude(pk=lead.pk)[:20]
    found = []
    for other in others:
        reasons = []
        if lead.cpr_index and other.cpr_index and bytes(lead.cpr_index) == bytes(other.cpr_index):
            reasons.append(_("same CPR number"))
        if lead.email and other.email == lead.email:
            reasons.append(_("same e-mail"))
        if lead.phone and other.phone == lead.phone:
            reasons.append(_("same telephone"))
        found.append((other, reasons))
    return found
