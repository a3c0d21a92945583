"""The pages of offboarding in a real browser: readable by everybody, on a phone as well."""

import pytest
from django.db import transaction

from customers.lifecycle import Stage
from offboarding.lifecycle import ClosureState
from tests import browser as real
from tests.factories import customers
from tests.factories.offboarding import closure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_pages_are_clean(live_server, rikke, now, look):
    customer = customers.customer(stage=Stage.ACTIVE, at=now)
    customers.holding(of=customer, at=now)
    with transaction.atomic():
        record = closure(state=ClosureState.CHECKING, customer=customer, at=now)
    staying = customers.customer(stage=Stage.ACTIVE, at=now)
    paths = {
        "list": "/offboarding/",
        "nothing": "/offboarding/?state=BLOCKED",
        "closure": f"/offboarding/closures/{record.pk}/",
        "new": f"/offboarding/closures/new/?customer={staying.pk}",
    }
    real.assert_clean(rikke, base_url=live_server.url, paths=paths, look=look, name="offboarding")
