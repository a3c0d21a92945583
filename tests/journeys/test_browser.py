"""The pages of journeys in a real browser: readable by everybody, on a phone as well."""

import pytest

from tests import browser as real
from tests.journeys.test_pages import journey  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_pages_are_clean(live_server, karen, journey, look):  # noqa: F811
    paths = {
        "list": "/journeys/",
        "graph": "/journeys/loan/?paths=100",
        "table": "/journeys/loan/?view=table&measure=count",
        "compared": "/journeys/loan/?compare=1&since=2026-02-01&until=2026-02-28",
        "nothing": "/journeys/loan/?since=2030-01-01",
        "rare": "/journeys/loan/?least=99",
        "customers": "/journeys/loan/customers/?activity=apply",
    }
    real.assert_clean(karen, base_url=live_server.url, paths=paths, look=look, name="journeys")
