from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from clm.core import events, lifecycle
from clm.core.lifecycle import StaleVersion, TransitionRefused
from customers import services
from customers.lifecycle import Stage
from customers.models import ConsentEntry, Customer, CustomerInsight, Identifier
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


def actions(record) -> list[str]:
    return [event.action for event in events.for_record(record)]


def test_a_new_customer_is_a_prospect_with_parts_and_one_event(ada, aarhus, now):
    customer = services.create_customer(
        kind="person",
        given_names=" Mette  Kragh ",
        family_name="Sørensen",
        nationalities=["dk", "DK"],
        emails=["Mette@Example.DK"],
        phones=["29 11 04 18"],
        identifiers=[("cpr", "120384-1234")],
        addresses=[{"line1": "Vestergade 31", "postal_code": "8000", "city": "Aarhus C"}],
        branch=aarhus,
        adviser=ada,
        source="referral",
        actor=ada,
        at=now,
    )
    assert (customer.stage, customer.display_name) == (Stage.PROSPECT, "Mette Kragh Sørensen")
    assert customer.nationalities == ["DK"]
    points = set(customer.contact_points.values_list("kind", "value"))
    assert points == {("email", "mette@example.dk"), ("phone", "+4529110418")}
    identifier = customer.identifiers.get()
    assert identifier.masked == "120384-••••"
    assert "1203841234" not in identifier.ciphertext
    assert actions(customer) == ["create"]
    assert "Mette" not in str(events.for_record(customer).get().payload)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"kind": "person", "family_name": ""}, "__all__"),
        ({"kind": "organisation", "name": ""}, "display_name"),
        ({"kind": "alien", "family_name": "X"}, "kind"),
        ({"kind": "person", "family_name": "X", "emails": ["x"]}, "emails"),
        ({"kind": "person", "family_name": "X", "phones": ["abc"]}, "phones"),
        ({"kind": "person", "family_name": "X", "identifiers": [("cpr", "1")]}, "identifiers"),
    ],
)
def test_what_cannot_be_is_refused_by_field(ada, now, fields, fault):
    with pytest.raises(ValidationError) as refusal:
        services.create_customer(**fields, actor=ada, at=now)
    assert fault in refusal.value.message_dict


def test_one_person_is_not_two_customers(ada, now):
    make.customer(identifiers=[("cpr", "120384-1234")])
    with pytest.raises(ValidationError):
        make.customer(identifiers=[("cpr", "1203841234")])
    other = make.customer()
    with pytest.raises(ValidationError):
        services.add_identifier(customer=other, kind="cpr", value="1203841234", actor=ada, at=now)


def test_a_change_names_fields_and_keeps_what_ended(ada, now):
    customer = make.customer(emails=["old@example.dk"])
    changed = services.change_customer(
        customer=customer,
        changes={"family_name": "Ågård", "emails": ["new@example.dk"]},
        actor=ada,
        at=now,
        version=customer.version,
    )
    assert changed.display_name == "Mette Ågård"
    assert changed.sort_key.startswith("}g}rd")
    ended = customer.contact_points.get(value="old@example.dk")
    assert ended.valid_to == now.date()
    fields = [event.payload.get("fields") for event in events.for_record(customer)][:2]
    assert ["emails"] in fields
    assert ["display_name", "family_name", "search_text", "sort_key"] in fields


def test_a_change_without_a_difference_writes_nothing(ada, now):
    customer = make.customer(emails=["a@example.dk"])
    again = services.change_customer(
        customer=customer, changes={"emails": ["A@example.dk"], "language": "da"}, actor=ada, at=now
    )
    assert again.version == customer.version
    assert actions(customer) == ["create"]


def test_a_stale_change_is_refused_and_leaves_nothing(ada, now):
    customer = make.customer()
    services.change_customer(customer=customer, changes={"segment": "a"}, actor=ada, at=now)
    with pytest.raises(StaleVersion):
        services.change_customer(
            customer=customer, changes={"emails": ["x@example.dk"]}, actor=ada, at=now, version=1
        )
    assert not customer.contact_points.exists()


def test_compliance_facts_are_not_changed_by_the_back_door(ada, now):
    for name in ("risk_level", "kyc_cleared_at", "stage", "restriction", "retention_until"):
        with pytest.raises(ValidationError):
            services.change_customer(
                customer=make.customer(), changes={name: None}, actor=ada, at=now
            )


def test_revealing_needs_permission_and_reason_and_leaves_an_event(ada, max_, now):
    customer = make.customer(identifiers=[("cpr", "120384-1234")])
    identifier = customer.identifiers.get()
    with pytest.raises(PermissionDenied):
        services.reveal_identifier(identifier=identifier, actor=max_, reason="curious", at=now)
    with pytest.raises(ValidationError):
        services.reveal_identifier(identifier=identifier, actor=ada, reason=" ", at=now)
    number = services.reveal_identifier(
        identifier=identifier, actor=ada, reason="caller identified", at=now
    )
    assert number == "1203841234"
    event = events.for_record(customer).first()
    assert event is not None
    assert event.action == "reveal"
    assert event.detail["reason"] == "caller identified"
    assert "1203841234" not in str(event.payload) + str(event.detail)


def test_an_identifier_cannot_be_read_as_another_column(now):
    from clm.core import crypto

    identifier = make.customer(identifiers=[("cpr", "120384-1234")]).identifiers.get()
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(token=identifier.ciphertext, context="kyc.Case")


def test_rotation_gives_every_identifier_the_newest_key(now, settings):
    import base64
    import os

    from clm.core import crypto

    identifier = make.customer(identifiers=[("cpr", "120384-1234")]).identifiers.get()
    fresh = base64.b64encode(os.urandom(32)).decode()
    settings.CLM_FIELD_KEYS = f"next:{fresh},{settings.CLM_FIELD_KEYS}"
    assert crypto.rotate()["customers.Identifier.ciphertext"] == 1
    rotated = Identifier.objects.get(pk=identifier.pk)
    assert crypto.key_in_use(rotated.ciphertext) == "next"
    assert crypto.decrypt(token=rotated.ciphertext, context="customers.Identifier") == "1203841234"


def test_holdings_open_once_and_close_once(system, now):
    customer = make.customer(stage=Stage.ACTIVE)
    product = make.product()
    first = make.holding(of=customer, product=product, reference="6400-1", balance=Decimal("10.00"))
    assert make.holding(of=customer, product=product, reference="6400-1") == first
    closed = services.close_holding(holding=first, closed_on=now.date(), actor=system, at=now)
    again = services.close_holding(holding=closed, closed_on=now.date(), actor=system, at=now)
    assert again.version == closed.version
    other = make.customer()
    with pytest.raises(ValidationError):
        make.holding(of=other, product=product, reference="6400-1")


def test_closing_waits_for_open_holdings_and_for_the_system(karen, system, now):
    customer = make.customer(stage=Stage.OFFBOARDING)
    holding = make.holding(of=customer)
    ends = {"closed_on": now.date(), "retention_until": date(2031, 3, 5)}
    with pytest.raises(TransitionRefused, match="No holding is open"):
        lifecycle.perform(record=customer, name="close", actor=system, at=now, changes=ends)
    services.close_holding(holding=holding, closed_on=now.date(), actor=system, at=now)
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=customer, name="close", actor=karen, at=now, changes=ends)
    closed = lifecycle.perform(record=customer, name="close", actor=system, at=now, changes=ends)
    assert closed.stage == Stage.CLOSED
    assert closed.stage_since == now


def test_the_database_refuses_a_close_without_a_retention_date(system, now):
    customer = make.customer(stage=Stage.OFFBOARDING)
    with pytest.raises(IntegrityError), transaction.atomic():
        lifecycle.perform(record=customer, name="close", actor=system, at=now)


def test_the_database_refuses_a_stray_stage(now):
    customer = make.customer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(stage=Stage.CLOSED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(stage=Stage.ONBOARDING)


def test_nobody_is_activated_without_a_clearance_in_force(system, now):
    customer = make.customer(stage=Stage.ONBOARDING)
    with pytest.raises(TransitionRefused, match="KYC is cleared"):
        lifecycle.perform(record=customer, name="activate", actor=system, at=now)
    services.set_clearance(customer=customer, cleared_at=now, actor=system, at=now)
    services.set_risk(
        customer=customer, level="low", review_on=date(2020, 1, 1), actor=system, at=now
    )
    with pytest.raises(TransitionRefused, match="not overdue"):
        lifecycle.perform(record=customer, name="activate", actor=system, at=now)


def test_only_two_years_of_silence_make_dormant(system, now):
    quiet = make.customer(stage=Stage.ACTIVE, last_transaction_on=date(2020, 1, 1))
    make.customer(stage=Stage.ACTIVE, last_transaction_on=now.date())
    # Of whom no transaction is known, nobody can say how long they were silent.
    make.customer(stage=Stage.ACTIVE, customer_since=date(2005, 1, 1))
    assert services.mark_dormant_customers(actor=system, at=now) == 1
    assert Customer.objects.get(stage=Stage.DORMANT) == quiet


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [(date(2024, 2, 29), 5, date(2029, 2, 28)), (date(2026, 3, 5), 5, date(2031, 3, 5))],
)
def test_retention_ends_on_the_same_day_years_later(day, years, expected):
    assert services.retention_end(stage=Stage.CLOSED, ended_on=day) == expected


def test_erasure_needs_the_date_a_second_person_and_leaves_a_bare_record(karen, mads, system, now):
    customer = make.customer(
        stage=Stage.WITHDRAWN, emails=["x@example.dk"], identifiers=[("cpr", "120384-1234")]
    )
    with pytest.raises(TransitionRefused):
        services.ask_erasure(customer=customer, actor=karen, at=now, reason="retention over")
    from clm.core import records

    past = now.date() - timedelta(days=4000)
    customer = records.change(
        record=customer, changes={"retention_until": past}, actor=system, at=now
    )
    services.ask_erasure(customer=customer, actor=karen, at=now, reason="retention over")
    with pytest.raises(TransitionRefused):
        lifecycle.perform(record=customer, name="erase", actor=karen, at=now, reason="mine")
    erased = lifecycle.perform(record=customer, name="erase", actor=mads, at=now, reason="agreed")
    event = events.for_record(erased).first()
    assert event is not None
    for _twice in range(2):
        services.wipe_personal_data(event=event, at=now)
    erased = Customer.objects.get(pk=erased.pk)
    assert (erased.stage, erased.family_name, erased.search_text) == (Stage.ERASED, "", "")
    assert not erased.identifiers.exists()
    assert not erased.contact_points.exists()


def test_the_consent_ledger_only_grows(ada, max_, now):
    customer = make.customer()
    given: dict[str, Any] = {
        "customer": customer,
        "purpose": "marketing",
        "channel": "email",
        "source": "branch",
        "wording_version": "marketing-1",
    }
    with pytest.raises(PermissionDenied):
        services.record_consent(**given, decision="given", actor=max_, at=now)
    entry = services.record_consent(**given, decision="given", actor=ada, at=now)
    assert services.record_consent(**given, decision="given", actor=ada, at=now) == entry
    services.record_consent(**given, decision="withdrawn", actor=ada, at=now)
    assert ConsentEntry.objects.count() == 2
    with pytest.raises(Exception, match=r"append_only|Cannot update"), transaction.atomic():
        ConsentEntry.objects.update(decision="given")


def test_insights_are_written_for_many_and_keep_what_is_not_named(now):
    first, second = make.customer(), make.customer()
    services.set_insights(
        rows=[
            {"customer_id": one.pk, "churn_probability": 0.5, "churn_band": "high"}
            for one in (first, second)
        ],
        at=now,
    )
    services.set_insight(customer_id=first.pk, value=Decimal("1000.00"), at=now)
    insight = CustomerInsight.objects.get(customer=first)
    assert (insight.churn_probability, insight.value) == (0.5, Decimal("1000.00"))
    with pytest.raises(TypeError):
        services.set_insight(customer_id=first.pk, risk_level="high", at=now)


@pytest.mark.parametrize("stage", sorted(make.WALKS))
def test_every_stage_is_reached_by_its_walk(stage, now):
    assert make.customer(stage=stage).stage == stage
