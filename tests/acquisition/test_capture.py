"""Leads that come in by themselves: the public form, files, touches, and whom they may be."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from acquisition import selectors, services
from acquisition.imports.rows import faults_of
from acquisition.lifecycle import LeadState
from acquisition.models import Lead, LeadConsent, LeadTouch
from acquisition.web import interest
from clm.core import deliveries, jobs, lifecycle
from clm.core.models import JobError
from customers import selectors as customers
from tests.factories.acquisition import campaign, capture_form, lead
from tests.factories.customers import customer

PLACE = "/acquisition/interest/{}/?lang=en"
FILLED = {"given_names": "Freja", "family_name": "Holst", "email": "Freja@Example.dk"}


class Visitor:
    """Somebody with a browser, whom the bank does not know."""

    def __init__(self, form):
        self.place = PLACE.format(form.code)
        self.client = Client()

    def open(self):
        return self.client.get(self.place)

    def hidden(self):
        page = self.open().content.decode()
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))

    def send(self, *, hidden=None, after=timedelta(seconds=20), **values):
        fields = {**(hidden or self.hidden()), **FILLED, **values}
        with time_machine.travel(timezone.now() + after, tick=False):
            return self.client.post(self.place, fields)


@pytest.fixture
def visitor(db):
    return Visitor(capture_form())


def test_what_a_visitor_writes_is_a_lead_with_its_consents(visitor):
    answer = visitor.send(agree=["email"], phone="29 11 04 18")
    assert answer.status_code == 200
    assert "Thank you" in answer.content.decode()
    made = Lead.objects.get()
    assert (made.email, made.phone, made.language) == ("freja@example.dk", "+4529110418", "en")
    assert made.campaign is not None
    assert made.branch is not None
    assert made.product is not None
    (consent,) = LeadConsent.objects.all()
    assert (consent.channel, consent.wording.code, consent.language) == (
        "email", "marketing-1", "en",
    )  # fmt: skip
    assert LeadTouch.objects.get().kind == "form"


def test_sent_twice_it_is_one_lead(visitor):
    hidden = visitor.hidden()
    assert [visitor.send(hidden=hidden).status_code for _ in range(2)] == [200, 200]
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"website": "https://spam.example"}, 200),
        ({"token": "made-up"}, 422),
        ({"token": "a:b:c"}, 422),
        ({"after": timedelta(seconds=1)}, 422),
        ({"after": timedelta(hours=5)}, 422),
        ({"email": ""}, 422),
        ({"email": "nobody"}, 422),
        ({"family_name": "\0"}, 422),
        ({"family_name": "x" * 121}, 422),
        ({"agree": ["post"]}, 422),
        ({"agree": ["phone"]}, 422),
        ({"agree": ["email"], "wording": "marketing-0"}, 409),
    ],
)
def test_spam_and_nonsense_leave_nothing(visitor, values, status):
    assert visitor.send(**values).status_code == status
    assert not Lead.objects.exists()


def test_a_token_of_one_form_is_none_of_another(visitor):
    other = Visitor(capture_form())
    assert visitor.send(hidden=other.hidden()).status_code == 422


def test_attempts_are_counted_by_address_and_by_form(visitor, monkeypatch):
    monkeypatch.setattr(interest, "TRIES_ADDRESS", 2)
    assert [visitor.send().status_code for _ in range(3)] == [200, 200, 429]
    monkeypatch.setattr(interest, "TRIES_ADDRESS", 100)
    monkeypatch.setattr(interest, "TRIES_FORM", 3)
    assert [visitor.send().status_code for _ in range(2)] == [200, 429]


def test_the_answer_is_the_same_whether_the_bank_knows_the_visitor(visitor):
    unknown = visitor.send(email="nobody@example.dk").content
    customer(emails=["freja@example.dk"], given_names="Freja", family_name="Holst")
    assert visitor.send().content == unknown


def test_a_frame_is_for_the_named_sites_alone(visitor):
    page = visitor.open()
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert not page.cookies
    framed = Visitor(capture_form(allowed_origins=["https://www.example.dk"])).open()
    assert "frame-ancestors https://www.example.dk" in framed["Content-Security-Policy"]
    assert (
        "'none'" not in framed["Content-Security-Policy"].split("frame-ancestors")[1].split(";")[0]
    )
    assert "X-Frame-Options" not in framed


@pytest.mark.parametrize(
    "site",
    ["*", "https://*.dk", "javascript:x", "http://example.dk", "https://a.dk/x", "https://a.dk;"],
)
def test_only_the_name_of_a_site_may_frame_it(db, site):
    with pytest.raises(ValidationError):
        capture_form(allowed_origins=[site])


def test_a_closed_form_and_an_ended_campaign_take_nothing(db, now):
    for form in (
        capture_form(is_open=False),
        capture_form(campaign=campaign(ends_on=now.date())),
    ):
        assert Visitor(form).open().status_code == 410
        assert Client().post(PLACE.format(form.code), FILLED).status_code == 410
    assert not Lead.objects.exists()


def test_consents_follow_into_the_ledger_as_of_when_they_were_given(visitor, ada, own_reactions):
    visitor.send(agree=["email"])
    made, at = Lead.objects.get(), timezone.now() + timedelta(days=1)
    for name in ("contact", "qualify", "convert"):
        made = lifecycle.perform(record=made, name=name, actor=ada, at=at)
    deliveries.deliver_due(at=at + timedelta(seconds=5))
    made.refresh_from_db()
    assert made.customer is not None
    answers = customers.contact_answers(
        customer=made.customer, purposes=["marketing"], channels=["email", "sms"], at=at
    )
    assert [one.allowed for one in answers.values()] == [True, False]
    line = made.customer.consents.get()
    assert line.at == LeadConsent.objects.get().at
    assert line.source.startswith("form:")


def imported(content, actor, now, **options):
    job = services.start_import(
        file=content.encode(), file_name="leads.csv", source="fair", actor=actor, at=now, **options
    )
    jobs.run(job=job, at=now)
    job.refresh_from_db()
    return job


ROWS = """id,fornavn,efternavn,email,telefon,kanal,produkt
1,Freja,Holst,freja@example.dk,,event,
2,Ole,,ole@example.dk,,event,
3,Per,Lund,nobody,,event,
4,Ida,Krog,,29 11 04 18,tv,
5,Bo,Dam,bo@example.dk,,,
5,Bo,Dam,bo@example.dk,,,
"""


def test_a_file_of_leads_goes_in_once_and_names_what_is_wrong(ola, now):
    spring = campaign(at=now, channel="partner")
    job = imported(ROWS, ola, now, dry_run=True)
    assert not Lead.objects.exists()
    job = imported(ROWS, ola, now, campaign=spring)
    assert job.state == "DONE", job.message
    assert job.outcome == {"created": 2, "known": 1, "failed": 3}
    faults = {(one.line, one.column) for one in JobError.objects.filter(job=job)}
    assert faults == {(3, "family_name"), (4, "email"), (5, "channel")}
    assert {one.channel for one in Lead.objects.all()} == {"event", "partner"}
    again = imported(ROWS, ola, now, campaign=spring)
    assert (again.outcome["created"], Lead.objects.count()) == (0, 2)


def test_a_touch_is_noted_once_by_its_id(ada, now):
    made = lead(at=now, branch=ada.branch)
    for _number in range(2):
        services.note_touch(
            lead=made, kind="visit", channel="web", happened_at=now, source="site",
            external_id="7", actor=ada, at=now,
        )  # fmt: skip
    assert LeadTouch.objects.count() == 1
    for wrong in (now + timedelta(days=1), now - timedelta(days=4000)):
        with pytest.raises(ValidationError):
            services.note_touch(
                lead=made, kind="visit", channel="web", happened_at=wrong, actor=ada, at=now
            )


def test_whom_a_lead_may_be_is_shown_with_reasons(ada, bo, now):
    known = customer(
        at=now, branch=ada.branch, given_names="Freja", family_name="Holst-Dam",
        emails=["freja.dam@example.dk"], phones=["29110418"],
    )  # fmt: skip
    twin = lead(at=now, branch=ada.branch, phone="29110418", email="")
    lead(at=now, branch=ada.branch, phone="29110418", email="", state=LeadState.LOST)
    made = lead(
        at=now, branch=ada.branch, phone="29110418", email="", given_names="Freja",
        family_name="Holst-Dam",
    )  # fmt: skip
    with translation.override("en"):
        first, second = selectors.matches_of(lead=made, actor=ada)
    assert (first.customer, first.exact) == (known, True)
    assert {"same telephone", "same name"} <= set(first.reasons)
    assert (second.lead, second.reasons) == (twin, ("same telephone",))
    assert selectors.matches_of(lead=made, actor=bo) == []


def test_matches_and_touches_over_the_api(ada, now, client_for):
    client = client_for(ada)
    made = lead(at=now, branch=ada.branch, phone="29110418")
    twin = lead(at=now, branch=ada.branch, phone="29110418")
    place = f"/api/v1/leads/{made.pk}/"
    (match,) = client.get(f"{place}matches/").json()
    assert (match["lead"], match["customer"], match["exact"]) == (str(twin.pk), None, True)
    touch = {"at": "2026-03-01T10:00:00Z", "kind": "visit", "channel": "web"}
    sent = client.post(f"{place}touches/", touch, content_type="application/json")
    assert sent.status_code == 201, sent.content
    assert client.get(f"{place}touches/").json()["results"][0]["kind"] == "visit"
    bad = client.post(f"{place}touches/", {**touch, "kind": "x"}, content_type="application/json")
    assert bad.status_code == 400


def test_a_fault_of_a_file_does_not_quote_who_it_is_about() -> None:
    """Faults stay with the job when the lead is erased."""
    told = ValidationError(
        {"language": ["Value 'Kvistgaard' is not a valid choice."], "email": ["Enter an e-mail."]}
    )
    faults = faults_of(7, told, ["Zacharias", "kvistgaard", "x"])
    assert [one.sentence for one in faults] == [
        "This value cannot be used here.",
        "Enter an e-mail.",
    ]
