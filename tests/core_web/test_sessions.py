"""The session's clock: what puts the end off, what does not, and what a page is told."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clm.core.models import User
from clm.core.web import sessions
from tests import browser as real

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
NINE = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
TEN_PAST = datetime(2026, 3, 5, 9, 10, tzinfo=UTC)


def told(answer: Any) -> int:
    return int(answer[sessions.ENDS_HEADER])


def test_a_page_says_when_the_session_ends(ada: User, client_for: ClientFor, settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = 1800
    with time_machine.travel(NINE, tick=False):
        answer = client_for(ada).get("/")
    assert told(answer) == int(NINE.timestamp()) + 1800
    assert f'name="session-ends" content="{told(answer)}"' in answer.content.decode()


def test_work_puts_the_end_off_and_an_open_tab_does_not(ada: User, client_for: ClientFor) -> None:
    with time_machine.travel(NINE, tick=False):
        client = client_for(ada)
        first = told(client.get("/"))
    with time_machine.travel(TEN_PAST, tick=False):
        assert told(client.get(reverse("web:badges"), headers={"X-Background": "1"})) == first
        assert (
            client.get(reverse("web:session"), headers={"X-Background": "1"}).json()["ends"]
            == first
        )
        assert told(client.get("/jobs/")) == first + 600


def test_one_press_puts_the_end_off(ada: User, client_for: ClientFor) -> None:
    with time_machine.travel(NINE, tick=False):
        client = client_for(ada)
        first = told(client.get("/"))
    with time_machine.travel(TEN_PAST, tick=False):
        answer = client.post(reverse("web:session"))
    assert answer.json()["ends"] == first + 600
    assert answer.json()["token"]


def test_nobody_signed_in_is_told_so(client: Client) -> None:
    answer = client.get(reverse("web:session"), headers={"HX-Request": "true"})
    assert answer.status_code == 401


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@real.needs_chromium
def test_who_was_signed_out_keeps_what_was_typed(
    live_server: Any, ada: User, settings: Any
) -> None:
    settings.SESSION_COOKIE_AGE = 110
    with real.browser() as running:
        page = real.page_for(ada, running=running, base_url=live_server.url)
        page.goto("/customers/new/")
        page.fill("#id_family_name", "Holm")
        page.wait_for_selector("#session[open] [data-session='stay']:visible")
        assert real.axe(page) == []
        settings.SESSION_COOKIE_AGE = 3600
        page.click("[data-session='stay']")
        page.wait_for_selector("#session:not([open])", state="attached")
        assert page.input_value("#id_family_name") == "Holm"

        # Signed out elsewhere: sending is held back, signing in beside it lets it go.
        settings.SESSION_COOKIE_AGE = 1
        page.goto("/customers/new/")
        page.fill("#id_family_name", "Holm")
        page.context.clear_cookies(name="sessionid")
        page.wait_for_selector("#session[open] a:visible")
        assert real.axe(page) == []
        settings.SESSION_COOKIE_AGE = 3600
        real.sign_in(context=page.context, base_url=live_server.url, user=ada)
        page.click("[data-session='check']")
        page.wait_for_selector("#session:not([open])", state="attached")
        page.click("main button.btn-primary")
        page.wait_for_url("**/customers/0*/")
        assert "Holm" in page.inner_text("h1")
