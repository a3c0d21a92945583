"""What a row was before each change, however it was changed."""

from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from clm.core import history, lifecycle
from clm.core.models import User
from customers import services
from customers.models import Customer
from tests.factories import customers as make

pytestmark = pytest.mark.django_db
TABLES = [
    model._meta.db_table for model in apps.get_models() if model._meta.db_table.endswith("_history")
]


def rows(customer: Customer) -> Any:
    return history.history_of(Customer).objects.filter(pgh_obj_id=customer.pk)  # type: ignore[union-attr]


def test_every_governed_record_has_a_history() -> None:
    # Their journal is their events: nothing else of them changes.
    without = {
        "acquisition.LeadErasure",
        "assistant.Article",
        "customers.AccountConsent",
        "customers.ConsentWording",
        "customers.Document",
        "customers.DuplicatePair",
        "customers.ImportBatch",
        "customers.Offer",
        "customers.SurvivorshipRules",
        "engagement.NextBestAction",
        "kyc.MonitoringRule",
        "kyc.PolicyText",
        "kyc.RiskModel",
        "kyc.SuspicionReport",  # nor may it: a history of its own has its own readers
    }
    governed = {machine.label for machine in lifecycle.machines()}
    kept = {label for label in governed if history.history_of(apps.get_model(label))}
    assert governed - kept == without


def test_a_change_leaves_what_was(ada: User, now: datetime) -> None:
    customer = make.customer(given_names="Mette", family_name="Holm")
    assert not rows(customer).exists()
    services.change_customer(
        customer=customer, changes={"given_names": "Mette Marie"}, actor=ada, at=now
    )
    row = rows(customer).get()
    assert (row.given_names, row.pgh_label) == ("Mette", "update")
    customer.refresh_from_db()
    ((_row, differences),) = history.changes_of(customer)
    assert ("given names", "Mette", "Mette Marie") in [one[:3] for one in differences]


@pytest.mark.parametrize(
    "change",
    [
        lambda pk: Customer.objects.filter(pk=pk).update(occupation="baker"),
        lambda pk: Customer.objects.bulk_update([_with(pk, "baker")], ["occupation"]),
        lambda pk: _sql("UPDATE customers_customer SET occupation = 'baker' WHERE id = %s", pk),
    ],
    ids=["update", "bulk_update", "sql"],
)
def test_no_way_of_changing_escapes(change: Any) -> None:
    customer = make.customer()
    change(customer.pk)
    assert rows(customer).get().occupation == ""


def _with(pk: Any, occupation: str) -> Customer:
    found = Customer.objects.get(pk=pk)
    found.occupation = occupation
    return found


def _sql(statement: str, pk: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(pk)])


def test_a_change_of_state_alone_is_an_event_and_no_history(now: datetime, system: User) -> None:
    customer = make.customer()
    lifecycle.perform(record=customer, name="start_onboarding", actor=system, at=now)
    assert not rows(customer).exists()


def test_a_deleted_part_is_remembered() -> None:
    customer = make.customer(emails=["a@example.dk"])
    model: Any = history.history_of(apps.get_model("customers.ContactPoint"))
    customer.contact_points.all().delete()
    row = model.objects.get(customer_id=customer.pk)
    assert (row.value, row.pgh_label) == ("a@example.dk", "delete")


def test_secrets_have_no_history() -> None:
    names = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.db_table in TABLES
        for field in model._meta.concrete_fields
    }
    secret = {"ciphertext", "password", "cpr_token", "cpr_index", "index"}
    assert not {one for one in names if one[1] in secret}


def test_a_request_leaves_its_person_and_its_number(ada: User, client_for: Any) -> None:
    customer = make.customer(branch=ada.branch, adviser=ada)
    client: Client = client_for(ada)
    answer = client.patch(
        f"/api/v1/customers/{customer.pk}/",
        {"occupation": "baker"},
        content_type="application/json",
        headers={"If-Match": "*", "X-Request-ID": "one-request"},
    )
    assert answer.status_code == 200, answer.content
    kept = rows(customer).get().pgh_context
    assert kept["user"] == str(ada.pk)
    assert kept["request_id"]
    assert set(kept) == {"user", "request_id"}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_the_application_may_add_and_read_only(table: str, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
