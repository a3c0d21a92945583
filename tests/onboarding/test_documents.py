"""Documents that an application asks for: any of several kinds, whoever asked for it before."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clm.core import actors, lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from customers import services as customers
from customers.models import Document
from onboarding import services
from onboarding.lifecycle import ApplicationState
from onboarding.models import Application, ApplicationTask
from tests import papers
from tests.factories import onboarding as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(now: datetime) -> None:
    """A template that insists on a proof of identity."""

    def insist(data: dict[str, Any]) -> None:
        data["requirements"][0]["low"] = "required"

    make.put_in_force(insist, at=now)


def task_of(application: Application) -> ApplicationTask:
    return ApplicationTask.objects.get(application=application, key="identity")


def hand_in(application: Application, ola: User, now: datetime, **what: Any) -> Document:
    given = {"kind": "driving_licence", "file": papers.picture(), "actor": ola, "at": now}
    return services.hand_in_document(task=task_of(application), **{**given, **what})


def test_what_is_required_is_handed_in_before_and_accepted_before_approval(
    required: None, ola: User, now: datetime, deliver_all: Any
) -> None:
    application = make.application(at=now, officer=ola)
    with pytest.raises(TransitionRefused, match="answers are given"):
        lifecycle.perform(record=application, name="submit", actor=ola, at=now)
    with pytest.raises(ValidationError):
        hand_in(application, ola, now, kind="income")
    document = hand_in(application, ola, now, expires_on=now.date() + timedelta(days=900))
    assert task_of(application).done_at == now
    for name in ("submit", "begin_verification", "refer"):
        actor = actors.system_user()
        application = lifecycle.perform(record=application, name=name, actor=actor, at=now)
    make.clear(application.customer, at=now)
    with pytest.raises(TransitionRefused, match="documents that are required are accepted"):
        lifecycle.perform(record=application, name="approve", actor=ola, at=now)
    lifecycle.perform(record=document, name="accept", actor=ola, at=now)
    done = lifecycle.perform(record=application, name="approve", actor=ola, at=now)
    assert done.state == ApplicationState.APPROVED


def test_a_rejection_opens_the_task_again(
    required: None, ola: User, now: datetime, deliver_all: Any
) -> None:
    application = make.application(at=now, officer=ola)
    document = hand_in(application, ola, now)
    lifecycle.perform(record=document, name="reject", actor=ola, at=now, reason="Too dark")
    deliver_all()
    assert task_of(application).done_at is None


def test_nobody_is_asked_twice(required: None, ola: User, now: datetime, deliver_all: Any) -> None:
    application = make.application(at=now)
    customers.upload_document(
        customer=application.customer, kind="passport", file=papers.picture(), actor=ola, at=now
    )
    deliver_all()
    assert task_of(application).done_at is not None
    second = make.application(customer=application.customer, at=now)
    assert task_of(second).done_at == now


def test_the_workspace_takes_it(ola: User, now: datetime) -> None:
    application = make.application(at=now, officer=ola)
    browser, task = Client(), task_of(application)
    browser.force_login(ola)
    sent = SimpleUploadedFile("k.jpg", papers.picture())
    browser.post(f"/onboarding/tasks/{task.pk}/", {"kind": "driving_licence", "file": sent})
    task.refresh_from_db()
    assert task.done_at is not None
    page = browser.get(f"/onboarding/applications/{application.pk}/?task=identity").content.decode()
    document = Document.objects.get()
    assert f"/customers/documents/{document.pk}/file/" in page
    bad = browser.post(
        f"/onboarding/tasks/{task.pk}/",
        {"kind": "driving_licence", "file": SimpleUploadedFile("k.jpg", b"MZ")},
    )
    assert bad.status_code == 422
    assert "Only PDF files and pictures" in bad.content.decode()
    nothing = browser.post(f"/onboarding/tasks/{task.pk}/", {"kind": "driving_licence"})
    assert "Choose a file." in nothing.content.decode()
