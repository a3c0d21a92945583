"""The catalogue's pages: what is on sale, a new entry, a change that does not run over another."""

import pytest
from django.urls import reverse

from clm.core import events
from customers import services
from customers.models import Product

ENTRY = {
    "code": "saver", "category": "deposit", "name_da": "Opsparing", "name_en": "Savings",
    "description_da": "", "description_en": "", "customer_kinds": ["person"], "minimum_age": "18",
    "maximum_age": "", "countries": "DK", "currency": "DKK", "price_per_year": "0",
    "margin_per_year": "120.50", "channels": ["branch", "app"], "documents": ["identity"],
    "term_months": "", "notice_days": "60", "valid_from": "2026-01-01", "valid_to": "",
}  # fmt: skip


@pytest.fixture
def boss(make_user):
    return make_user("boss", "manager")


@pytest.fixture
def manager(client_for, boss):
    return client_for(boss)


def test_an_entry_is_made_shown_and_changed_once(manager, boss):
    made = manager.post(reverse("customers:new_product"), ENTRY)
    assert made.url == reverse("customers:products"), made.content.decode()
    product = Product.objects.get()
    assert (product.countries, product.channels, product.minimum_age) == (
        ["DK"], ["branch", "app"], 18,
    )  # fmt: skip
    assert "Savings" in manager.get(made.url).content.decode()
    address = reverse("customers:product", args=[product.pk])
    seen = product.version
    changed = {**ENTRY, "margin_per_year": "130", "documents": [], "version": str(seen)}
    assert manager.post(address, changed).status_code == 302
    product.refresh_from_db()
    assert (str(product.margin_per_year), product.documents) == ("130.00", [])
    event = events.for_record(product)[0]
    assert (event.actor, sorted(event.payload["fields"])) == (
        boss, ["documents", "margin_per_year"],
    )  # fmt: skip
    late = manager.post(address, {**ENTRY, "margin_per_year": "1", "version": str(seen)})
    assert late.status_code == 422
    assert "meantime" in late.content.decode()
    product.refresh_from_db()
    assert str(product.margin_per_year) == "130.00"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"valid_to": "2025-01-01"}, "cannot end before it begins"),
        ({"minimum_age": "60", "maximum_age": "20"}, "below the minimum age"),
        ({"code": "a b"}, "slug"),
        ({"price_per_year": "x"}, "number"),
        ({"channels": ["pigeon"]}, "pigeon"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_made(manager, wrong, said):
    answer = manager.post(reverse("customers:new_product"), {**ENTRY, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Product.objects.exists()


def test_the_code_of_another_is_refused(manager, boss, now):
    services.add_product(
        code="saver", name_da="A", name_en="A", category="deposit", valid_from=now.date(),
        actor=boss, at=now,
    )  # fmt: skip
    answer = manager.post(reverse("customers:new_product"), ENTRY)
    assert answer.status_code == 422
    assert Product.objects.count() == 1
