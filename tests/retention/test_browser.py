"""The pages of retention in a real browser: readable by everybody, on a phone as well."""

import pytest
from django.db import transaction

from retention.lifecycle import SaveCaseState
from tests import browser as real
from tests.factories.retention import save_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_pages_are_clean(live_server, rikke, now, look):
    real.assert_clean(
        rikke, base_url=live_server.url, paths={"empty": "/retention/"}, look=look, name="retention"
    )
    with transaction.atomic():
        flagged = save_case(owner=rikke, at=now)
        assigned = save_case(state=SaveCaseState.CONTACTED, owner=rikke, at=now)
    paths = {
        "board": "/retention/",
        "cases": "/retention/cases/",
        "nothing": "/retention/cases/?state=LOST",
        "flagged": f"/retention/cases/{flagged.pk}/",
        "contacted": f"/retention/cases/{assigned.pk}/",
    }
    real.assert_clean(rikke, base_url=live_server.url, paths=paths, look=look, name="retention")
