"""The customers' pages in a real browser: no console error, axe clean, in light and dark."""

import pytest

from customers.lifecycle import Stage
from tests import browser as real
from tests.factories import customers as make

pytestmark = [pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "da")])
def test_customers_pages_are_accessible(live_server, ada, aarhus, mette, theme, language):
    for stage in (Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE):
        make.customer(stage=stage, adviser=ada, branch=aarhus)
    paths = {
        "list": "/customers/",
        "board": "/customers/board/",
        "record": f"/customers/{mette.pk}/",
        "consents": f"/customers/{mette.pk}/?tab=consents",
        "holdings": f"/customers/{mette.pk}/?tab=holdings",
        "edit": f"/customers/{mette.pk}/edit/",
    }
    with real.browser() as running:
        page = real.page_for(
            ada, running=running, base_url=live_server.url, theme=theme, language=language
        )
        for name, path in paths.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            real.screenshot(page, name=f"customers-{name}-{theme}")
            assert real.axe(page) == [], name
        assert page.problems == []  # type: ignore[attr-defined]


def test_a_number_is_revealed_in_place(live_server, ada, mette):
    with real.browser() as running:
        page = real.page_for(ada, running=running, base_url=live_server.url)
        page.goto(f"/customers/{mette.pk}/")
        page.get_by_role("button", name="Reveal").click()
        page.get_by_label("Reason").fill("caller identified")
        page.get_by_role("dialog").get_by_role("button", name="Reveal").click()
        page.get_by_text("120384-1234").wait_for()
        assert page.problems == []  # type: ignore[attr-defined]
