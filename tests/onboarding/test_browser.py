"""The pages of onboarding in a real browser: readable by everybody, on a phone as well."""

import pytest

from onboarding.lifecycle import ApplicationState
from tests import browser as real
from tests.factories import onboarding as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_pages_are_clean(live_server, ola, look):
    draft = make.application(answered=False)
    review = make.application(state=ApplicationState.IN_REVIEW)
    paths = {
        "queue": "/onboarding/",
        "closed": "/onboarding/?view=closed",
        "draft": f"/onboarding/applications/{draft.pk}/",
        "review": f"/onboarding/applications/{review.pk}/",
        "open": f"/onboarding/customers/{draft.customer_id}/apply/",
    }
    real.assert_clean(ola, base_url=live_server.url, paths=paths, look=look, name="onboarding")
