"""Customers made by the thousand are the customers that are made one by one."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clm.core import audit, bulk, crypto
from clm.core.models import ChainHead, Delivery, Event, EventDetail, User
from customers.models import Address, ContactPoint, Customer, Identifier
from customers.services import drafts
from tests.hostile import texts

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 5, 9, 0, 0, 7, tzinfo=UTC)
_numbers = count(1)

#: What is each row's own by its nature.
OWN = {
    "id", "customer_id", "record_id", "event_id", "ciphertext", "index", "prev_hash", "hash",
    "xact_id", "detail_mac", "key",
}  # fmt: skip

people = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["person", "organisation"]),
        "given_names": texts,
        "family_name": texts,
        "birth_place": texts,
        "occupation": texts,
        "line1": texts,
        "born_on": st.none() | st.dates(date(1880, 1, 1), date(2026, 1, 1)),
        "nationalities": st.lists(st.sampled_from(["DK", "SE", "NO"]), max_size=2),
        "emails": st.lists(
            st.sampled_from(["a@example.dk", "B@Example.dk", "c@x.org"]), max_size=3
        ),
        "phones": st.lists(st.sampled_from(["29110418", "+44 20 7946 0958"]), max_size=2),
    }
)


def draft(told: dict[str, Any]) -> drafts.NewCustomer:
    """With a number of its own, since no two customers may have the same."""
    person = told["kind"] == "person"
    names = (
        {"given_names": told["given_names"][:90], "family_name": told["family_name"][:90] + "x"}
        if person
        else {"name": told["family_name"][:90] + "x"}
    )
    return drafts.draft(
        kind=told["kind"],
        **names,
        birth_place=told["birth_place"][:90],
        occupation=told["occupation"][:90],
        born_on=told["born_on"],
        nationalities=list(told["nationalities"]),
        emails=told["emails"],
        phones=told["phones"],
        addresses=[{"line1": told["line1"][:90]}] if told["line1"] else [],
        identifiers=[("passport", f"P{next(_numbers):08d}")],
    )


def rows_of(customer: Customer) -> dict[str, list[dict[str, Any]]]:
    """Everything the database has of a customer, without what is each row's own."""
    kept = {
        "customer": Customer.objects.filter(pk=customer.pk),
        "contacts": ContactPoint.objects.filter(customer=customer).order_by("kind", "value"),
        "addresses": Address.objects.filter(customer=customer),
        "identifiers": Identifier.objects.filter(customer=customer),
        "events": Event.objects.filter(record_id=customer.pk),
        "details": EventDetail.objects.filter(record_id=customer.pk),
        "heads": ChainHead.objects.filter(record_id=customer.pk),
    }
    found = {
        name: [
            {field: value for field, value in row.items() if field not in OWN}
            for row in queryset.values()
        ]
        for name, queryset in kept.items()
    }
    for row in found["identifiers"]:
        row.pop("masked")
    events = Event.objects.filter(record_id=customer.pk).values_list("pk", flat=True)
    deliveries = Delivery.objects.filter(event_id__in=list(events)).order_by("reaction")
    found["deliveries"] = [
        {name: value for name, value in row.items() if name not in OWN}
        for row in deliveries.values()
    ]
    return found


@given(told=st.lists(people, min_size=bulk.FEW, max_size=bulk.FEW))
@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.data_too_large],
)
def test_many_at_once_equal_one_by_one_in_every_table(told: list[dict[str, Any]]) -> None:
    system = User.objects.get(username="system")
    options: dict[str, Any] = {"actor": system, "at": AT, "source": "core", "reason": "go-live"}
    many = drafts.store(drafts=[draft(one) for one in told], validate=False, **options)
    single = [drafts.store(drafts=[draft(one)], **options)[0] for one in told]

    for one, other in zip(many, single, strict=True):
        assert rows_of(one) == rows_of(other)
        assert vars(one).keys() == vars(other).keys()
    assert audit.verify().broken == []


def test_numbers_stored_by_the_thousand_are_encrypted_and_found_by_their_index(
    system: User,
) -> None:
    new = [
        drafts.draft(kind="person", family_name="Holm", identifiers=[("cpr", f"120384{one:04d}")])
        for one in range(1000, 1000 + bulk.FEW)
    ]
    made = drafts.store(drafts=new, actor=system, at=AT, validate=False)
    for one, customer in zip(new, made, strict=True):
        identifier = Identifier.objects.get(index=one.indexes[0])
        assert identifier.customer_id == customer.pk
        assert identifier.masked == "120384-••••"
        plaintext = crypto.decrypt(token=identifier.ciphertext, context=drafts.IDENTIFIER_CONTEXT)
        assert plaintext == one.identifiers[0].value
    tokens = set(Identifier.objects.values_list("ciphertext", flat=True))
    assert len(tokens) == len(made)
    with pytest.raises(ValidationError):
        drafts.store(drafts=[drafts.draft(kind="person")], actor=system, at=AT)
