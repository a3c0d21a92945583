"""Somebody of the bank at a browser of their own."""

import re
from collections.abc import Mapping

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import screenshot
from tests.functional.stack import Stack


class Colleague:
    """
    Signed in on the sign-in page; does what a person does: opens, reads, presses, fills in.

    Waiting is for what comes by itself. `watches` looks at one page that follows by itself,
    `finds` loads a page anew until it shows what is looked for.
    """

    def __init__(self, username: str, *, stack: Stack, running: Browser) -> None:
        self.username = username
        self.stack = stack
        context = running.new_context(
            base_url=stack.url,
            locale="en-GB",
            timezone_id="Europe/Copenhagen",
            viewport={"width": 1440, "height": 900},
            reduced_motion="reduce",
        )
        context.set_default_timeout(60_000)
        self.problems: list[str] = []
        self.page: Page = context.new_page()
        self.page.on(
            "console",
            lambda said: self.problems.append(said.text) if said.type == "error" else None,
        )
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto("/accounts/login/")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", f"demo-{username}")
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url("**/")

    @property
    def main(self) -> Locator:
        return self.page.locator("#main")

    def button(self, label: str) -> Locator:
        """The button of that name; the dots of one that asks for a reason are left out."""
        return self.main.get_by_role("button", name=re.compile(rf"^{re.escape(label)}…?$"))

    def opens(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{self.username} at {path}: {answer.status}"

    def follows(self, name: str) -> None:
        """Follow a link of that name in the page."""
        self.main.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state("load")

    def presses(self, label: str, *, reason: str = "") -> None:
        """Press a button; where it asks for a reason, give it and press again."""
        self.button(label).first.click()
        if reason:
            dialog = self.page.locator("dialog[open]")
            dialog.get_by_label("Reason").fill(reason)
            dialog.get_by_role("button", name=label, exact=True).click()

    def fills(self, values: Mapping[str, str]) -> None:
        """Fill in fields by name: text, a choice by its value, a tick by `yes`."""
        for name, value in values.items():
            field = self.main.locator(f"[name='{name}']:not([type=hidden])").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") == "checkbox":
                field.set_checked(value == "yes")
            else:
                field.fill(value)

    def sees(self, *texts: str) -> None:
        """Everything is on the page, or comes while it follows by itself."""
        for text in texts:
            self._await(self._text(text).first, text)

    def hears(self, text: str) -> None:
        """The page answers with a message."""
        said = self.page.locator("#toasts").get_by_text(text)
        expect(said.first).to_be_visible(timeout=60_000)

    def watches(self, *texts: str) -> None:
        """Everything comes by itself: the page is not loaded anew."""
        self.page.evaluate("window.stillTheSame = true")
        self.sees(*texts)
        assert self.page.evaluate("window.stillTheSame") is True

    def finds(self, text: str, *, at: str = "") -> None:
        """Load the page anew until it shows the text."""
        if at:
            self.opens(at)

        def look() -> bool:
            if self._text(text).count():
                return True
            self.page.wait_for_timeout(400)
            self.page.reload()
            return False

        self.stack.wait_until(look, what=f"{self.username} finds “{text}” at {self.page.url}")

    def may_not(self, label: str, why: str) -> None:
        """The button is there and locked, and says why."""
        locked = self.button(label)
        expect(locked).to_have_attribute("aria-disabled", "true")
        expect(self.page.locator(f"#{locked.get_attribute('aria-describedby')}")).to_contain_text(
            why
        )

    def keeps(self, name: str) -> None:
        """Keep a picture, where pictures are wanted."""
        screenshot(self.page, name=name)

    def _text(self, text: str) -> Locator:
        # Upper and lower case as they stand: “Activated” is a state, “Application activated” a past.
        return self.main.get_by_text(re.compile(re.escape(text))).filter(visible=True)

    def _await(self, what: Locator, text: str) -> None:
        def look() -> bool:
            if what.count():
                return True
            self.page.wait_for_timeout(200)
            return False

        self.stack.wait_until(look, what=f"{self.username} sees “{text}” at {self.page.url}")
