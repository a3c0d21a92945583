"""The frame in a real browser: by keyboard, at every size, in both themes and languages."""

from datetime import datetime
from typing import Any

import pytest

from clm.core import jobs, work
from clm.core.models import Job, User
from tests import browser as real

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


@pytest.fixture
def busy(karen: User, now: datetime) -> Job:
    """Karen with a task, and a job half done."""
    work.add_task(title="Call Mette", record=None, assignee=karen, due_at=now, actor=karen, at=now)
    job = jobs.start(kind="core.verify_audit", parameters={}, actor=karen, at=now)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, done=5, total=10, started_at=now)
    return job


def test_the_frame_is_clean_in_every_look(live_server: Any, karen: User, busy: Job) -> None:
    pages = [
        "/",
        "/jobs/",
        f"/jobs/{busy.pk}/",
        "/approvals/",
        "/waiting/",
        "/audit/",
        "/audit/access/",
        "/settings/",
    ]
    with real.browser() as running:
        for language, theme, width in real.LOOKS:
            page = real.page_for(
                karen, running=running, base_url=live_server.url,
                language=language, theme=theme, width=width,
            )  # fmt: skip
            for url in pages:
                page.goto(url)
                page.wait_for_selector("#bell-count:not(:empty)", state="attached")
                found = real.axe(page, look_only=width < 1000)
                assert found == [], (url, language, theme, width)
                assert real.overflow(page) <= 0, (url, width)
            assert page.problems == []  # type: ignore[attr-defined]
            page.context.close()


def test_signing_in_and_being_refused_are_clean(live_server: Any, ada: User) -> None:
    with real.browser() as running:
        for theme, width in (("dark", 1440), ("light", 320)):
            for user, url in ((None, "/accounts/login/"), (ada, "/audit/"), (ada, "/nowhere/")):
                page = real.page_for(
                    user, running=running, base_url=live_server.url, theme=theme, width=width
                )
                page.goto(url)
                assert real.axe(page) == [], url
                assert real.overflow(page) <= 0, url
                page.context.close()


def test_the_command_menu_goes_by_keyboard(live_server: Any, karen: User, busy: Job) -> None:
    with real.browser() as running:
        page = real.page_for(karen, running=running, base_url=live_server.url)
        page.goto("/")
        page.keyboard.press("Control+k")
        page.wait_for_selector("#command[open] a")
        assert real.axe(page) == []
        page.keyboard.type("job")
        page.wait_for_selector("#command-list:not(:has(a ~ a)) a[href='/jobs/']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/jobs/")
        assert "q=" not in page.url
        page.keyboard.press("g")
        page.keyboard.press("h")
        page.wait_for_url(f"{live_server.url}/")
        page.keyboard.press("?")
        page.wait_for_selector("#help[open]")
        assert real.axe(page) == []
        page.keyboard.press("Escape")
        assert page.query_selector("#help[open]") is None


def test_progress_arrives_by_itself(live_server: Any, karen: User, busy: Job) -> None:
    with real.browser() as running:
        page = real.page_for(karen, running=running, base_url=live_server.url)
        page.goto(f"/jobs/{busy.pk}/")
        assert page.get_attribute("#job progress", "value") == "5"
        Job.objects.filter(pk=busy.pk).update(state=Job.State.DONE, done=10)
        page.wait_for_selector("#job .pill.is-good", timeout=8000)
        assert page.get_attribute("#job", "hx-get") is None


def test_single_keys_can_be_turned_off(live_server: Any, karen: User) -> None:
    User.objects.filter(pk=karen.pk).update(shortcuts=False)
    with real.browser() as running:
        page = real.page_for(karen, running=running, base_url=live_server.url)
        page.goto("/")
        page.keyboard.press("/")
        assert page.query_selector("#command[open]") is None
        page.keyboard.press("Control+k")
        page.wait_for_selector("#command[open]")


def test_the_rail_is_a_drawer_on_a_phone(live_server: Any, karen: User) -> None:
    with real.browser() as running:
        page = real.page_for(karen, running=running, base_url=live_server.url, width=390)
        page.goto("/")
        assert not page.is_visible(".rail a[href='/jobs/']")
        page.click("[data-drawer]")
        page.wait_for_selector(".rail a[href='/jobs/']", state="visible")
        assert real.axe(page) == []
        page.keyboard.press("Escape")
        page.wait_for_selector(".rail a[href='/jobs/']", state="hidden")
