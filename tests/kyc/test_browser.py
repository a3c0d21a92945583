"""KYC's pages in a real browser: axe clean, nothing wider than the window, no console error."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from clm.core.models import User
from kyc.models import Case
from tests import browser as real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize("look", real.LOOKS)
def test_every_page_of_kyc_is_clean(
    live_server: Any,
    karen: User,
    load_names: Any,
    make_case: Callable[..., Case],
    look: tuple[str, str, int],
) -> None:
    load_names("1,Igor Petrovich Volkov,person,1961-02-03,RU")
    case = make_case("Igor", "Volkov", born_on=date(1961, 2, 3))
    paths = {
        "home": "/",
        "queue": "/kyc/",
        "unassigned": "/kyc/?tab=unassigned",
        "case": f"/kyc/cases/{case.pk}/",
        "hit": f"/kyc/hits/{case.hits.get().pk}/",
        "lists": "/kyc/lists/",
        "screening": "/kyc/screening/",
    }
    real.assert_clean(karen, base_url=live_server.url, paths=paths, look=look, name="kyc")


def test_a_name_is_screened_and_the_answer_is_drawn(
    live_server: Any, karen: User, load_names: Any
) -> None:
    load_names("1,Igor Petrovich Volkov,person,1961-02-03,RU")
    with real.browser() as running:
        page = real.page_for(karen, running=running, base_url=live_server.url, theme="dark")
        page.goto("/kyc/screening/")
        page.fill("#id_name", "Igor Volkov")
        page.click("main button.btn-primary")
        page.wait_for_selector("figure.chart")
        assert page.problems == []  # type: ignore[attr-defined]
        assert real.axe(page) == []


def test_the_queue_is_worked_by_keyboard(
    live_server: Any, karen: User, load_names: Any, make_case: Callable[..., Case]
) -> None:
    load_names("1,Igor Petrovich Volkov,person,1961-02-03,RU")
    first = make_case("Igor", "Volkov", born_on=date(1961, 2, 3))
    second = make_case("Igor", "Volkow", born_on=date(1961, 2, 3))
    with real.browser() as running:
        page = real.page_for(karen, running=running, base_url=live_server.url)
        page.goto("/kyc/?tab=team")
        for key, chosen in (("j", 0), ("x", 1), ("j", 1), ("x", 2), ("k", 2), ("x", 1)):
            page.keyboard.press(key)
            assert page.locator("tr[data-row] input:checked").count() == chosen
        with page.expect_navigation():
            page.keyboard.press("a")
        first.refresh_from_db()
        assert first.assignee == karen
        page.keyboard.press("j")
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith(f"/kyc/hits/{second.hits.get().pk}/")
        for key, choice in (("2", "look"), ("1", "false_match"), ("3", "true_match")):
            page.keyboard.press(key)
            assert page.input_value("input[name='decision']:checked") == choice
        with page.expect_navigation():
            page.keyboard.press("p")
        assert page.url.endswith(f"/kyc/hits/{first.hits.get().pk}/")
        assert page.problems == []  # type: ignore[attr-defined]
