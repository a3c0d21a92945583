"""KYC's pages in a real browser: axe clean, nothing wider than the window, no console error."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from clm.core.models import User
from kyc.models import Case
from tests import browser as real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.mark.parametrize(
    ("theme", "language", "width"),
    [("light", "en", 1440), ("dark", "da", 1440), ("light", "da", 320)],
)
def test_every_page_of_kyc_is_clean(
    live_server: Any,
    karen: User,
    load_names: Any,
    make_case: Callable[..., Case],
    theme: str,
    language: str,
    width: int,
) -> None:
    load_names("1,Igor Petrovich Volkov,person,1961-02-03,RU")
    case = make_case("Igor", "Volkov", born_on=date(1961, 2, 3))
    paths = (
        "/",
        "/kyc/",
        "/kyc/?tab=unassigned",
        f"/kyc/cases/{case.pk}/",
        f"/kyc/hits/{case.hits.get().pk}/",
        "/kyc/lists/",
        "/kyc/screening/",
    )
    with real.browser() as running:
        page = real.page_for(
            karen, running=running, base_url=live_server.url,
            theme=theme, language=language, width=width,
        )  # fmt: skip
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            real.screenshot(page, name=f"kyc{path.replace('/', '-')[:20]}{theme}-{width}")
            assert real.axe(page) == [], path
            assert real.overflow(page) <= 0, path
        page.goto("/kyc/screening/")
        page.fill("#id_name", "Igor Volkov")
        page.click("main button.btn-primary")
        page.wait_for_selector("figure.chart")
        assert real.axe(page) == []
        assert page.problems == []  # type: ignore[attr-defined]
