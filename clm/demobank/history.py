"""
Two years of life after go-live: new customers, conversations, people who left.

Each thread walks the platform's own services; what follows from an event follows here too,
by running the due reactions on the clock of the story.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import acquisition.services as acquisition
import offboarding.services as offboarding
import onboarding.services as onboarding
from acquisition.models import Lead
from clm.core import actors, deliveries, lifecycle, records
from clm.core.models import User
from clm.demobank.golive import ADVISERS, SHARES, Bank
from clm.demobank.people import Person, people
from clm.demobank.staff import BRANCHES
from customers import services as customers
from customers.lifecycle import Stage
from customers.models import Customer, Holding
from engagement.models import Interaction
from onboarding import blueprint
from onboarding.models import Application, ApplicationTask, TaskKind

# The planted story: customers of this branch wait for their document step.
SLOW_BRANCH = "odense"
FEE_CHANGE_DAYS_AGO = 120
# How many of those who left did so through a closure of their own.
RECORDED = 4
# Who leaves complains so many days before, but for a share who go quietly; and how many of those
# who are still here have begun to complain.
COMPLAINTS, QUIET, RESTLESS = (82, 55, 30, 12), 0.15, 18
# As the shipped list of invented names has him (kyc/data/demo_list).
LISTED = {
    "given_names": "Igor",
    "family_name": "Volkarski",
    "born_on": "1961-02-03",
    "cpr": "0302611237",
}


class Thread:
    """One customer's way from lead on, on a clock of its own."""

    def __init__(self, bank: Bank, person: Person, branch: str, at: datetime) -> None:
        self.bank = bank
        self.rng = bank.rng
        self.person = person
        self.branch = branch
        self.at = at
        self.adviser = bank.users[ADVISERS[branch]]
        self.lead: Lead | None = None

    def wait(self, hours: float) -> None:
        """Let about so many hours pass, never beyond the story's present."""
        self.at = min(
            self.at + timedelta(hours=hours * self.rng.lognormvariate(0, 0.5)), self.bank.now
        )

    def react(self) -> None:
        """What follows by itself follows within seconds."""
        self.at += timedelta(seconds=2)
        deliveries.deliver_due(at=self.at)

    def capture(self, campaign: Any = None) -> Lead:
        self.lead = acquisition.create_lead(
            values={
                "given_names": self.person.given_names,
                "family_name": self.person.family_name,
                "email": self.person.email,
                "phone": self.person.phone,
                "channel": self.rng.choice(["web", "branch", "phone", "social", "referral"]),
                "campaign": campaign,
                "product": self.bank.products["loenkonto"],
                "adviser": self.adviser,
                "branch": self.adviser.branch,
            },
            cpr=self.person.cpr,
            actor=self.adviser,
            at=self.at,
        )
        return self.lead

    def step_lead(self, *names: str, reason: str = "") -> None:
        for name in names:
            self.wait({"contact": 7, "qualify": 26, "convert": 30}.get(name, 10))
            assert self.lead is not None
            self.lead = lifecycle.perform(
                record=self.lead, name=name, actor=self.adviser, at=self.at, reason=reason
            )
        self.react()

    def application(self) -> Application:
        assert self.lead is not None
        self.lead.refresh_from_db()
        assert self.lead.customer_id is not None
        return Application.objects.get(customer_id=self.lead.customer_id)

    def fill_in(self) -> Application:
        """Answer every question; the document step is where the slow branch loses time."""
        application = self.application()
        for task in ApplicationTask.objects.filter(
            application=application, kind=TaskKind.ANSWERS
        ).order_by("position"):
            self.wait(190 if self.branch == SLOW_BRANCH and task.position > 1 else 20)
            onboarding.answer_task(
                task=task, answers=_answers(task, self.person), actor=self.adviser, at=self.at
            )
        return application

    def submit(self) -> Application:
        application = self.fill_in()
        self.wait(5)
        lifecycle.perform(record=application, name="submit", actor=self.adviser, at=self.at)
        self.react()
        return self.application()


def win_customers(bank: Bank, *, count: int, campaigns: Sequence[Any]) -> list[Customer]:
    """`count` people who came through the front door during the two years."""
    won = []
    for thread in _threads(bank, count):
        thread.capture(campaign=bank.rng.choice([None, *campaigns]))
        if bank.rng.random() < 0.12:
            thread.step_lead("contact")
            thread.step_lead("lose", reason="Chose another bank")
            continue
        thread.step_lead("contact", "qualify", "convert")
        if bank.rng.random() < (0.3 if thread.branch == SLOW_BRANCH else 0.06):
            thread.wait(300)
            lifecycle.perform(
                record=thread.application(), name="withdraw", actor=thread.adviser,
                at=thread.at, reason="Gave up during the documents",
            )  # fmt: skip
            thread.react()
            continue
        application = thread.submit()
        _decide(bank, thread, application)
        application.customer.refresh_from_db()
        won.append(application.customer)
    return won


def work_in_progress(bank: Bank) -> None:
    """What stands open today: leads, drafts and applications of the last two weeks."""
    for number, thread in enumerate(_threads(bank, 12, days=14)):
        thread.capture()
        if number % 6 == 0:
            continue
        thread.step_lead("contact")
        if number % 6 == 1:
            continue
        thread.step_lead("qualify")
        if number % 6 == 2:
            continue
        thread.step_lead("convert")
        if number % 6 == 3:
            continue
        thread.fill_in()
        if number % 6 == 5:
            thread.submit()
    listed_person(bank)


def listed_person(bank: Bank) -> None:
    """The planted hit: an applicant of a listed person's name and year of birth waits for a look."""
    thread = next(_threads(bank, 1, days=2))
    thread.person = replace(
        thread.person,
        given_names=LISTED["given_names"],
        family_name=LISTED["family_name"],
        born_on=date.fromisoformat(LISTED["born_on"]),
        cpr=LISTED["cpr"],
    )
    thread.capture()
    thread.step_lead("contact", "qualify", "convert")
    thread.submit()


def departures(bank: Bank, leaving: Sequence[Customer]) -> dict[Any, int]:
    """How many days ago each left; a handful a day, and more of them since the fee change."""
    days = {one.pk: bank.rng.randrange(10, 60) for one in leaving[:RECORDED]}
    earlier = leaving[RECORDED:]
    for start in range(0, len(earlier), 5):
        recent = start % 25 < 10
        ago = (
            bank.rng.randrange(10, FEE_CHANGE_DAYS_AGO) if recent else bank.rng.randrange(130, 640)
        )
        days |= dict.fromkeys((one.pk for one in earlier[start : start + 5]), ago)
    return days


def talk(bank: Bank, customers_: Sequence[Customer], gone: Mapping[Any, int]) -> None:
    """
    Conversations, day by day; those who are about to leave complain in the weeks before.

    A few who are still here have begun to do the same: the ones whom the first scoring flags.
    """
    rng = bank.rng
    by_day: dict[int, list[Interaction]] = {}
    staying = [one.pk for one in customers_ if one.pk not in gone]
    restless = set(rng.sample(staying, k=min(len(staying) // 20, RESTLESS)))
    for customer in customers_:
        left = gone.get(customer.pk)
        for _ in range(rng.randrange(0, 7)):
            days = rng.randrange(1, 700)
            if left is None or days > left + 100:
                by_day.setdefault(days, []).append(_interaction(bank, customer, days, False))
        if customer.pk not in restless and (left is None or rng.random() < QUIET):
            continue
        end = left if left is not None else -10
        for before in COMPLAINTS:
            days = max(1, end + before + rng.randrange(0, 8))
            text = "Called about the new account fee." if days < FEE_CHANGE_DAYS_AGO else ""
            by_day.setdefault(days, []).append(_interaction(bank, customer, days, True, text))
    for days in sorted(by_day, reverse=True):
        records.create_many(
            records=by_day[days],
            actor=actors.system_user(),
            at=bank.now - timedelta(days=days),
            payloads=[
                {
                    "customer_id": str(one.customer_id),
                    "channel": one.channel,
                    "sentiment": one.sentiment,
                    "happened_at": one.at.isoformat(),
                }
                for one in by_day[days]
            ],
            validate=False,
            follow=False,
        )


def leave(bank: Bank, customers_: Sequence[Customer], gone: Mapping[Any, int]) -> None:
    """
    People who left during the two years, more of them since the fee change.

    The last few leave through a closure of their own; the others did so before the bank
    recorded closures, a handful a day.
    """
    for customer in customers_[:RECORDED]:
        _close(bank, customer, bank.now - timedelta(days=gone[customer.pk]))
    earlier = customers_[RECORDED:]
    for start in range(0, len(earlier), 5):
        part = earlier[start : start + 5]
        _let_go(part, bank.now - timedelta(days=gone[part[0].pk]))


def _let_go(customers_: Sequence[Customer], at: datetime) -> None:
    system = actors.system_user()
    end = at + timedelta(days=3)
    lifecycle.perform_many(records=customers_, name="start_offboarding", actor=system, at=at)
    for holding in Holding.objects.filter(customer__in=customers_, closed_on=None):
        customers.close_holding(holding=holding, closed_on=end.date(), actor=system, at=end)
    lifecycle.perform_many(
        records=customers_,
        name="close",
        actor=system,
        at=end,
        changes={
            "closed_on": end.date(),
            "retention_until": customers.retention_end(stage=Stage.CLOSED, ended_on=end.date()),
        },
    )


def _close(bank: Bank, customer: Customer, at: datetime) -> None:
    adviser = bank.users[ADVISERS[customer.branch.code]] if customer.branch else bank.users["ada"]
    for holding in Holding.objects.filter(customer=customer, closed_on=None):
        if holding.balance:
            customers.change_holding(
                holding=holding, changes={"balance": Decimal(0)}, actor=actors.system_user(), at=at
            )
    closure = offboarding.request_closure(
        customer=customer, ground="customer", exit_reason=bank.rng.choice(["price", "offer", "service"]),
        switching=True, new_bank=bank.rng.choice(["Nordbanken", "Sundbank"]), actor=adviser, at=at,
    )  # fmt: skip
    deliveries.deliver_due(at=at + timedelta(seconds=2))
    for obligation in closure.obligations.exclude(status="met"):
        offboarding.confirm_obligation(
            obligation=obligation, actor=adviser, at=at + timedelta(hours=20)
        )
    closure.refresh_from_db()
    closure = lifecycle.perform(
        record=closure, name="propose", actor=adviser, at=at + timedelta(hours=24)
    )
    lifecycle.perform(
        record=closure, name="settle", actor=bank.users["rikke"], at=at + timedelta(hours=50)
    )
    deliveries.deliver_due(at=at + timedelta(hours=50, seconds=2))


def _decide(bank: Bank, thread: Thread, application: Application) -> None:
    """An officer decides what did not go straight through."""
    if application.state != "IN_REVIEW":
        return
    ola = bank.users["ola"]
    thread.wait(16)
    application = onboarding.assign_officer(
        application=application, officer=ola, actor=ola, at=thread.at
    )
    for task in ApplicationTask.objects.filter(application=application, kind=TaskKind.CHECK):
        onboarding.complete_check(task=task, actor=ola, at=thread.at)
    application.refresh_from_db()
    try:
        lifecycle.perform(record=application, name="approve", actor=ola, at=thread.at)
    except lifecycle.TransitionRefused:
        return
    thread.react()


def _threads(bank: Bank, count: int, *, days: int = 0) -> Iterator[Thread]:
    """People of all branches, spread over the two years or over the last `days`."""
    span = timedelta(days=days) if days else bank.now - bank.start - timedelta(days=40)
    begin = bank.now - span if days else bank.start + timedelta(days=1)
    for branch in BRANCHES:
        wanted = max(1, round(count * SHARES[branch]))
        for person in islice(people(bank.rng, branch=branch, today=bank.now.date()), wanted):
            yield Thread(bank, person, branch, begin + span * bank.rng.random() * 0.95)


def _interaction(
    bank: Bank, customer: Customer, days: int, unhappy: bool, text: str = ""
) -> Interaction:
    rng = bank.rng
    at = bank.now - timedelta(days=days, minutes=rng.randrange(0, 500))
    return Interaction(
        customer=customer,
        at=at,
        channel=rng.choice(["phone", "meeting", "email", "app", "video"]),
        purpose="complaint" if unhappy else rng.choice(["service", "advice"]),
        outcome=rng.choice(["reached", "resolved", "follow_up"]),
        sentiment=-2 if unhappy else rng.choice([-1, 0, 1, 1, 2]),
        text=text,
        by=_adviser_of(bank, customer),
    )


def _adviser_of(bank: Bank, customer: Customer) -> User:
    return customer.adviser or bank.users["ada"]


def _answers(task: ApplicationTask, person: Person) -> dict[str, Any]:
    """Believable answers to whatever the template asks."""
    known = {
        "given_names": person.given_names,
        "family_name": person.family_name,
        "born_on": person.born_on.isoformat(),
        "cpr": person.cpr,
        "nationalities": "DK",
        "email": person.email,
        "phone": person.phone,
        "residence_country": "DK",
        "occupation": person.occupation,
    }
    blank = {"text": "As agreed", "longtext": "As agreed", "date": "1990-01-01", "yes": "yes",
             "country": "DK", "countries": "DK"}  # fmt: skip
    return {
        one.key: known.get(one.key)
        or (one.choices[0][0] if one.choices else blank.get(one.type, "As agreed"))
        for one in blueprint.task_named(task.application.template.data, task.key).fields
    }
