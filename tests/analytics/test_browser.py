"""The pages of analytics in a real browser: readable by everybody, on a phone as well."""

import pytest

from analytics.models import ChurnScore
from tests import browser as real
from tests.analytics.test_services import activate, bank, dan, eva, in_use, score, small_trees  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_pages_are_clean(live_server, bank, in_use, dan, rikke, now, look):  # noqa: F811
    activate(bank, now)
    score(dan, now)
    top = ChurnScore.objects.latest("probability")
    paths = {
        "churn": "/analytics/",
        "model": f"/analytics/models/{in_use.pk}/",
        "score": f"/analytics/scores/{top.pk}/",
        "figures": "/analytics/kpis/",
        "figure": "/analytics/kpis/customers.growth/",
        "benefits": "/analytics/benefits/",
        "ledger": "/analytics/ledger/",
        "home": "/",
    }
    real.assert_clean(rikke, base_url=live_server.url, paths=paths, look=look, name="analytics")


def test_without_a_model_the_page_says_how_to_get_one(live_server, dan):  # noqa: F811
    paths = {"empty": "/analytics/"}
    for look in real.LOOKS:
        real.assert_clean(dan, base_url=live_server.url, paths=paths, look=look, name="analytics")
