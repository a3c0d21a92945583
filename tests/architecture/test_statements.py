"""How many statements the two heaviest pages take, however much there is to show (see promises)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from acquisition.models import Lead
from customers.lifecycle import Stage
from customers.services import make_offer
from kyc.models import Trigger
from kyc.services import assign_case, open_case
from tests.factories import acquisition, customers, engagement, offboarding, onboarding, retention

pytestmark = pytest.mark.django_db
#: Sign-in and access log included.
PROMISED = 12


def _statements(client, address):
    client.get(address)  # what is asked once a process is asked here
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"][:120] for query in captured.captured_queries]


def _happens(customer, ada, now, times):
    for number in range(times):
        customers.holding(of=customer, reference=f"1{number}", at=now)
        make_offer(customer=customer, kind="fee", text="No fee", given_by=ada, at=now)
        engagement.interaction(customer=customer, actor=ada, at=now)


def _everything(ada, now):
    """A customer with something in every panel and every source of the timeline."""
    customer = customers.customer(stage=Stage.ACTIVE, adviser=ada, emails=["a@b.dk"], at=now)
    _happens(customer, ada, now, 1)
    Lead.objects.filter(pk=acquisition.lead(at=now).pk).update(customer=customer)
    retention.save_case(customer=customer, owner=ada, at=now)
    onboarding.application(customer=customer, at=now)
    offboarding.closure(customer=customer, at=now)
    open_case(customer=customer, trigger=Trigger.ONBOARDING, actor=ada, at=now)
    return customer


@pytest.mark.parametrize("who", ["ada", "karen"])
def test_customer_360(request, who, ada, client_for, now):
    client = client_for(request.getfixturevalue(who))
    customer = _everything(ada, now)
    few = _statements(client, f"/customers/{customer.pk}/")
    assert len(few) <= PROMISED, few
    _happens(customer, ada, now, 3)
    many = _statements(client, f"/customers/{customer.pk}/")
    assert len(many) == len(few), many


@pytest.mark.parametrize("tab", ["mine", "approve", "team", "unassigned"])
def test_kyc_queue(karen, system, client_for, now, tab):
    for _ in range(3):
        case = open_case(
            customer=customers.customer(at=now), trigger=Trigger.ONBOARDING, actor=system, at=now
        )
        assign_case(case=case, assignee=karen, actor=system, at=now)
    asked = _statements(client_for(karen), f"/kyc/?tab={tab}")
    assert len(asked) <= PROMISED, asked
