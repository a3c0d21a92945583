"""Saying no: in time, with a ground, in a letter; contested before another person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clm.core import actors, lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Task, User
from customers import services as customers
from onboarding import refusals, selectors, services
from onboarding.models import Application, ApplicationTask, RefusalLetter
from tests.factories import onboarding as make
from tests.factories.acquisition import product

pytestmark = pytest.mark.django_db


def basic_account(at: datetime) -> Any:
    return customers.add_product(
        code=refusals.BASIC_ACCOUNT, name_da="Basal betalingskonto",
        name_en="Basic payment account", category="account", valid_from=at.date(),
        customer_kinds=["person"], actor=actors.system_user(), at=at,
    )  # fmt: skip


def in_review(at: datetime, officer: User, *, basic: bool = False) -> Application:
    made = make.application(at=at, officer=officer)
    if basic:
        made = services.change_application(
            application=made, changes={"product": basic_account(at)}, actor=officer, at=at
        )
    for name in ("submit", "begin_verification", "refer"):
        made = lifecycle.perform(record=made, name=name, actor=actors.system_user(), at=at)
    return made


def test_a_basic_account_is_answered_in_ten_business_days_danish_holidays_left_out(
    ola: User, own_reactions: None, deliver_all: Any
) -> None:
    # Wednesday before Easter 2026: Thursday, Friday, Monday are holidays.
    at = datetime(2026, 4, 1, 10, 0, tzinfo=UTC)

    def slow(data: dict[str, Any]) -> None:
        data["decide_within_hours"] = 400

    make.put_in_force(slow, at=at)
    made = in_review(at, ola, basic=True)
    deliver_all(at)
    made.refresh_from_db()
    assert made.due_at is not None
    assert made.due_at.date().isoformat() == "2026-04-20"


def test_a_basic_account_is_refused_with_a_ground_of_the_law_alone(
    ola: User, now: datetime, deliver_all: Any
) -> None:
    made = in_review(now, ola, basic=True)
    with pytest.raises(TransitionRefused, match="ground"):
        lifecycle.perform(record=made, name="decline", actor=ola, at=now, reason="no")
    refuse: dict[str, Any] = {
        "application": made,
        "words": "",
        "reason": "secret suspicion",
        "actor": ola,
        "at": now,
    }
    with pytest.raises(ValidationError):
        services.refuse(ground="economy", **refuse)
    services.refuse(ground="has_account", **refuse)
    deliver_all()
    letter = RefusalLetter.objects.get(application=made)
    assert "Du har allerede en betalingskonto" in letter.text_da
    assert "Basal betalingskonto" in letter.text_da
    assert "Finanstilsynet" in letter.text_da
    assert "a payment account in Denmark already" in letter.text_en
    assert "secret" not in letter.text_da + letter.text_en
    assert letter.in_time is True


def test_of_money_laundering_nothing_more_is_said(
    ola: User, now: datetime, deliver_all: Any
) -> None:
    made = in_review(now, ola)
    services.refuse(
        application=made, ground="law", words="we suspect you", reason="", actor=ola, at=now
    )
    deliver_all()
    letter = RefusalLetter.objects.get(application=made)
    assert "suspect" not in letter.text_en
    assert "may not tell you more" in letter.text_en
    assert letter.in_time is None


def test_the_customer_contests_and_another_person_answers(
    ola: User, make_user: Any, aarhus: Any, now: datetime, deliver_all: Any
) -> None:
    oda = make_user("oda", "onboarding_officer", branch=aarhus)
    made = in_review(now, ola)
    services.refuse(application=made, ground="economy", words="", reason="", actor=ola, at=now)
    deliver_all()
    made.customer.refresh_from_db()
    assert made.customer.stage == "DECLINED"
    letter = RefusalLetter.objects.get(application=made)
    _link, secret = make_link_after(made, ola, now)
    client = Client()
    client.post(reverse("link:begin", args=[secret]))
    assert "does not think" not in client.get(reverse("link:home")).content.decode()
    assert client.post(reverse("link:contest"), {"words": " "}).status_code == 422
    assert client.post(reverse("link:contest"), {"words": "I earn more now"}).status_code == 302
    letter.refresh_from_db()
    assert letter.is_contested
    assert letter.reviewer == oda
    task = Task.objects.get(record_id=made.pk)
    assert (task.assignee, task.done_at) == (oda, None)
    answer: dict[str, Any] = {"letter": letter, "words": "We looked again", "at": now}
    with pytest.raises(PermissionDenied):
        services.answer_contest(outcome="upheld", actor=ola, **answer)
    answered = services.answer_contest(outcome="overturned", actor=oda, **answer)
    following = answered.following
    assert following is not None
    assert following.officer == oda
    purpose = ApplicationTask.objects.get(application=following, key="purpose")
    assert purpose.answers["purpose"] == "salary"
    assert purpose.done_at == now
    task.refresh_from_db()
    assert task.done_at == now
    with pytest.raises(ValidationError):
        services.answer_contest(outcome="upheld", actor=oda, **answer)


def make_link_after(made: Application, actor: User, now: datetime) -> Any:
    """A link that was made before the decision and lasts."""
    from onboarding.models import ApplicationLink
    from onboarding.selectors.links import digest_of

    secret = "s" * 40
    link = ApplicationLink.objects.create(
        application=made, digest=digest_of(secret=secret), created_at=now, created_by=actor,
        expires_at=timezone.now() + timedelta(days=9),
    )  # fmt: skip
    RefusalLetter.objects.filter(application=made).update(
        contest_until=timezone.now() + timedelta(days=9)
    )
    return link, secret


def test_contesting_has_its_time(ola: User, now: datetime, deliver_all: Any) -> None:
    made = in_review(now, ola)
    services.refuse(application=made, ground="economy", words="", reason="", actor=ola, at=now)
    deliver_all()
    letter = RefusalLetter.objects.get(application=made)
    with pytest.raises(ValidationError):
        services.contest(
            letter=letter, words="late", actor=actors.system_user(), at=now + timedelta(days=61)
        )


def test_back_a_step_keeps_answers_and_says_what_reopens(ola: User, now: datetime) -> None:
    made = in_review(now, ola)
    client = Client()
    client.force_login(ola)
    place = reverse("onboarding:application", args=[made.pk])
    page = client.get(place, {"task": "purpose"}).content.decode()
    assert "Go back to this step" in page
    assert "What you will use the bank for, Terms" in page
    task = ApplicationTask.objects.get(application=made, key="purpose")
    done = client.post(
        reverse("onboarding:back", args=[task.pk]), {"reason": "Say what it is for"}, follow=True
    ).content.decode()
    assert "Opened again, with every answer kept" in done
    made.refresh_from_db()
    assert made.state == "INFORMATION_REQUESTED"
    task.refresh_from_db()
    assert (task.done_at, task.answers["purpose"]) == (None, "salary")
    assert selectors.last_question(application=made) == "Say what it is for"
    assert ApplicationTask.objects.get(application=made, key="terms").done_at is None
    assert ApplicationTask.objects.get(application=made, key="person").done_at is not None


def test_a_refusal_by_the_page(ola: User, ada: User, now: datetime, deliver_all: Any) -> None:
    made = in_review(now, ola)
    client = Client()
    client.force_login(ola)
    assert (
        b"Decline and write the letter"
        in client.get(reverse("onboarding:application", args=[made.pk])).content
    )
    client.post(
        reverse("onboarding:refuse", args=[made.pk]),
        {"ground": "economy", "version": made.version},
    )
    # The page has its own clock.
    deliver_all(timezone.now())
    made.refresh_from_db()
    assert made.state == "DECLINED"
    shown = client.get(reverse("onboarding:application", args=[made.pk])).content.decode()
    assert "Letter to the customer" in shown
    assert product(at=now).name_en in shown
