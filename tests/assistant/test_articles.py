"""Articles: drafted by one, put in force by another; what is cited never changes."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InternalError, transaction
from django.test import Client

from clm.core import lifecycle
from clm.core.assistant import answering, services
from clm.core.assistant.models import Answer, Article, Outcome
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User

pytestmark = pytest.mark.django_db
TEXTS = {
    "title_da": "Strandpostboks", "title_en": "Beach locker",
    "body_da": "Den åbner klokken ni.", "body_en": "It opens at nine.",
    "asked_da": "Hvornår åbner strandpostboksen?", "asked_en": "When does the beach locker open?",
}  # fmt: skip


def ask(question: str, at: datetime, **more: Any) -> answering.Reply:
    return answering.ask(
        question=question, subject=None, place="test", language="en", at=at, **more
    )


def test_what_two_people_put_in_force_is_said_and_cited(
    ola: User, karen: User, now: datetime
) -> None:
    assert ask("When does the beach locker open?", now).source != "beach-locker"
    draft = services.draft_article(name="beach-locker", texts=TEXTS, note="new", actor=ola, at=now)
    with pytest.raises(ValidationError):
        services.draft_article(name="beach-locker", texts=TEXTS, note="x", actor=ola, at=now)
    lifecycle.perform(record=draft, name="propose", actor=ola, at=now)
    with pytest.raises((PermissionDenied, TransitionRefused)):
        lifecycle.perform(record=draft, name="approve", actor=ola, at=now)
    assert ask("When does the beach locker open?", now).source != "beach-locker"
    lifecycle.perform(record=draft, name="approve", actor=karen, at=now)
    reply = ask("When does the beach locker open?", now)
    assert (reply.outcome, reply.paragraphs, reply.title, reply.version) == (
        Outcome.ANSWERED, ("It opens at nine.",), "Beach locker", 1,
    )  # fmt: skip
    assert ask("hvornår åbner strandpostboksen", now).paragraphs == ("Den åbner klokken ni.",)
    # The next version takes its place in one step; the one before stays as it was.
    later = services.draft_article(
        name="beach-locker", texts={**TEXTS, "body_en": "It opens at ten."}, note="later", actor=ola,
        at=now,
    )  # fmt: skip
    lifecycle.perform(record=later, name="propose", actor=ola, at=now)
    lifecycle.perform(record=later, name="approve", actor=karen, at=now)
    reply = ask("When does the beach locker open?", now)
    assert (reply.paragraphs, reply.version) == (("It opens at ten.",), 2)
    first = Article.objects.get(pk=draft.pk)
    assert (first.state, first.in_force_until) == ("RETIRED", now)
    with pytest.raises(InternalError), transaction.atomic():
        Article.objects.filter(pk=first.pk).update(body_en="It never opened.")
    with pytest.raises(PermissionDenied):
        services.draft_article(name="more", texts=TEXTS, note="x", actor=karen, at=now)


def test_the_pages_draft_change_and_try(client_for: Any, ola: User, now: datetime) -> None:
    client: Client = client_for(ola)
    page = client.get("/assistant/").content.decode()
    assert "Contacting the bank" in page
    form = {**TEXTS, "keywords_da": "", "keywords_en": "", "note": "new"}
    assert client.post("/assistant/new/", {**form, "name": "contact"}).status_code == 422
    assert client.post("/assistant/new/", {**form, "name": "beach"}).status_code == 302
    assert client.post("/assistant/beach/", {**form, "title_en": "Locker"}).status_code == 302
    assert Article.objects.get(name="beach").title_en == "Locker"
    tried = client.post("/assistant/try/", {"question": "when are you open <b>"}).content.decode()
    assert "Contacting the bank" in tried
    assert "<b>" not in tried
    assert not Answer.objects.exists(), "trying is not counted"
    assert client.get("/assistant/none-such/").status_code == 404
