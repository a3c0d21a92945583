"""Creating and changing customers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors, records
from clm.core.models import Branch, User
from customers.contacts import InvalidContact, normal_email, normal_phone
from customers.models import Address, ContactPoint, Customer
from customers.services import drafts
from customers.services.duplicates import compare_customer
from customers.services.parts import lock, touch
from customers.services.sources import note_by_hand
from customers.single_view.survivorship import FIELDS

#: What a person or an integrator may write; everything else has a service of its own.
WRITABLE = frozenset(
    {
        "given_names", "family_name", "name", "born_on", "birth_place", "nationalities",
        "residence_country", "tax_countries", "language", "occupation", "legal_form", "adviser",
        "branch", "segment", "source", "customer_since", "last_transaction_on",
    }
)  # fmt: skip
PARTS = frozenset({"emails", "phones", "addresses"})


def create_customer(
    *,
    kind: str,
    actor: User,
    at: datetime,
    given_names: str = "",
    family_name: str = "",
    name: str = "",
    born_on: date | None = None,
    birth_place: str = "",
    nationalities: Sequence[str] = (),
    residence_country: str = "",
    tax_countries: Sequence[str] = (),
    language: str = "da",
    occupation: str = "",
    legal_form: str = "",
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    addresses: Iterable[Mapping[str, Any]] = (),
    identifiers: Iterable[Sequence[str]] = (),
    branch: Branch | None = None,
    adviser: User | None = None,
    segment: str = "",
    source: str = "",
    customer_since: date | None = None,
    last_transaction_on: date | None = None,
    reason: str = "",
) -> Customer:
    """
    Record a new customer as PROSPECT, and compare it with all others: whom it may be already
    waits as a pair (`possible_duplicates` says so before).

    :param identifiers: `(kind, value)` or `(kind, value, country)`, kept encrypted
    :param addresses: mappings of `kind, line1, line2, postal_code, city, country`
    :raises ValidationError: by field, `identifiers` when another customer has one of them
    """
    new = drafts.draft(
        kind=kind, given_names=given_names, family_name=family_name, name=name, born_on=born_on,
        birth_place=birth_place, nationalities=_countries(nationalities),
        residence_country=residence_country.upper(), tax_countries=_countries(tax_countries),
        language=language, occupation=occupation, legal_form=legal_form, branch=branch,
        adviser=adviser, segment=segment, source=source, customer_since=customer_since,
        last_transaction_on=last_transaction_on, emails=emails, phones=phones,
        addresses=addresses, identifiers=identifiers,
    )  # fmt: skip
    if drafts.taken(new.indexes):
        raise ValidationError({"identifiers": _("Another customer has this number already.")})
    with transaction.atomic():
        made = drafts.store(drafts=[new], actor=actor, at=at, source=source, reason=reason)[0]
        compare_customer(customer_id=made.pk, actor=actors.system_user(), at=at)
    return made


def change_customer(
    *,
    customer: Customer,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
    reason: str = "",
    by_hand: bool = True,
) -> Customer:
    """
    Write what is known of a customer. Without a difference nothing is written.

    :param by_hand: False where the value was chosen among sources; what a person or an
        integrator says is kept as a source of its own

    `emails`, `phones` and `addresses` are given whole: what is left out ends today and stays
    in the record's history.

    :raises StaleVersion: `version` is no longer the one in force
    :raises ValidationError: by field name
    """
    unknown = changes.keys() - WRITABLE - PARTS
    if unknown:
        raise ValidationError({name: _("This field cannot be changed here.") for name in unknown})
    with transaction.atomic():
        locked = lock(customer=customer, version=version)
        before = {name: getattr(locked, name) for name in changes.keys() & set(FIELDS)}
        own = _with_names(locked, {name: changes[name] for name in changes.keys() & WRITABLE})
        locked = records.change(record=locked, changes=own, actor=actor, at=at, reason=reason)
        changed = [part for part in sorted(changes.keys() & PARTS)
                   if _replace(locked, part, list(changes[part]), at)]  # fmt: skip
        if changed:
            touch(customer=locked, parts=changed, actor=actor, at=at, reason=reason)
        if by_hand:
            told = _told(before, locked, changes, changed)
            note_by_hand(customer=locked, values=told, actor=actor, at=at)
    return locked


def _told(
    before: Mapping[str, Any], customer: Customer, changes: Mapping[str, Any], parts: list[str]
) -> dict[str, Any]:
    """The golden values that a change by hand really changed."""
    told = {
        name: getattr(customer, name)
        for name in changes.keys() & set(before)
        if getattr(customer, name) != before[name]
    }
    if "addresses" in parts and changes["addresses"]:
        told["address"] = {"line2": "", **changes["addresses"][0]}
    return told


def _with_names(customer: Customer, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes with upper-case countries and, where a name changed, the fields made from it."""
    tidy = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in changes.items()
    }
    for name in ("nationalities", "tax_countries"):
        if name in tidy:
            tidy[name] = _countries(tidy[name])
    if "residence_country" in tidy:
        tidy["residence_country"] = tidy["residence_country"].upper()
    if tidy.keys() & drafts.NAME_FIELDS:
        names = {name: getattr(customer, name) for name in drafts.NAME_FIELDS}
        draft = Customer(**{**names, **{n: tidy[n] for n in tidy.keys() & drafts.NAME_FIELDS}})
        drafts.compose_names(draft)
        tidy |= {
            "display_name": draft.display_name,
            "sort_key": draft.sort_key,
            "search_text": draft.search_text,
        }
    return tidy


def _countries(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))


def _replace(customer: Customer, part: str, wanted: list[Any], at: datetime) -> bool:
    return (
        _replace_addresses(customer, wanted, at)
        if part == "addresses"
        else _replace_contacts(customer, part, wanted, at)
    )


def _replace_contacts(customer: Customer, part: str, wanted: list[str], at: datetime) -> bool:
    kind, normal = {"emails": ("email", normal_email), "phones": ("phone", normal_phone)}[part]
    try:
        values = list(dict.fromkeys(normal(value) for value in wanted))
    except InvalidContact as exc:
        raise ValidationError({part: str(exc)}) from None
    current = {
        point.value: point
        for point in ContactPoint.objects.filter(customer=customer, kind=kind, valid_to=None)
    }
    gone = [point.pk for value, point in current.items() if value not in values]
    new = [value for value in values if value not in current]
    ContactPoint.objects.filter(pk__in=gone).update(valid_to=at.date())
    ContactPoint.objects.bulk_create(
        ContactPoint(customer=customer, kind=kind, value=value, valid_from=at.date())
        for value in new
    )
    return bool(gone or new)


def _replace_addresses(customer: Customer, wanted: list[Mapping[str, Any]], at: datetime) -> bool:
    current = list(Address.objects.filter(customer=customer, valid_to=None))
    fresh = [Address(customer=customer, valid_from=at.date(), **one) for one in wanted]
    for address in fresh:
        address.full_clean(exclude=["customer"], validate_constraints=False)
    if len({address.kind for address in fresh}) != len(fresh):
        raise ValidationError({"addresses": _("Only one address of a kind is in force.")})

    def facts(address: Address) -> tuple[str, ...]:
        return tuple(getattr(address, name) for name in drafts.ADDRESS_FIELDS)

    known = {facts(address) for address in current}
    asked = {facts(address) for address in fresh}
    if known == asked:
        return False
    gone = [address.pk for address in current if facts(address) not in asked]
    Address.objects.filter(pk__in=gone).update(valid_to=at.date())
    Address.objects.bulk_create(address for address in fresh if facts(address) not in known)
    return True
