"""
The whole life of customers through pages, on the real processes, everybody at their own browser.

Nobody calls a service here: people press, and what follows comes by itself.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.utils import formats, timezone
from playwright.sync_api import Browser, expect

import kyc.services as kyc
from clm.core import schedule
from clm.core.models import ScheduledRun, User
from clm.demobank.make import DEMO_LIST
from customers.services.stages import years_later
from onboarding.models import Application
from tests import browser as real
from tests.factories.onboarding import meet_demands
from tests.functional.colleague import Colleague
from tests.functional.past import make_past
from tests.functional.stack import Stack

# Seals and the stream wait for the oldest transaction of the whole cluster.
pytestmark = [pytest.mark.xdist_group("cluster"), pytest.mark.browser, real.needs_chromium]

NIGHTLY = "analytics.nightly_scores"
TODAY = f"?since={timezone.localdate():%Y-%m-%d}"

Answers = dict[str, str]


class Office:
    """The colleagues, each signed in when first asked for."""

    def __init__(self, stack: Stack, running: Browser) -> None:
        self.stack, self.running = stack, running
        self.present: dict[str, Colleague] = {}

    def __getattr__(self, username: str) -> Colleague:
        if username not in self.present:
            self.present[username] = Colleague(username, stack=self.stack, running=self.running)
        return self.present[username]


@pytest.fixture
def office(stack: Stack, bank: dict[str, Any]) -> Iterator[Office]:
    """A bank with a list of names, a past, and a model that nobody has trained yet."""
    now = timezone.now()
    kyc.load_list(
        format="ofac-csv", path=DEMO_LIST, name="ofac", actor=bank["users"]["karen"], at=now
    )
    make_past(bank=bank, at=now)
    # Last night's scoring has been; tonight's comes when the test says that it is night.
    _the_night(over=True)
    stack.start("web", "worker", "relay", "scheduler")
    with ExitStack() as exits:
        one = Office(stack, exits.enter_context(real.browser()))
        yield one
        for username, colleague in one.present.items():
            colleague.keeps(f"thread-last-{username}")


def _the_night(*, over: bool) -> None:
    import_module("analytics.tasks")
    one = schedule.declared()[NIGHTLY]
    now = timezone.now()
    tonight = ScheduledRun.objects.filter(name=NIGHTLY)
    if over:
        for period in (one.period(now), one.period(now + timedelta(days=1))):
            ScheduledRun.objects.create(name=NIGHTLY, period=period, started_at=now, done_at=now)
    else:
        tonight.delete()


def person(given: str, family: str, born: str, cpr: str) -> Answers:
    """What somebody answers when they become a customer."""
    return {
        "given_names": given, "family_name": family, "born_on": born, "cpr": cpr,
        "nationalities": "DK", "email": f"{given.split()[0].lower()}@example.dk", "phone": "+45 29110418",
        "residence_country": "DK", "occupation": "Nurse", "purpose": "salary",
        "source_of_funds": "salary", "expected_turnover": "to_25", "pep": "no", "tax_countries": "DK",
        "true_and_complete": "yes", "terms": "yes", "own_account": "yes",
    }  # fmt: skip


ELLEN = person("Ellen Marie", "Østergaard", "1984-03-12", "1203841232")
# Both bear the name of somebody on the shipped list; one was born on another day.
TORVALD = person("Torvald Ansgar", "Lindqvarn", "1955-11-02", "0211551239")
HOLGER = person("Holger Elias", "Brandstedgaard", "1966-04-30", "3004661235")


def name_of(one: Answers) -> str:
    return f"{one['given_names']} {one['family_name']}"


def test_customers_are_won_known_kept_and_let_go(office: Office) -> None:
    ellen, application = apply(office.ada, ELLEN)
    goes_straight_through(office, ellen, application)

    torvald, application = apply(office.ada, TORVALD)
    is_another_person(office, application, TORVALD)
    sees_stage(office.ada, torvald, "Engagement")

    _holger, application = apply(office.ada, HOLGER)
    is_the_listed_person(office, application, HOLGER)

    for one in (ellen, torvald):
        complains_twice(office.ada, one)
    the_night_flags_them(office, ellen, torvald)
    is_kept(office.rikke, ellen, ELLEN)
    is_lost(office.rikke, torvald, TORVALD)
    is_let_go(office, torvald)

    the_friction_report_tells_of_them(office.karen)
    verdict = office.stack.command("verify_audit", "--seal", "--json")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert '"broken": []' in verdict.stdout
    for colleague in office.present.values():
        assert colleague.problems == [], colleague.username


# Becoming a customer ---------------------------------------------------------------------------


def apply(ada: Colleague, who: Answers) -> tuple[str, str]:
    """From a new lead to a submitted application; where customer and application are."""
    ada.opens("/acquisition/leads/new/")
    ada.fills({name: who[name] for name in ("given_names", "family_name", "email", "phone")})
    ada.fills({"channel": "web", "product": "Salary account"})
    ada.presses("Capture lead")
    ada.presses("Note contact")
    ada.presses("Qualify")
    ada.presses("Convert to customer")
    ada.watches("Is a customer now:")
    ada.follows(name_of(who))
    ada.page.wait_for_url("**/customers/**")
    customer = ada.page.url
    ada.finds("Still missing:")
    ada.main.get_by_role("link", name="Salary account").first.click()
    ada.page.wait_for_url("**/applications/**")
    application = ada.page.url
    while not ada.main.get_by_text("Nothing is missing.").count():
        here = ada.main.locator("[name^=answer-]:not([type=hidden])")
        names = here.evaluate_all("all => all.map(one => one.name)")
        ada.fills({name: who[name.removeprefix("answer-")] for name in names})
        ada.presses("Save and go on")
    ada.opens(application)
    ada.presses("Submit")
    return customer, application


def goes_straight_through(office: Office, customer: str, application: str) -> None:
    """Screened, found on no list, low risk: active without hands, on a page left open."""
    office.ada.watches("Activated", "Straight through")
    office.ada.keeps("thread-01-straight-through")
    sees_stage(office.ada, customer, "Engagement")
    office.ada.keeps("thread-02-active")
    office.karen.opens(customer)
    office.karen.follows("KYC")
    office.karen.sees("Sanctions and other lists", "Came without meeting", "Cleared")
    office.karen.keeps("thread-03-kyc-of-ellen")


def is_another_person(office: Office, application: str, who: Answers) -> None:
    """
    A hit: the analyst decides and proposes, a second officer clears. The risk demands more than
    was asked for at first; when that is there, Ola approves.
    """
    line, karen, ola = office.line, office.karen, office.ola
    line.finds(name_of(who), at="/kyc/?tab=unassigned")
    line.keeps("thread-04-queue")
    expect(line.main.get_by_role("link", name=name_of(who), exact=True)).to_have_count(1)
    line.follows(name_of(who))
    line.sees("Listed party", "LINDQVARN, Torvald Ansgar")
    line.keeps("thread-05-review")
    line.page.keyboard.press("1")
    line.fills({"reason_code": "Date of birth", "comment": "Born in November, not in June"})
    line.presses("Decide Ctrl Enter")
    line.presses("Propose clearance", reason="Another person: the passport says so")
    line.sees("Waits for a second person.")
    line.may_not("Clear", "A permission that you do not have")
    case = line.page.url
    karen.finds(name_of(who), at="/kyc/?tab=approve")
    karen.opens(case)
    karen.sees("Another person: the passport says so")
    karen.keeps("thread-06-second-officer")
    karen.presses("Clear")
    karen.sees("Cleared")
    ola.finds(name_of(who), at="/onboarding/?view=review")
    ola.follows(name_of(who))
    ola.sees("In review", "KYC: Cleared")
    ola.presses("Take it")
    ola.may_not("Approve", "required")
    meet_demands(
        Application.objects.get(pk=ola.page.url.rstrip("/").rpartition("/")[2]),
        User.objects.get(username="ola"), at=timezone.now(),
    )  # fmt: skip
    ola.finds(name_of(who), at="/onboarding/?view=review")
    ola.follows(name_of(who))
    ola.presses("Approve")
    ola.watches("Activated")
    ola.keeps("thread-07-approved-by-ola")


def is_the_listed_person(office: Office, application: str, who: Answers) -> None:
    """A true match: rejected by two officers; a person, not the machine, then says no."""
    karen, mads, ola = office.karen, office.mads, office.ola
    karen.finds(name_of(who), at="/kyc/?tab=unassigned")
    karen.follows(name_of(who))
    karen.sees("Listed party")
    karen.page.keyboard.press("3")
    karen.fills({"reason_code": "Document seen"})
    karen.presses("Decide Ctrl Enter")
    karen.presses("Propose rejection", reason="The listed person, by date and place of birth")
    karen.sees("Waits for a second person.")
    karen.may_not("Reject", "Another person than the one who asked approves")
    karen.keeps("thread-08-not-her-own")
    mads.opens(karen.page.url)
    mads.presses("Reject")
    mads.sees("Rejected")
    ola.finds(name_of(who), at="/onboarding/?view=review")
    ola.follows(name_of(who))
    ola.sees("In review", "KYC: Rejected")
    ola.presses("Take it")
    ola.may_not("Approve", "KYC is cleared")
    ola.keeps("thread-09-a-person-decides")
    ola.presses("Decline", reason="We cannot have you as a customer")
    ola.sees("Declined")


# Keeping and losing ----------------------------------------------------------------------------


def complains_twice(ada: Colleague, customer: str) -> None:
    """What a customer who is about to leave does, as the bank has known it for two years."""
    key = customer.rstrip("/").rsplit("/", 1)[-1]
    for _time in range(2):
        talks(ada, f"/engagement/customers/{key}/new/", purpose="complaint", sentiment="-2")


def talks(colleague: Colleague, form: str, *, purpose: str, sentiment: str) -> None:
    if form:
        colleague.opens(form)
    colleague.fills(
        {
            "interaction-channel": "phone", "interaction-purpose": purpose,
            "interaction-outcome": "reached", "interaction-sentiment": sentiment,
        }
    )  # fmt: skip
    colleague.presses("Save")
    colleague.hears("The conversation is on the record.")


def the_night_flags_them(office: Office, *customers: str) -> None:
    """A trained model, approved by a second person; then the night's own scoring finds both."""
    stack, maria, rikke = office.stack, office.maria, office.rikke
    trained = stack.command("train_churn", "--json")
    assert trained.returncode == 0, trained.stderr
    maria.opens("/analytics/")
    maria.main.locator("a[href*='/analytics/models/']").first.click()
    maria.presses("Approve")
    maria.sees("In use")
    maria.keeps("thread-10-model")
    # Both complaints have become touchpoints by the scheduler's doing.
    for customer in customers:
        rikke.opens(customer)
        rikke.follows("Journeys")
        rikke.finds("Contact with the bank")
    stack.kill("scheduler")
    _the_night(over=False)
    stack.start("scheduler")
    for customer in customers:
        rikke.finds("Churn, 90 days", at=customer)
        sees_stage(rikke, customer, "Retention")
    rikke.keeps("thread-11-at-risk")


def works(rikke: Colleague, who: Answers) -> None:
    """Rikke takes the case that opened by itself, and talks with the customer."""
    rikke.finds(name_of(who), at="/retention/cases/?state=FLAGGED")
    rikke.follows(name_of(who))
    rikke.sees("churn risk when flagged", "Playbook:")
    rikke.keeps("thread-12-save-case")
    rikke.fills({"owner": "Rikke Skov"})
    rikke.presses("Give the case")
    rikke.hears("Rikke Skov has the case now.")
    rikke.follows("Call and note")
    talks(rikke, "", purpose="retention", sentiment="0")
    rikke.finds("Spoken with")
    rikke.presses("Contacted")
    rikke.hears("Contacted: done.")


def is_kept(rikke: Colleague, customer: str, who: Answers) -> None:
    works(rikke, who)
    rikke.fills({"text": "No fee for a year", "cost": "240"})
    rikke.presses("Attach the offer")
    rikke.presses("Offer made")
    rikke.presses("Saved")
    rikke.watches("After 30 days")
    rikke.keeps("thread-13-saved")
    sees_stage(rikke, customer, "Engagement")


def is_lost(rikke: Colleague, customer: str, who: Answers) -> None:
    """The customer wants to leave: the lost case asks for the closure by itself."""
    works(rikke, who)
    rikke.presses("Wants to close")
    rikke.presses("Lost", reason="Has found another bank")
    rikke.watches("After 30 days")
    sees_stage(rikke, customer, "Offboarding")


# Letting go ------------------------------------------------------------------------------------


def is_let_go(office: Office, customer: str) -> None:
    """Obligations are checked by themselves; Rikke asks, Karen confirms, the record is dated."""
    rikke, karen = office.rikke, office.karen
    rikke.finds("Obligations being checked", at=customer)
    rikke.follows("Obligations being checked")
    rikke.finds("All are met")
    rikke.fills({"exit_reason": "service"})
    rikke.presses("Record the reason")
    rikke.presses("Send to confirm")
    rikke.sees("You asked for a second person")
    rikke.may_not("Confirm and settle", "Another person than the one who asked approves")
    rikke.keeps("thread-14-closure-waits")
    karen.opens(rikke.page.url)
    karen.presses("Confirm and settle")
    karen.watches("The record is kept until")
    karen.keeps("thread-15-closed")
    today = timezone.localdate()
    kept = formats.date_format(years_later(today, 5), "DATE_FORMAT")
    rikke.finds(f"Kept until {kept}", at=customer)
    sees_stage(rikke, customer, "Offboarding")
    rikke.keeps("thread-16-customer-closed")


def sees_stage(colleague: Colleague, customer: str, stage: str) -> None:
    """The customer's page, loaded anew until the stage path stands there."""
    colleague.opens(customer)
    now = colleague.page.locator("ol.path [aria-current=step]")

    def look() -> bool:
        if stage in now.inner_text():
            return True
        colleague.page.wait_for_timeout(400)
        colleague.page.reload()
        return False

    colleague.stack.wait_until(look, what=f"{customer} is in {stage}")


# What it was like ------------------------------------------------------------------------------

# How many of the three passed each step, and how often it happened.
STEPS = {
    "Lead captured": (3, 3), "Lead contacted": (3, 3), "Lead qualified": (3, 3),
    "Lead converted": (3, 3), "Application opened": (3, 3), "Application submitted": (3, 3),
    "KYC case opened": (3, 3), "KYC hit to be reviewed": (2, 2), "KYC clearance proposed": (1, 1),
    "KYC cleared": (2, 2), "KYC rejected": (1, 1), "Application in review": (2, 3),
    "Information requested": (1, 1), "Information received": (1, 1),
    "Application approved": (2, 2), "Application declined": (1, 1), "Customer active": (2, 2),
    "Contact with the bank": (2, 6), "Customer at risk": (2, 2), "Contacted to be kept": (2, 2),
    "Offered a reason to stay": (1, 1), "Customer saved": (1, 1), "Customer lost": (1, 1),
    "Closure requested": (1, 1), "Closure proposed": (1, 1), "Closure in settlement": (1, 1),
    "Customer closed": (1, 1),
}  # fmt: skip


def the_friction_report_tells_of_them(karen: Colleague) -> None:
    """The steps of those who came today, counted from the recorded events."""
    events = sum(times for _cases, times in STEPS.values())
    karen.finds(f"3 cases, {events} events.", at=f"/journeys/life-cycle/{TODAY}")
    rows = karen.main.get_by_role("table", name="Friction by step").locator("tbody tr")
    told = {}
    for row in rows.all():
        name, counted = row.locator("th, td").all_inner_texts()[:2]
        # How often is told only where it is not once a case.
        cases, *times = (int(one) for one in re.findall(r"\d+", counted))
        told[name] = (cases, times[0] if times else cases)
    assert told == STEPS
    expect(karen.main.get_by_role("group", name="Flow").locator("svg").first).to_be_visible()
    karen.keeps("thread-17-friction")
    karen.follows("Customer closed")
    karen.sees(name_of(TORVALD))
