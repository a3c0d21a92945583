from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import selectors, services
from customers.lifecycle import Stage
from customers.models import Customer, Decision
from customers.services.robinson import write_listing
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


def names(found) -> list[str]:
    return [customer.display_name for customer in found]


# Reach -----------------------------------------------------------------------------------------


@pytest.fixture
def three(ada, bo, aarhus, odense):
    return {
        "ada's": make.customer(adviser=ada, branch=aarhus),
        "aarhus": make.customer(branch=aarhus),
        "bo's": make.customer(adviser=bo, branch=odense),
    }


def seen(actor) -> set[Customer]:
    return set(selectors.visible_customers(actor=actor))


def test_an_adviser_sees_own_customers_and_those_of_the_branch(three, ada, bo):
    assert seen(ada) == {three["ada's"], three["aarhus"]}
    assert seen(bo) == {three["bo's"]}


def test_compliance_sees_everybody_and_without_a_role_only_ones_own(three, karen, max_):
    assert seen(karen) == set(three.values())
    assert seen(max_) == set()


def test_reach_holds_for_holdings_and_offers(three, ada, bo, now):
    for customer in three.values():
        make.holding(of=customer)
        services.make_offer(customer=customer, kind="fee", text="None", given_by=bo, at=now)
    assert selectors.visible_holdings(actor=bo).count() == 1
    assert selectors.visible_offers(actor=ada).count() == 2


def test_reach_holds_for_search(three, bo, now):
    found = selectors.search(query="sørensen", actor=bo)
    assert found == [three["bo's"]]


def test_a_robot_sees_as_far_as_it_was_made_to(three, make_user, aarhus):
    robot = make_user("robot", is_robot=True, robot_reach="branch", branch=aarhus)
    assert seen(robot) == {three["ada's"], three["aarhus"]}


# Search ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "Åse Sørensen", "sorensen ase", "SOERENSEN", "aas sør", "120384-1234", "1203841234",
        "ase@example.dk", "ASE@example.dk", "29 11 04 18", "+45 29110418", "6400-77", " åse ",
    ],
)  # fmt: skip
def test_a_customer_is_found_by_whatever_is_typed(karen, query):
    customer = make.customer(
        given_names="Åse Marie",
        family_name="Sørensen",
        identifiers=[("cpr", "120384-1234")],
        emails=["ase@example.dk"],
        phones=["29110418"],
    )
    make.holding(of=customer, reference="6400-77")
    make.customer(given_names="Bent", family_name="Holm")
    assert selectors.search(query=query, actor=karen) == [customer]


@pytest.mark.parametrize(
    "query",
    ["", "   ", "\0", "zzz", "'; --", "a & !b | (c", ":*", "1203841235", "%", "😀", "x" * 9000],
)
def test_nonsense_finds_nobody_and_breaks_nothing(karen, query):
    make.customer()
    assert selectors.search(query=query, actor=karen) == []


def test_results_stand_in_danish_order(karen):
    for family in ("Åberg", "Zander", "Ærø", "Aagaard", "Østberg", "Andersen"):
        make.customer(given_names="Per", family_name=family)
    found = names(selectors.search(query="per", actor=karen))
    assert [name.split()[1] for name in found] == [
        "Andersen", "Zander", "Ærø", "Østberg", "Åberg", "Aagaard",
    ]  # fmt: skip


def test_a_saved_search_is_the_searchers_for_a_day_and_encrypted(ada, bo, now):
    search = services.remember_search(query="Mette Sørensen", actor=ada, at=now)
    assert "Mette" not in search.ciphertext
    found = {"search_id": search.pk, "at": now}
    assert selectors.saved_search(**found, actor=ada) == "Mette Sørensen"
    assert selectors.saved_search(**found, actor=bo) is None
    later = {**found, "at": now + timedelta(days=2)}
    assert selectors.saved_search(**later, actor=ada) is None


# May we contact? -------------------------------------------------------------------------------


def ask(customer, now, purpose="marketing", channel="email"):
    return selectors.may_contact(customer=customer, purpose=purpose, channel=channel, at=now)


def record(customer, ada, at, decision, channel="email", purpose="marketing"):
    services.record_consent(
        customer=customer, purpose=purpose, channel=channel, decision=decision, source="t",
        wording_version=f"{purpose}-1", actor=ada, at=at,
    )  # fmt: skip


def test_marketing_by_mail_needs_a_consent_in_force(ada, now):
    customer = make.customer(stage=Stage.ACTIVE, emails=["x@example.dk"])
    assert not ask(customer, now).allowed
    record(customer, ada, now, "given")
    assert ask(customer, now).allowed
    record(customer, ada, now + timedelta(hours=1), "withdrawn")
    assert ask(customer, now).allowed
    assert "withdrawn" in ask(customer, now + timedelta(hours=2)).reason


def test_an_objection_to_all_channels_weighs_more_than_an_older_consent(ada, now):
    customer = make.customer(stage=Stage.ACTIVE, emails=["x@example.dk"])
    record(customer, ada, now - timedelta(days=2), "given")
    record(customer, ada, now - timedelta(days=1), "objected", channel="any")
    assert not ask(customer, now).allowed
    assert not ask(customer, now, channel="post").allowed
    record(customer, ada, now, "given")
    assert ask(customer, now).allowed


def test_a_letter_is_allowed_until_the_robinson_list_says_no(ada, now):
    customer = make.customer(stage=Stage.ACTIVE)
    assert ask(customer, now, channel="post").allowed
    write_listing(
        customer_ids=[customer.pk], decision=Decision.ROBINSON, source="list", actor=ada, at=now
    )
    assert not ask(customer, now, channel="post").allowed


def test_service_messages_need_no_consent_but_an_address(now):
    customer = make.customer(stage=Stage.ACTIVE)
    assert ask(customer, now, purpose="service", channel="post").allowed
    assert "e-mail" in ask(customer, now, purpose="service").reason


# What commerce may know ------------------------------------------------------------------------


def test_the_commercial_view_asks_for_nothing_of_compliance(now):
    customer = make.customer(stage=Stage.ACTIVE)
    with CaptureQueriesContext(connection) as captured:
        rows = list(selectors.commercial_view(customer_ids=[customer.pk]))
    assert rows[0]["stage"] == Stage.ACTIVE
    sql = captured.captured_queries[0]["sql"]
    for word in ("risk", "kyc", "restriction", "retention"):
        assert word not in sql, word


def test_facts_of_many_customers_cost_one_query_each(system, now):
    for _one in range(5):
        make.holding(of=make.customer(stage=Stage.OFFBOARDING))
    records = list(Customer.objects.all())
    with CaptureQueriesContext(connection) as captured:
        facts = selectors.customer_facts(records=records, at=now)
    assert len(captured.captured_queries) == 1
    assert {one.open_holdings for one in facts.values()} == {1}
