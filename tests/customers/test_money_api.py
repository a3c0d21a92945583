"""Transactions, renewals and account consents over the API and on the holdings tab."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clm.core import records
from customers.lifecycle import Stage
from customers.models import AccountConsent, OtherBank, ParkedTransaction, Transaction
from tests.core_api.conftest import Api
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(client_for):
    return lambda user: Api(client_for(user))


@pytest.fixture
def customer(ada, now):
    return make.customer(stage=Stage.ACTIVE, adviser=ada, branch=ada.branch, at=now)


@pytest.fixture
def holding(customer, now):
    ends = now.date() + timedelta(days=900)
    return make.holding(of=customer, reference="6400-1", matures_on=ends, at=now)


@pytest.fixture
def bank(system, now):
    made = OtherBank(code="sundbank", name="Sundbank", address="https://psd2.example.com")
    return records.create(record=made, actor=system, at=now)


def item(number, day, **fields):
    return {
        "id": f"t-{number}", "account": "6400-1", "booked_on": day.isoformat(),
        "amount": {"amount": "-12.50", "currency": "DKK"}, "text": "Kaffe", **fields,
    }  # fmt: skip


def test_a_batch_is_answered_item_by_item(as_, ola, ada, holding, now):
    day = holding.created_at.date()
    batch = [
        item(1, day),
        item(2, day, amount="7"),
        item(3, day, account="nobody"),
        item(4, day, note="?"),
        "text",
        item(6, day, booked_on="1970-01-01"),
        item(7, day),
    ]
    answer = as_(ola).post("transactions/", {"transactions": batch}).json()
    assert (answer["added"], answer["known"]) == (2, 0)
    assert [one["index"] for one in answer["parked"]] == [2, 5]
    assert [(one["index"], one["code"]) for one in answer["refused"]] == [
        (1, "invalid"), (3, "unknown_field"), (4, "invalid"),
    ]  # fmt: skip
    again = as_(ola).post("transactions/", {"transactions": batch}).json()
    assert (again["added"], again["known"], again["batch"]) == (0, 2, None)
    waiting = as_(ola).get("parked-transactions/").json()["results"]
    assert {one["reason"] for one in waiting} == {"unknown-holding", "implausible-date"}
    assert as_(ada).post("transactions/", {"transactions": batch}).status_code == 403


def test_more_than_ten_thousand_are_refused_whole(as_, ola, holding):
    batch = [{"id": str(number)} for number in range(10_001)]
    assert as_(ola).post("transactions/", {"transactions": batch}).status_code == 400


def test_transactions_are_paged_by_cursor_within_reach(as_, ola, ada, bo, holding, customer):
    day = holding.created_at.date()
    batch = [item(number, day - timedelta(days=number % 40)) for number in range(25)]
    as_(ola).post("transactions/", {"transactions": batch})
    seen, path = [], "transactions/?limit=10"
    while path:
        page = as_(ada).get(path).json()
        seen += [(one["booked_on"], one["id"]) for one in page["results"]]
        path = (page["next"] or "").partition("/api/v1/")[2]
    assert len(seen) == len(set(seen)) == 25
    assert seen == sorted(seen, reverse=True)
    assert as_(bo).get("transactions/").json()["results"] == []
    key = seen[0][1]
    assert as_(ada).get(f"transactions/{key}/").json()["amount"]["amount"] == "-12.50"
    assert as_(bo).get(f"transactions/{key}/").status_code == 404
    narrowed = as_(ada).get(f"transactions/?customer={customer.pk}&booked_from={day}")
    assert len(narrowed.json()["results"]) == 1


def test_a_holding_is_renewed_with_its_tag(as_, ada, holding):
    api, path = as_(ada), f"holdings/{holding.pk}/"
    body = {"matures_on": (holding.matures_on + timedelta(days=365)).isoformat()}
    assert api.post(f"{path}renew/", body).status_code == 428
    tag = api.get(path).headers["ETag"]
    done = api.post(f"{path}renew/", body, If_Match=tag)
    assert done.status_code == 200, done.content
    assert done.json()["matures_on"] == body["matures_on"]
    assert done.json()["renewed_on"]
    assert api.post(f"{path}renew/", body, If_Match=tag).status_code == 412


def test_a_consent_is_asked_for_and_withdrawn(as_, ada, bo, customer, bank):
    api = as_(ada)
    body = {"customer": str(customer.pk), "bank": str(bank.pk), "days": 90}
    made = api.post("account-consents/", body)
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "RECEIVED"
    path = f"account-consents/{made.json()['id']}/"
    assert as_(bo).get(path).status_code == 404
    assert api.post("account-consents/", {**body, "days": 181}).status_code == 400
    tag = api.get(path).headers["ETag"]
    gone = api.post(f"{path}transitions/revoke/", {"reason": "Asked to"}, If_Match=tag)
    assert gone.status_code == 200, gone.content
    assert (gone.json()["state"], gone.json()["ended_by"]) == ("REVOKED", "customer")


def test_eligibility_is_told_with_reasons(as_, ada, customer, now):
    make.product(code="firm", customer_kinds=["organisation"], at=now)
    answer = as_(ada).get(f"customers/{customer.pk}/eligibility/").json()["results"]
    assert [(one["eligible"], len(one["reasons"])) for one in answer] == [(False, 1)]


# The holdings tab -------------------------------------------------------------------------------


def tab(customer):
    return f"{reverse('customers:customer', args=[customer.pk])}?tab=holdings"


def test_the_tab_shows_and_narrows_transactions(client_for, ola, as_, ada, holding, customer):
    day = holding.created_at.date()
    as_(ola).post(
        "transactions/",
        {
            "transactions": [
                item(1, day, text="Kaffebaren"),
                item(2, day, kind="fee", text="Gebyret"),
            ]
        },
    )
    client = client_for(ada)
    whole = client.get(tab(customer)).content.decode()
    assert "Kaffebaren" in whole
    assert "Gebyret" in whole
    narrowed = client.get(f"{tab(customer)}&kind=fee").content.decode()
    assert "Kaffebaren" not in narrowed
    assert "Gebyret" in narrowed
    for odd in ("kind=x", "account=x", "since=99", "since=2026-02-31", "after=x", "direction=up"):
        assert client.get(f"{tab(customer)}&{odd}").status_code == 200


def test_the_acts_of_the_tab(client_for, ada, holding, customer, bank):
    client = client_for(ada)
    ends = holding.matures_on + timedelta(days=30)
    client.post(reverse("customers:renew", args=[holding.pk]), {"matures_on": ends.isoformat()})
    holding.refresh_from_db()
    assert holding.matures_on == ends
    client.post(
        reverse("customers:ask_account_consent", args=[customer.pk]),
        {"bank": str(bank.pk), "days": "30"},
    )
    consent = AccountConsent.objects.get()
    assert "Sundbank" in client.get(tab(customer)).content.decode()
    client.post(
        reverse("customers:revoke_account_consent", args=[consent.pk]),
        {"by": "customer", "reason": "Does not want it any more"},
    )
    consent.refresh_from_db()
    assert consent.state == "REVOKED"


def test_what_waits_is_tried_again_and_given_up(client_for, as_, ola, customer, holding, now):
    day = holding.created_at.date()
    rows = [item(1, day, account="late"), item(2, day, account="never")]
    as_(ola).post("transactions/", {"transactions": rows})
    client = client_for(ola)
    page = reverse("customers:transactions")
    assert "never" in client.get(page).content.decode()
    make.holding(of=customer, reference="late", at=now)
    client.post(reverse("customers:settle_parked"))
    assert Transaction.objects.count() == 1
    parked = ParkedTransaction.objects.get()
    client.post(
        reverse("customers:settle_parked"), {"parked": str(parked.pk), "reason": "A test row"}
    )
    assert "never" not in client.get(page).content.decode()
