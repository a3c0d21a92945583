"""A customer with a phone: signs in, says yes, asks for a correction, and leaves again."""

from typing import Any

import pytest

from clm.core.models import Task
from customers.models import ConsentEntry
from tests import browser as real
from tests.factories import customers as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


def test_a_customer_looks_after_themself_on_a_phone(live_server: Any, eid: Any, mette: Any) -> None:
    eid.redirects.append(f"{live_server.url}/my/login/back/")
    make.holding(of=mette, balance=38412)
    with real.browser() as running:
        page = real.page_for(
            None, running=running, base_url=live_server.url, language="da", theme="dark", width=390
        )

        def looks_well(where: str) -> None:
            page.wait_for_load_state("load")
            assert real.axe(page) == [], where
            assert real.overflow(page) <= 0, where
            real.screenshot(page, name=f"my-{where}-da-dark-390")

        page.goto("/my/")
        looks_well("door")
        page.get_by_role("link", name="Log på med MitID").click()
        page.get_by_role("button", name="Mette").click()
        assert page.url == f"{live_server.url}/my/"
        page.get_by_role("button", name="DA").click()
        page.get_by_role("heading", name="Mette Sørensen").wait_for()
        assert page.url == f"{live_server.url}/my/"
        looks_well("home")
        page.get_by_role("link", name="Forlad banken").click()
        looks_well("leaving")
        page.get_by_role("link", name="Min side").click()
        page.get_by_role("link", name="Samtykker").click()
        looks_well("consents")
        page.get_by_role("button", name="Sig ja Markedsføring, E-mail").click()
        page.get_by_role("button", name="Træk tilbage Markedsføring, E-mail").wait_for()
        assert ConsentEntry.objects.get().decision == "given"
        page.get_by_role("link", name="Min side").click()
        page.get_by_role("link", name="Mine oplysninger").click()
        looks_well("details")
        page.get_by_role("link", name="Er det forkert? Arbejde").click()
        page.get_by_role("button", name="Send").click()
        looks_well("correction")
        page.get_by_label("Hvad er rigtigt?").fill("Jeg er jordemoder")
        page.get_by_role("button", name="Send").click()
        page.get_by_text("din rådgiver ser på det").wait_for()
        assert Task.objects.get().record_id == mette.pk
        page.get_by_role("button", name="Log af").click()
        page.get_by_text("Du er logget af").wait_for()
        assert not eid.sessions, "ended over there as well"
        page.goto("/my/details/")
        page.get_by_role("link", name="Log på med MitID").wait_for()
        problems = [one for one in page.problems if "422" not in one]  # type: ignore[attr-defined]
        assert problems == []
        page.context.close()
