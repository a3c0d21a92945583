"""Pages of engagement, retention and offboarding, as people open and use them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.lifecycle import Stage
from engagement.models import Interaction
from offboarding.lifecycle import ClosureState
from offboarding.models import Closure
from retention.lifecycle import SaveCaseState
from tests.factories import customers
from tests.factories.engagement import interaction
from tests.factories.offboarding import closure
from tests.factories.retention import save_case


@pytest.fixture
def today():
    """Pages ask for the present time themselves."""
    return timezone.now() - timedelta(minutes=5)


def shown(response):
    assert response.status_code == 200, response.status_code
    assert response["Cache-Control"] == "no-store"
    return response.content.decode()


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    "name", ["engagement:index", "retention:board", "retention:cases", "offboarding:list"]
)
def test_lists_open_empty_and_full_in_both_languages(rikke, client_for, today, name, language):
    client = client_for(rikke)
    headers = {"accept-language": language}
    shown(client.get(reverse(name), headers=headers))
    customer = save_case(owner=rikke, at=today).customer
    interaction(customer=customer, sentiment=-2, at=today)
    closure(customer=customers.customer(stage=Stage.ACTIVE, at=today), at=today)
    assert "Mette" in shown(client.get(reverse(name), headers=headers))


@pytest.mark.parametrize(
    "name", ["engagement:index", "retention:board", "retention:cases", "offboarding:list"]
)
def test_who_has_no_role_gets_nothing(max_, client_for, name):
    assert client_for(max_).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("state", SaveCaseState.values)
def test_case_page_opens_in_every_state(rikke, client_for, today, state):
    case = save_case(state=state, owner=rikke, at=today)
    page = shown(client_for(rikke).get(reverse("retention:case", args=[case.pk])))
    assert "New account fee" in page


@pytest.mark.parametrize("state", ClosureState.values)
def test_closure_page_opens_in_every_state(rikke, client_for, today, state):
    customer = customers.customer(stage=Stage.ACTIVE, at=today)
    customers.holding(of=customer, at=today)
    record = closure(state=ClosureState.REQUESTED, customer=customer, at=today)
    from tests.factories.offboarding import WALKS, walk_step

    for name in WALKS[state][:-1] if state == ClosureState.CLOSED else WALKS[state]:
        record = walk_step(record, name, at=today)
    shown(client_for(rikke).get(reverse("offboarding:closure", args=[record.pk])))


def test_another_branchs_records_do_not_exist(bo, aarhus, client_for, today):
    customer = customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=today)
    case = save_case(customer=customer, at=today)
    client = client_for(bo)
    assert client.get(reverse("retention:case", args=[case.pk])).status_code == 404
    assert client.get(reverse("engagement:new", args=[customer.pk])).status_code == 404
    address = f"{reverse('offboarding:new')}?customer={customer.pk}"
    assert client.get(address).status_code == 404


def test_a_conversation_is_noted_and_leads_back(ada, aarhus, client_for, today):
    customer = customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=today)
    client = client_for(ada)
    address = reverse("engagement:new", args=[customer.pk])
    shown(client.get(f"{address}?purpose=retention"))
    refused = client.post(address, {"interaction-channel": "phone"})
    assert refused.status_code == 422
    body = {
        "interaction-channel": "phone",
        "interaction-purpose": "service",
        "interaction-outcome": "reached",
        "interaction-sentiment": "-1",
        "interaction-text": "Asked about the fee",
        "next": "/engagement/",
    }
    done = client.post(address, body)
    assert (done.status_code, done["Location"]) == (302, "/engagement/")
    assert Interaction.objects.get().sentiment == -1


def test_an_owner_is_named_and_an_offer_attached(rikke, ada, client_for, today):
    case = save_case(at=today)
    client = client_for(rikke)
    client.post(
        reverse("retention:assign", args=[case.pk]), {"owner": ada.pk, "version": case.version}
    )
    case.refresh_from_db()
    assert (case.state, case.owner) == (SaveCaseState.ASSIGNED, ada)
    address = reverse("retention:offer", args=[case.pk])
    dear = client.post(address, {"text": "A car", "cost": "90000", "version": case.version})
    assert dear.status_code == 422
    client.post(address, {"text": "No fee", "cost": "468", "version": case.version})
    case.refresh_from_db()
    assert case.offer is not None
    assert case.offer.cost == Decimal(468)


def test_a_closure_is_requested_and_its_reason_recorded(ada, aarhus, client_for, today):
    customer = customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=today)
    client = client_for(ada)
    address = f"{reverse('offboarding:new')}?customer={customer.pk}"
    shown(client.get(address))
    assert client.post(address, {"ground": "bank"}).status_code == 422
    assert client.post(address, {"ground": "customer"}).status_code == 302
    made = Closure.objects.get()
    from tests.factories.offboarding import walk_step

    made = walk_step(made, "check", at=today)
    client.post(
        reverse("offboarding:exit", args=[made.pk]),
        {"exit_reason": "price", "exit_comment": "Too dear", "version": made.version},
    )
    made.refresh_from_db()
    assert made.exit_reason == "price"


def test_home_and_the_customers_page_carry_the_panels(rikke, client_for, today):
    case = save_case(owner=rikke, at=today)
    closure(customer=customers.customer(stage=Stage.ACTIVE, adviser=rikke, at=today), at=today)
    client = client_for(rikke)
    home = shown(client.get(reverse("web:home")))
    assert "Customers to save" in home
    assert "Customers who need me" in home
    assert "Closures that wait" in home
    page = shown(client.get(reverse("customers:customer", args=[case.customer_id])))
    assert reverse("retention:case", args=[case.pk]) in page
    assert "Add interaction" in page
    assert "Request closure" in page
