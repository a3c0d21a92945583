"""A real browser for tests: signed-in pages, accessibility checks, screenshots."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)
# Rules of WCAG 2.2 AA and the ones everybody agrees on.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str:
    """Where Chromium is; an empty string where it is not."""
    named = os.environ.get("CLM_CHROMIUM", "")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or ""


needs_chromium = pytest.mark.skipif(
    not chromium(), reason="Chromium is not installed: browser tests are left out"
)


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium for as long as the block lasts; skips the test without one."""
    path = chromium()
    if not path:
        pytest.skip("Chromium is not installed: browser tests are left out")
    # Playwright keeps an event loop in this thread; the ORM calls of a test are still its own.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
            try:
                yield running
            finally:
                running.close()
                # What the ORM opened beside the event loop is another connection than the test's.
                connections.close_all()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def sign_in(*, context: BrowserContext, base_url: str, user: Any) -> None:
    """Give the context a session of `user`, without the sign-in page."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": base_url}]
    )


def page_for(
    user: Any,
    *,
    running: Browser,
    base_url: str,
    language: str = "en",
    theme: str = "light",
    width: int = 1440,
    height: int = 900,
) -> Page:
    """
    A page signed in as `user` (None: nobody) with a language, a theme and a size.

    An error in the console, a refused script or style, or a failed request of the page's own
    makes `page.problems` longer; look at it at the end of a test.
    """
    context = running.new_context(
        base_url=base_url,
        locale="da-DK" if language == "da" else "en-GB",
        timezone_id="Europe/Copenhagen",
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    if user is not None:
        type(user).objects.filter(pk=user.pk).update(language=language, theme=theme)
        sign_in(context=context, base_url=base_url, user=user)
    page = context.new_page()
    problems: list[str] = []
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.problems = problems  # type: ignore[attr-defined]
    return page


#: The rules whose answer depends on colours, width and language, not on the markup alone.
LOOK_RULES = [
    "color-contrast", "html-lang-valid", "link-in-text-block", "meta-viewport",
    "scrollable-region-focusable", "target-size", "valid-lang",
]  # fmt: skip


def axe(page: Page, *, ignore: tuple[str, ...] = (), look_only: bool = False) -> list[str]:
    """
    What axe finds wrong on the page, one sentence a finding; empty is clean.

    :param look_only: the same page has been seen in another look: only what a look changes
    """
    from axe_playwright_python.sync_playwright import Axe

    asked = {"type": "rule", "values": LOOK_RULES} if look_only else {"type": "tag", "values": TAGS}
    # Telling of what is right as well takes as long again.
    results = Axe().run(page, options={"runOnly": asked, "resultTypes": ["violations"]})
    return [
        f"{found['id']} ({found['impact']}): {found['help']} at {node['target']}: {node['html'][:200]}"
        for found in results.response["violations"]
        if found["id"] not in ignore
        for node in found["nodes"][:3]
    ]


def settle(page: Page) -> None:
    """Wait for what the page asks for by itself once it is there."""
    page.wait_for_selector(".htmx-request", state="detached")


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def screenshot(page: Page, *, name: str, full: bool = True) -> None:
    """Keep a picture in the folder that `CLM_SCREENSHOTS` names; nothing without it."""
    folder = os.environ.get("CLM_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=full)


def widest(page: Page) -> list[str]:
    """What reaches beyond the right edge of the window, but for what scrolls by itself."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main *")]
            .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
            .filter((one) => !one.closest(".table-wrap, .nav-tabs"))
            .slice(-5).map((one) => one.outerHTML.slice(0, 160))"""
    )
    return found


#: Everything at once in two runs: language, theme and width. Axe's rules all run in the first.
LOOKS = [("en", "light", 1440), ("da", "dark", 320)]


def assert_clean(
    user: Any,
    *,
    base_url: str,
    paths: dict[str, str],
    look: tuple[str, str, int],
    name: str,
) -> None:
    """
    Each path opens without a finding of axe, an error, or a window that is too narrow for it.

    What the browser complains of is asked before axe looks: to read a style sheet that imports
    another, axe adds a style element, which the policy refuses.
    """
    language, theme, width = look
    with browser() as running:
        page = page_for(
            user, running=running, base_url=base_url,
            language=language, theme=theme, width=width,
        )  # fmt: skip
        for key, path in paths.items():
            answer = page.goto(path)
            assert answer is not None, key
            assert answer.status == 200, (key, answer.status)
            settle(page)
            screenshot(page, name=f"{name}-{key}-{language}-{theme}-{width}")
            told: list[str] = page.problems  # type: ignore[attr-defined]
            assert not told, (key, look, told)
            found = axe(page, look_only=look != LOOKS[0])
            assert not found, (key, look, found)
            told.clear()
            assert overflow(page) <= 0, (key, look, widest(page))
        page.context.close()
