"""The customers' pages in a real browser: no console error, axe clean, in light and dark."""

import pytest

from customers import services
from customers.lifecycle import Stage
from tests import browser as real
from tests.factories import customers as make

pytestmark = [pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_customers_pages_are_clean(live_server, ada, aarhus, mette, look):
    for stage in (Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE):
        make.customer(stage=stage, adviser=ada, branch=aarhus)
    company = make.customer(kind="organisation", adviser=ada, branch=aarhus)
    paths = {
        "home": "/",
        "new": "/customers/new/",
        "company": f"/customers/{company.pk}/",
        "edit-company": f"/customers/{company.pk}/edit/",
        "none": "/customers/?stage=CLOSED",
        "list": "/customers/",
        "board": "/customers/board/",
        "record": f"/customers/{mette.pk}/",
        "consents": f"/customers/{mette.pk}/?tab=consents",
        "holdings": f"/customers/{mette.pk}/?tab=holdings",
        "edit": f"/customers/{mette.pk}/edit/",
    }
    real.assert_clean(ada, base_url=live_server.url, paths=paths, look=look, name="customers")


def test_a_number_is_revealed_in_place(live_server, ada, mette):
    with real.browser() as running:
        page = real.page_for(ada, running=running, base_url=live_server.url)
        page.goto(f"/customers/{mette.pk}/")
        page.get_by_role("button", name="Reveal").click()
        page.get_by_label("Reason").fill("caller identified")
        page.get_by_role("dialog").get_by_role("button", name="Reveal").click()
        page.get_by_text("120384-1234").wait_for()
        assert page.problems == []  # type: ignore[attr-defined]


def test_a_new_customer_has_the_fields_of_their_kind(live_server, ada):
    with real.browser() as running:
        page = real.page_for(ada, running=running, base_url=live_server.url)
        page.goto("/customers/new/")
        assert page.is_visible("#id_family_name")
        assert not page.is_visible("#id_name")
        page.select_option("#id_kind", "organisation")
        assert page.is_visible("#id_name")
        assert not page.is_visible("#id_family_name")
        assert not page.is_visible("#id_born_on")


def test_a_conflict_is_shown_politely(live_server, ada, karen, mette, now):
    with real.browser() as running:
        page = real.page_for(ada, running=running, base_url=live_server.url)
        page.goto(f"/customers/{mette.pk}/edit/")
        page.fill("#id_occupation", "Dentist")
        services.change_customer(
            customer=mette, changes={"occupation": "Farmer"}, actor=karen, at=now
        )
        page.click("main button.btn-primary")
        page.wait_for_selector(".conflict")
        assert "Karen" in page.inner_text("#conflict-title")
        assert "Farmer" in page.inner_text(".conflict")
        assert page.input_value("#id_occupation") == "Dentist"
        assert real.axe(page) == []
        page.fill("#id_occupation", "Dentist and farmer")
        page.click("main button.btn-primary")
        page.wait_for_url(f"**/customers/{mette.pk}/")
        assert "Dentist and farmer" in page.inner_text("main")
