"""Behind the link: what the assistant tells of an application, and a person's answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clm.core.assistant.models import Answer
from clm.core.models import Task, User
from onboarding import services
from onboarding.models import Application, CustomerQuestion
from tests.factories import onboarding as make
from tests.onboarding.test_link import phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(ola: User) -> Application:
    return make.application(at=timezone.now(), officer=ola, answered=False)


@pytest.fixture
def browser(application: Application, ola: User) -> Client:
    _link, secret = services.make_link(application=application, actor=ola, at=timezone.now())
    return phone(secret)


def said(browser: Client, question: str, **more: str) -> str:
    answer = browser.post("/my/link/ask/", {"question": question, **more})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_what_is_missing_is_told_from_the_application(
    application: Application, browser: Client
) -> None:
    page = said(browser, "What is missing?")
    assert "This is missing:" in page
    title = application.template.data["steps"][0]["tasks"][0]["title"]["en"]
    assert title in page
    assert "From:" in page
    page = said(browser, "Hvilke dokumenter skal jeg sende?")
    assert 'lang="da"' in page
    assert "send os" in page


@pytest.mark.parametrize("state", ["SUBMITTED", "VERIFYING", "IN_REVIEW"])
def test_who_looks_at_what_is_not_told(state: str, ola: User) -> None:
    """Tipping off (hvidvaskloven § 38): one sentence from sending it in to the answer."""
    application = make.application(at=timezone.now(), officer=ola, state=state)
    _link, secret = services.make_link(application=application, actor=ola, at=timezone.now())
    browser = phone(secret)
    page = said(browser, "Where is my application?")
    assert "working on it" in page
    for question in ("is there a case about me", "am I on a sanctions list", "what is my risk"):
        page += said(browser, question)
    for word in ("KYC", "screening", "sanction hit", "suspici", "compliance", "risk level"):
        assert word not in page.replace(f"{word}?", "")


def test_a_person_answers_what_it_does_not_know(
    application: Application, browser: Client, client_for: Any, ola: User
) -> None:
    question = "Can I pay with seashells?"
    page = said(browser, question)
    assert "I do not know" in page
    answer = Answer.objects.get()
    for _twice in range(2):
        sent = browser.post(
            "/my/link/ask/", {"question": question, "person": "1", "answer": str(answer.pk)}
        )
        assert sent.status_code == 302
    asked = CustomerQuestion.objects.get()
    task = Task.objects.get()
    assert (asked.text, task.assignee, task.due_at) == (question, ola, asked.due_at)
    assert question not in task.title, "what a customer wrote stands in one place"
    assert asked.due_at > timezone.now() + timedelta(hours=7)
    answer.refresh_from_db()
    assert answer.handed_over_at is not None
    client: Client = client_for(ola)
    assert question in client.get(f"/onboarding/applications/{application.pk}/").content.decode()
    client.post(f"/onboarding/questions/{asked.pk}/", {"reply": "Sadly <not>."})
    client.post(f"/onboarding/questions/{asked.pk}/", {"reply": "Yes!"})
    asked.refresh_from_db()
    assert (asked.reply, asked.replied_by) == ("Sadly <not>.", ola)
    task.refresh_from_db()
    assert task.done_at is not None
    page = browser.get("/my/link/ask/").content.decode()
    assert "Sadly &lt;not&gt;." in page
    assert "You have an answer" in browser.get("/my/link/").content.decode()


@pytest.mark.parametrize("question", ["", "x" * 10_000, "\x00"])
@pytest.mark.parametrize("person", [{}, {"person": "1", "answer": "nonsense"}])
def test_nothing_and_too_much_get_a_clear_error(
    question: str, person: dict[str, str], browser: Client
) -> None:
    answer = browser.post("/my/link/ask/", {"question": question, **person})
    assert answer.status_code == 422
    assert "question-error" in answer.content.decode()
    assert not CustomerQuestion.objects.exists()


def test_not_more_than_five_wait(browser: Client) -> None:
    for n in range(7):
        browser.post("/my/link/ask/", {"question": f"number {n}?", "person": "1"})
    assert CustomerQuestion.objects.count() == 5


def test_the_workspace_asks_as_the_customer_would(
    application: Application, client_for: Any, ola: User
) -> None:
    client: Client = client_for(ola)
    place = f"/onboarding/applications/{application.pk}/ask/"
    page = client.post(place, {"question": "what is missing"}).content.decode()
    assert "This is missing:" in page
    assert client.post(place, {"question": " "}).status_code == 422
    chosen = client.post(place, {"question": "hm card", "about": "card"}).content.decode()
    assert "/assistant/card/" in chosen
