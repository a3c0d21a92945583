"""Enquiries and complaints: who answers, by when, and what two at once or an erased one meet."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from clm.core import actors, events, lifecycle
from clm.core.lifecycle import StaleVersion, TransitionRefused
from customers import services as shared
from customers.lifecycle import Stage
from engagement import selectors, services
from engagement.models import Enquiry, RootCause
from journeys.activities import STEPS
from tests.factories import customers
from tests.factories.engagement import enquiry

pytestmark = pytest.mark.django_db
# The cast's morning is 10 o'clock in Copenhagen; the bank closes at 17.
HOUR = timedelta(hours=1)


@pytest.fixture
def mette(ada, aarhus, now):
    return customers.customer(stage=Stage.ACTIVE, adviser=ada, branch=aarhus, at=now)


def test_the_clock_goes_by_kind_priority_and_tier(mette, now):
    plain = enquiry(customer=mette, at=now)
    assert (plain.tier, plain.due_at) == ("standard", datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    urgent = enquiry(customer=mette, text="Now!", priority="high", at=now)
    assert urgent.due_at == datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
    old = customers.customer(
        stage=Stage.ACTIVE, customer_since=now.date() - timedelta(days=3700), at=now
    )
    for _one in range(4):
        customers.holding(of=old, at=now)
    assert enquiry(customer=old, priority="high", at=now).due_at == now + 2 * HOUR
    # A complaint waits as long, whoever complains.
    due = {enquiry(customer=one, kind="complaint", at=now).due_at for one in (mette, old)}
    assert due == {datetime(2026, 3, 12, 9, 0, tzinfo=UTC)}


def test_the_clock_stands_still_while_the_customer_is_asked(mette, ada, now, deliver_all):
    made = enquiry(customer=mette, at=now)
    made = services.assign_enquiry(enquiry=made, assignee=ada, actor=ada, at=now)
    due_before = made.due_at
    services.ask_customer(enquiry=made, text="Which card?", actor=ada, at=now + HOUR)
    later = now + timedelta(days=7, hours=1)
    themself = actors.themself(customer_id=mette.pk)
    back = services.customer_writes(enquiry=made, text="The blue one", actor=themself, at=later)
    assert back.state == "ASSIGNED"
    deliver_all(later)
    deliver_all(later)
    made.refresh_from_db()
    assert made.due_at - due_before == timedelta(days=7)
    assert [one.said for one in made.messages.all()] == ["customer", "question", "customer"]
    # A new priority keeps the time in which nobody could go on.
    changed = services.change_enquiry(
        enquiry=made, changes={"priority": "high"}, actor=ada, at=later
    )
    assert changed.due_at - made.due_at == -timedelta(days=3)


def test_of_two_who_answer_at_once_the_second_is_told(mette, ada, rikke, now):
    made = enquiry(customer=mette, state="ASSIGNED", at=now)
    services.answer_enquiry(enquiry=made, text="Because.", actor=ada, at=now, version=made.version)
    with pytest.raises(StaleVersion):
        services.answer_enquiry(
            enquiry=made, text="Why not.", actor=rikke, at=now, version=made.version
        )
    with pytest.raises(TransitionRefused):
        services.answer_enquiry(enquiry=made, text="Why not.", actor=rikke, at=now)
    assert made.messages.filter(said="answer").count() == 1


def test_a_complaint_is_the_complaints_officers(mette, ada, karen, now):
    made = enquiry(customer=mette, kind="complaint", at=now)
    with pytest.raises(ValidationError, match="cannot be given"):
        services.assign_enquiry(enquiry=made, assignee=ada, actor=ada, at=now)
    made = services.assign_enquiry(enquiry=made, assignee=karen, actor=ada, at=now)
    with pytest.raises(PermissionDenied):
        services.answer_enquiry(enquiry=made, text="So what.", root_cause="fee", actor=ada, at=now)
    with pytest.raises(TransitionRefused, match="root cause"):
        services.answer_enquiry(enquiry=made, text="We are sorry.", actor=karen, at=now)
    assert not made.messages.filter(said="answer").exists()
    done = services.answer_enquiry(
        enquiry=made, text="We are sorry.", root_cause="mistake", actor=karen, at=now + HOUR
    )
    assert done.state == "ANSWERED"
    cause = events.for_record(done).get(action="complaint_mistake")
    assert cause.payload["happened_at"] == made.created_at.isoformat()
    assert all((Enquiry._meta.label, f"complaint_{one}") in STEPS for one in RootCause.values)
    told = " ".join(str(one.payload) for one in events.for_record(done))
    assert "sorry" not in told
    assert "fee of my card" not in told


def test_the_gate_alone_answers_nothing(mette, ada, now):
    """The general way through the gate needs the words as well."""
    made = enquiry(customer=mette, state="ASSIGNED", at=now)
    with pytest.raises(TransitionRefused, match="answer is written"):
        lifecycle.perform(record=made, name="answer", actor=ada, at=now)
    again = enquiry(customer=mette, state="REOPENED", text="Again", at=now)
    again = services.assign_enquiry(enquiry=again, assignee=ada, actor=ada, at=now + HOUR)
    with pytest.raises(TransitionRefused, match="answer is written"):
        lifecycle.perform(record=again, name="answer", actor=ada, at=now + 2 * HOUR)


def test_after_thirty_days_it_is_a_new_enquiry(mette, ada, now, deliver_all):
    made = enquiry(customer=mette, state="ANSWERED", at=now)
    themself = actors.themself(customer_id=mette.pk)
    with pytest.raises(ValidationError, match="ask anew"):
        services.customer_writes(
            enquiry=made, text="And now?", actor=themself, at=now + timedelta(days=31)
        )
    later = now + timedelta(days=29)
    again = services.customer_writes(enquiry=made, text="And now?", actor=themself, at=later)
    assert again.state == "REOPENED"
    deliver_all(later)
    again.refresh_from_db()
    assert again.due_at > later
    other = customers.customer(stage=Stage.ACTIVE, at=now)
    with pytest.raises(PermissionDenied):
        services.customer_writes(
            enquiry=made, text="Mine?", actor=actors.themself(customer_id=other.pk), at=later
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": " \x00\n"}, {"text": ""}, {"text": "\x00 "}, {"subject": "x" * 121},
        {"text": "x" * 4001}, {"kind": "rant"}, {"priority": "now"}, {"channel": "pigeon"},
    ],
    ids=str,
)  # fmt: skip
def test_bad_words_are_refused(mette, now, fields):
    with pytest.raises(ValidationError):
        enquiry(customer=mette, at=now, **fields)


def test_the_same_twice_is_one_and_merged_goes_to_the_survivor(mette, system, now):
    first = enquiry(customer=mette, at=now)
    assert enquiry(customer=mette, at=now) == first
    twin = customers.customer(stage=Stage.ACTIVE, at=now)
    shared.merge_customers(survivor=mette, absorbed=twin, actor=system, at=now, reason="one person")
    assert enquiry(customer=twin, text="From the other record", at=now).customer_id == mette.pk


def test_an_erased_customer_asks_nothing(now):
    gone = customers.customer(stage=Stage.ACTIVE, at=now)
    gone.pk = "01a00000-0000-7000-8000-000000000000"
    with pytest.raises(ValidationError, match="erased"):
        enquiry(customer=gone, at=now)


def test_an_adviser_elsewhere_sees_nothing_until_given_it(mette, bo, karen, now):
    made = enquiry(customer=mette, at=now)
    assert not selectors.visible_enquiries(actor=bo).exists()
    services.assign_enquiry(enquiry=made, assignee=bo, actor=karen, at=now)
    assert selectors.visible_enquiries(actor=bo).get() == made


def test_the_pages_carry_an_enquiry_from_new_to_answered(client_for, ada, mette, now):
    client = client_for(ada)
    hostile = "<script>alert(1)</script>"
    answer = client.post(
        f"/engagement/customers/{mette.pk}/enquiry/",
        {"kind": "question", "channel": "phone", "priority": "high", "subject": hostile,
         "text": hostile},
    )  # fmt: skip
    made = Enquiry.objects.get()
    assert answer["Location"] == f"/engagement/enquiries/{made.pk}/"
    queue = client.get("/engagement/enquiries/?tab=unassigned").content.decode()
    assert hostile not in queue
    assert "&lt;script&gt;" in queue
    client.post("/engagement/enquiries/assign/", {"enquiry": [str(made.pk)], "assignee": "me"})
    made.refresh_from_db()
    assert (made.state, made.assignee) == ("ASSIGNED", ada)
    page = client.get(answer["Location"]).content.decode()
    assert "Send the answer" in page
    refused = client.post(
        f"{answer['Location']}answer/", {"answerform-text": " ", "answerform-version": made.version}
    )
    assert refused.status_code == 422
    client.post(
        f"{answer['Location']}answer/",
        {"answerform-text": "Like this.", "answerform-version": made.version},
    )
    made.refresh_from_db()
    assert made.state == "ANSWERED"
    for place in (f"/customers/{mette.pk}/", "/", answer["Location"]):
        assert client.get(place).status_code == 200


def test_the_api_answers_a_complaint_with_its_cause(client_for, karen, mette):
    client = client_for(karen)
    made = client.post(
        "/api/v1/enquiries/",
        {"customer": str(mette.pk), "kind": "complaint", "channel": "email",
         "subject": "A fee", "text": "Twice!"},
        content_type="application/json",
    ).json()  # fmt: skip
    place = f"/api/v1/enquiries/{made['id']}/"
    assert made["messages"][0]["text"] == "Twice!"
    for name, body, status in (
        ("assign", {}, 200), ("answer", {"text": "Sorry"}, 409),
        ("answer", {"text": "Sorry", "root_cause": "gremlins"}, 400),
        ("answer", {"text": "Sorry", "root_cause": "fee"}, 200),
    ):  # fmt: skip
        answer = client.post(
            f"{place}transitions/{name}/", body, content_type="application/json",
            headers={"If-Match": "*"},
        )  # fmt: skip
        assert answer.status_code == status, answer.content
    assert client.get(place).json()["root_cause"] == "fee"
    refused = client.patch(place, {"subject": "Other"}, content_type="application/json",
                           headers={"If-Match": "*"})  # fmt: skip
    assert refused.status_code == 400
