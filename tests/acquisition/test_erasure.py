"""Leads that nothing was heard of for two years are erased, when a second person agrees."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from acquisition import selectors, services
from acquisition.models import Lead, LeadErasure
from clm.core import actors, audit, files, jobs, lifecycle, work
from clm.core.models import EventDetail, Job
from tests.architecture.test_erasure import traces
from tests.factories.acquisition import campaign, capture_form, lead

NAME, FAMILY, EMAIL = "Zacharias", "Kvistgaard-Ulvedal", "zku@kvistgaard.example"
TOLD = (NAME, FAMILY, "120384", EMAIL, "7f3c-token")


@pytest.fixture
def long_ago(now):
    return now - timedelta(days=800)


@pytest.fixture
def submitted(ada, long_ago):
    """What came in by a public form, and was worked on until it was left lying."""
    form = capture_form(at=long_ago)
    services.add_step(
        campaign=form.campaign, after_days=1, channel="phone", title="Call",
        actor=actors.system_user(), at=long_ago,
    )  # fmt: skip
    found = services.capture_by_form(
        form=form, values={"given_names": NAME, "family_name": FAMILY, "email": EMAIL},
        agreed=[], wording="", language="da", token="7f3c-token", at=long_ago,
    )  # fmt: skip
    found = services.change_lead(
        lead=found, changes={"note": f"{NAME} asked"}, cpr="120384-1235", actor=ada, at=long_ago
    )
    (step,) = found.steps.all()
    services.finish_step(
        step=step, outcome="skipped", actor=ada, at=long_ago, reason=f"{NAME} is away"
    )
    work.add_task(
        title=f"Call {FAMILY}", record=found, assignee=ada, due_at=None, actor=ada, at=long_ago
    )
    return found


def released(maria, karen, now):
    made = services.ask_erasure(actor=maria, at=now)
    return lifecycle.perform(record=made, name="release", actor=karen, at=now)


def test_nothing_that_names_the_lead_is_left(
    submitted, make_user, karen, ada, now, deliver_all, db
):
    maria = make_user("maria", "manager")
    before = {place.split(".")[0] for place, _word in traces(TOLD)}
    assert {
        "acquisition_lead",
        "acquisition_lead_history",
        "core_eventdetail",
        "core_task",
    } <= before
    fresh = lead(at=now, branch=ada.branch)
    result = selectors.campaign_results(actor=maria, campaigns=[submitted.campaign])[0].leads
    made = released(maria, karen, now)
    deliver_all()
    job = jobs.run(job=Job.objects.get(kind="acquisition.erase_leads"), at=now)
    assert job.state == "DONE", job.message
    assert list(traces(TOLD)) == []
    assert audit.verify().broken == []
    made.refresh_from_db()
    assert (made.state, made.erased, len(made.digest)) == ("DONE", 1, 64)
    assert files.read(key=made.certificate).startswith(b"%PDF")
    # It counts as it did, and nobody comes across it; who is spoken with stays.
    assert (
        selectors.campaign_results(actor=maria, campaigns=[submitted.campaign])[0].leads == result
    )
    assert list(selectors.visible_leads(actor=maria)) == [fresh]
    assert Lead.objects.get(pk=submitted.pk).state == "LOST"
    assert EventDetail.objects.filter(record_id=fresh.pk).exists() is False
    with pytest.raises(ValidationError):
        services.ask_erasure(actor=maria, at=now)


def test_a_sign_of_life_keeps_a_lead(submitted, make_user, karen, ada, now, long_ago, deliver_all):
    maria = make_user("maria", "manager")
    spoken_with = lead(at=long_ago, branch=ada.branch, campaign=campaign(at=long_ago))
    made = released(maria, karen, now)
    deliver_all()
    # Between the release and the job, and on the very last day.
    services.note_touch(
        lead=spoken_with, kind="call", channel="phone", actor=ada, at=now,
        happened_at=now - timedelta(days=730),
    )  # fmt: skip
    jobs.run(job=Job.objects.get(kind="acquisition.erase_leads"), at=now)
    assert Lead.objects.get(pk=spoken_with.pk).erased_at is None
    made.refresh_from_db()
    assert (made.expected, made.erased) == (2, 1)


def test_two_people_and_a_certificate(submitted, make_user, karen, client_for, now):
    maria = make_user("maria", "manager")
    browser: Client = client_for(maria)
    place = reverse("acquisition:erasures")
    assert "1 lead was last heard of" in browser.get(place).content.decode()
    browser.post(reverse("acquisition:ask_erasure"))
    made = LeadErasure.objects.get()
    assert made.state == "PENDING"
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.perform(record=made, name="release", actor=maria, at=now)
    assert "Release the erasure" in client_for(karen).get(place).content.decode()
