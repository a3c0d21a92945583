"""Surveys by link, what answers add up to, imports and themes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from clm.core import jobs, messages
from clm.core.intervals import wilson
from clm.core.models import JobError, Task
from customers import services as shared
from customers.lifecycle import Stage
from engagement import selectors, services
from engagement.measures import figure
from engagement.models import Feedback, SurveyInvitation, Theme
from engagement.themes import find_themes
from tests.factories import customers
from tests.factories.engagement import survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def mette(ada, aarhus, now):
    return customers.customer(
        stage=Stage.ACTIVE, adviser=ada, branch=aarhus, emails=["m@example.dk"], at=now
    )


def link(of, customer, system, at):
    made = services.hand_over_survey(survey=of, customer=customer, actor=system, at=at)
    return made, f"/my/survey/{services.secret_of(invitation=made)}/"


def test_a_link_answers_once_and_an_unhappy_customer_is_called(mette, ada, system, now):
    # The page asks the wall clock: this link is of today.
    from django.utils import timezone

    made, place = link(survey(at=now), mette, system, timezone.now())
    client = Client()
    page = client.get(place).content.decode()
    assert page.count('type="radio"') == 11
    assert client.post(place, {"score": "11"}).status_code == 422
    assert client.post(place, {"text": "No number"}).status_code == 422
    hostile = "<script>alert(1)</script> gebyret\x00 er for højt"
    assert client.post(place, {"score": "3", "text": hostile}).status_code == 200
    assert client.post(place, {"score": "10"}).status_code == 410
    assert client.get(place).status_code == 410
    answer = Feedback.objects.get()
    assert (answer.score, answer.customer, answer.band) == (3, mette, "bad")
    assert "\x00" not in answer.text
    task = Task.objects.get(record_id=mette.pk)
    assert task.assignee == ada
    assert task.due_at is not None
    with pytest.raises(ValidationError):
        services.answer_survey(invitation=made, score=9, text="", at=now)


def test_a_link_leads_to_its_own_survey_while_it_lasts(mette, system, now):
    nps = survey(at=now)
    csat = survey(name="Branch", measure="csat", at=now)
    one, _place = link(nps, mette, system, now)
    other, _place = link(csat, mette, system, now)
    secret = services.secret_of(invitation=one)

    def found(text, at=now):
        return services.invitation_of(secret=text, at=at)

    assert found(secret) == one
    forged = f"{other.pk.hex}.{secret.split('.')[1]}"
    for text in (forged, "", "x", secret + "x", "x" * 5000, other.pk.hex):
        assert found(text) is None
        assert Client().get(f"/my/survey/{text or '-'}/").status_code in (404, 410)
    assert found(secret, now + timedelta(days=15)) is None
    services.change_survey(survey=nps, changes={"is_open": False}, actor=system, at=now)
    assert found(secret) is None
    twin = customers.customer(stage=Stage.ACTIVE, at=now)
    shared.merge_customers(survivor=twin, absorbed=mette, actor=system, at=now, reason="one person")
    # The invitation went along with the record: it is the survivor's now.
    assert found(services.secret_of(invitation=other)).customer_id == twin.pk


def test_only_who_agreed_is_asked_and_consent_is_asked_again_when_it_goes(
    mette, rikke, system, now, settings, monkeypatch
):
    settings.CLM_PUBLIC_URL, settings.CLM_SMTP_URL = "https://clm.example", "smtp://mail.example"
    silent = customers.customer(stage=Stage.ACTIVE, emails=["s@example.dk"], at=now)
    late = customers.customer(stage=Stage.ACTIVE, emails=["l@example.dk"], at=now)
    for one in (mette, late):
        _says(one, "given", system, now)
    nps = survey(at=now)
    asked, passed = services.invite(survey=nps, channel="email", limit=50, actor=system, at=now)
    assert (asked, sum(passed.values())) == (2, 1)
    assert not silent.survey_invitations.exists()
    again, _passed = services.invite(
        survey=survey(name="Again", at=now), channel="email", limit=50, actor=system, at=now
    )
    assert again == 0
    _says(late, "withdrawn", system, now + timedelta(minutes=1))
    sent: list[Any] = []
    monkeypatch.setattr(messages, "send", sent.append)
    at = now + timedelta(minutes=5)
    night = now.replace(hour=23)
    claimed = messages.claim(model=SurveyInvitation, at=at)
    assert len(claimed) == 2
    for key in claimed:
        assert not services.send_invitation(invitation_id=key, clock=lambda: night)
    assert [services.send_invitation(invitation_id=key, clock=lambda: at) for key in claimed].count(
        True
    ) == 1
    (parcel,) = sent
    assert parcel.address == "m@example.dk"
    assert "https://clm.example/my/survey/" in parcel.text
    assert {one.sending for one in SurveyInvitation.objects.all()} == {"sent", "skipped"}


def _says(customer, decision, system, at):
    shared.record_consent(
        customer=customer, purpose="survey", channel="any", decision=decision, source="test",
        wording_version="survey-1", actor=system, at=at,
    )  # fmt: skip


def test_figures_have_intervals_or_say_how_many_are_missing():
    assert figure(measure="nps", scores=[10] * 19).missing == 1
    assert figure(measure="nps", scores=[10] * 19).value is None
    # 50 promoters, 30 passives, 20 detractors: 30 +/- 1.96 * sqrt((.7 - .09) / 100) points.
    found = figure(measure="nps", scores=[9] * 50 + [7] * 30 + [0] * 20)
    assert found.value == pytest.approx(30)
    assert (found.low, found.high) == pytest.approx((14.69, 45.31), abs=0.01)
    # Wilson, 10 of 20: from 0.299 to 0.701 (Newcombe 1998, by his formula).
    assert wilson(found=10, of=20) == pytest.approx((0.2993, 0.7007), abs=0.0001)
    assert figure(measure="csat", scores=[5] * 20).high == 1


def test_trend_and_drill_down_keep_to_the_reach(mette, ada, bo, system, now):
    nps = survey(at=now)
    made, _place = link(nps, mette, system, now)
    services.answer_survey(invitation=made, score=2, text="Ventetid", at=now)
    assert selectors.answers(actor=ada, measure="nps", band="bad").count() == 1
    assert not selectors.answers(actor=bo, band="bad").exists()
    months = selectors.trend(measure="nps", at=now)
    assert [len(months), months[-1].figure.n, months[0].figure.n] == [12, 1, 0]
    assert months[-1].first.month == 3


FEES = ["Gebyret på kortet er for højt", "Kortets gebyr steg igen", "Hvorfor et gebyr på kort?",
        "For dyrt gebyr på mit kort", "Gebyr, gebyr og kort"]  # fmt: skip
QUEUES = [
    "The waiting time on the phone is long",
    "Waited for an hour on the phone",
    "Long waiting on your phone line",
    "Phone: waiting and waiting",
    "Waiting time by phone",
]


def test_two_planted_themes_are_found_the_same_each_time():
    texts = [one for pair in zip(FEES, QUEUES, strict=True) for one in pair] + ["", "og at det"]
    groups = find_themes(texts)
    assert [sorted(one.members) for one in groups] in ([[0, 2, 4, 6, 8], [1, 3, 5, 7, 9]],
                                                       [[1, 3, 5, 7, 9], [0, 2, 4, 6, 8]])  # fmt: skip
    names = {word for one in groups for word in one.words}
    assert {"gebyr", "waiting", "phone"} <= names
    assert find_themes(texts) == groups
    assert find_themes(["alone"] * 3) == []
    assert find_themes([f"word{number}" for number in range(20)]) == []


def test_notes_come_in_once_bad_rows_are_named_and_themes_replace_the_last(system, now):
    rows = "\n".join(f'{n},social,"{text}",4' for n, text in enumerate(FEES + QUEUES))
    bad = '\n90,rumour,text,1\n91,social,,1\n92,social,text,9\n93,social,text,"4"\n'
    file = ("id,origin,text,score\n" + rows + bad).encode()

    def load():
        job = services.start_feedback_import(
            file=file, file_name="notes.csv", origin="social", actor=system, at=now
        )
        return jobs.run(job=job, at=now)

    first, second = load(), load()
    assert first.outcome == {"created": 11, "unchanged": 0, "failed": 3}
    assert second.outcome == {"created": 0, "unchanged": 11, "failed": 3}
    faults = JobError.objects.filter(job=first).values_list("line", "column")
    assert list(faults.order_by("line")) == [(12, "origin"), (13, "text"), (14, "score")]
    for _twice in range(2):
        jobs.run(job=services.start_themes(actor=system, at=now), at=now)
    assert (
        sum(one.count for one in Theme.objects.all())
        == Feedback.objects.exclude(theme=None).count()
    )
    assert Theme.objects.count() == 2


def test_pages_and_api_of_feedback(client_for, make_user, mette, system, now):
    nps = survey(at=now)
    made, _place = link(nps, mette, system, now)
    services.answer_survey(invitation=made, score=2, text="<b>x</b>", at=now)
    client = client_for(make_user("maria", "manager"))
    for place in ("feedback/", "feedback/?measure=csat", "feedback/answers/?band=bad&theme=x",
                  "feedback/import/", "surveys/new/", f"surveys/{nps.pk}/"):  # fmt: skip
        page = client.get(f"/engagement/{place}")
        assert page.status_code == 200, place
        assert b"<b>x</b>" not in page.content
    made = client.post(
        "/api/v1/surveys/",
        {"name": "App", "measure": "ces", "question_da": "Let?", "question_en": "Easy?"},
        content_type="application/json",
    ).json()
    place = f"/api/v1/surveys/{made['id']}/"
    assert client.get(f"{place}results/").json()["missing"] == 20
    answers = client.get(f"/api/v1/surveys/{nps.pk}/answers/").json()["results"]
    assert [one["band"] for one in answers] == ["bad"]
