"""Applications for tests, one trait per state, each reached by walking the real transitions."""

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from clm.core import actors, jobs, lifecycle, records
from clm.core.models import Event, User
from customers import services as customers
from customers.lifecycle import Stage
from customers.models import Customer
from onboarding import selectors, services
from onboarding.lifecycle import ApplicationState
from onboarding.models import Application, ApplicationTask, ApplicationTemplate, TaskKind
from tests import papers
from tests.factories.acquisition import product
from tests.factories.customers import customer as make_customer

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)

ANSWERS: dict[str, dict[str, Any]] = {
    "person": {
        "given_names": "Mette",
        "family_name": "Kragh",
        "born_on": "1984-03-12",
        "cpr": "120384-1235",
        "nationalities": "DK",
    },
    "reach": {"email": "mette@example.dk", "phone": "+45 29 11 04 18", "residence_country": "DK"},
    "purpose": {
        "occupation": "Dental hygienist",
        "purpose": "salary",
        "source_of_funds": "salary",
        "expected_turnover": "to_75",
    },
    "tax": {"tax_countries": ["DK"]},
    "terms": {"true_and_complete": True, "terms": True, "own_account": True},
}

WALKS: dict[str, tuple[str, ...]] = {
    ApplicationState.DRAFT: (),
    ApplicationState.SUBMITTED: ("submit",),
    ApplicationState.VERIFYING: ("submit", "begin_verification"),
    ApplicationState.IN_REVIEW: ("submit", "begin_verification", "refer"),
    ApplicationState.INFORMATION_REQUESTED: (
        "submit",
        "begin_verification",
        "refer",
        "request_information",
    ),
    ApplicationState.APPROVED: ("submit", "begin_verification", "refer", "approve"),
    ApplicationState.ACTIVATED: ("submit", "begin_verification", "refer", "approve", "activate"),
    ApplicationState.DECLINED: ("submit", "begin_verification", "refer", "decline"),
    ApplicationState.WITHDRAWN: ("withdraw",),
    ApplicationState.EXPIRED: ("expire",),
}
_numbers = count(2001)
_NEEDS_OFFICER = {"request_information", "approve", "decline"}


def application(
    *,
    state: str = ApplicationState.DRAFT,
    at: datetime = NOW,
    officer: User | None = None,
    answered: bool = True,
    **fields: Any,
) -> Application:
    """An application in `state`, its questions answered unless told otherwise."""
    system = actors.system_user()
    customer = fields.pop("customer", None) or make_customer(
        stage=Stage.ONBOARDING, at=at, **fields
    )
    made = services.open_for_customer(
        customer=customer, product=product(at=at), officer=officer, actor=system, at=at
    )
    if answered:
        answer_all(made, at=at)
    for name in WALKS[state]:
        if name in _NEEDS_OFFICER and made.officer is None:
            made = services.assign_officer(
                application=made, officer=User.objects.get(username="ola"), actor=system, at=at
            )
        if name == "approve":
            clear(made.customer, at=at)
        made = lifecycle.perform(record=made, name=name, actor=system, at=at, reason="test")
    return made


def draft(*, kind: str = "private_person", at: datetime = NOW) -> ApplicationTemplate:
    """A draft that begins as what is in force, tried on the past."""
    system = actors.system_user()
    like = selectors.template_in_force(kind=kind)
    made = services.draft_template(
        kind=kind, name=like.name, data=like.data, note="why", actor=system, at=at
    )
    jobs.run(job=services.start_trial(template=made, days=365, actor=system, at=at), at=at)
    made.refresh_from_db()
    return made


def put_in_force(
    change: Callable[[dict[str, Any]], None], *, kind: str = "private_person", at: datetime = NOW
) -> ApplicationTemplate:
    """The template in force with a change, as if it had come with the platform."""
    like = selectors.template_in_force(kind=kind)
    data = copy.deepcopy(like.data)
    change(data)
    lifecycle.perform(record=like, name="retire", actor=actors.system_user(), at=at)
    made = ApplicationTemplate(
        kind=kind, number=like.number + 1, name=like.name, data=data, valid_from=at.date(),
        state="IN_FORCE", origin="shipped",
    )  # fmt: skip
    return records.create(record=made, actor=actors.system_user(), at=at)


def answer_all(made: Application, *, at: datetime = NOW) -> None:
    """Give every answer that is open in the private person's template; each has a number of its own."""
    for task in ApplicationTask.objects.filter(
        application=made, kind=TaskKind.ANSWERS, done_at=None
    ):
        answers = dict(ANSWERS[task.key])
        if "cpr" in answers:
            answers["cpr"] = f"120384-{next(_numbers):04d}"
        services.answer_task(task=task, answers=answers, actor=actors.system_user(), at=at)


def meet_demands(made: Application, officer: User, *, at: datetime = NOW) -> None:
    """Ask the customer for what a higher risk demands of a private person, and get it."""
    system = actors.system_user()
    made = lifecycle.perform(
        record=made, name="request_information", actor=officer, at=at, reason="More, please"
    )
    tasks = {one.key: one for one in ApplicationTask.objects.filter(application=made)}
    for key, answers in {
        "purpose": {"pep": "no", "wealth": "Saved over many years"},
        "terms": ANSWERS["terms"],
    }.items():
        services.answer_task(task=tasks[key], answers=answers, actor=system, at=at)
    document = services.hand_in_document(
        task=tasks["identity"],
        kind="passport",
        file=papers.picture(),
        expires_on=at.date() + timedelta(days=900),
        actor=officer,
        at=at,
    )
    lifecycle.perform(record=document, name="accept", actor=officer, at=at)
    lifecycle.perform(record=made, name="resume", actor=system, at=at)


def clear(customer: Customer, *, level: str = "low", at: datetime = NOW) -> Customer:
    """What KYC writes on the customer when it clears them."""
    system = actors.system_user()
    customer = customers.set_clearance(customer=customer, cleared_at=at, actor=system, at=at)
    return customers.set_risk(
        customer=customer, level=level, review_on=date(2031, 3, 5), actor=system, at=at
    )


def announce_clearance(
    customer: Customer, *, straight_through: bool = True, level: str = "low", at: datetime = NOW
) -> Event:
    """Clear the customer and announce it as KYC does."""
    clear(customer, level=level, at=at)
    return records.note(
        record=customer,
        action="kyc_cleared",
        actor=actors.system_user(),
        at=at,
        payload={"case_id": None, "straight_through": straight_through, "level": level},
    )
