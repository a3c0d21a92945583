"""The pages of engagement in a real browser: readable by everybody, on a phone as well."""

import pytest

from customers.lifecycle import Stage
from tests import browser as real
from tests.factories import customers
from tests.factories.engagement import interaction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_pages_are_clean(live_server, ada, aarhus, now, look):
    customer = customers.customer(stage=Stage.ACTIVE, adviser=ada, branch=aarhus, at=now)
    interaction(customer=customer, sentiment=-2, at=now)
    customers.customer(stage=Stage.ACTIVE, adviser=ada, branch=aarhus, at=now)
    paths = {
        "index": "/engagement/",
        "nothing": "/engagement/?outcome=not_reached",
        "new": f"/engagement/customers/{customer.pk}/new/",
    }
    real.assert_clean(ada, base_url=live_server.url, paths=paths, look=look, name="engagement")
