"""What My page shows and does: one's own, through the same services, and nothing else."""

import io
import json
import re
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client

from clm.core import actors, events, jobs, work
from clm.core.identity import sessions
from clm.core.models import AccessLog, Event, Job, Task
from customers import selectors, services
from customers.models import ConsentEntry, OtherBank, SignIn
from customers.privacy import pack
from customers.selectors import mypage
from offboarding import services as offboarding
from offboarding.models import Closure
from onboarding import services as onboarding
from tests.factories import customers as make
from tests.factories.onboarding import application

pytestmark = pytest.mark.django_db
PAGES = (
    "", "details/", "details/occupation/", "accounts/", "relations/", "consents/", "data/",
    "application/", "leaving/",
)  # fmt: skip
#: Words that would tell a customer what the bank thinks of them.
UNSAID = (
    "risk", "churn", "restrict", "screen", "hit", "suspic", "dormant", "due diligence", "kyc",
    "segment", "watchlist", "sanction", "lifetime", "review",
)  # fmt: skip
_TOKEN = re.compile(r'value="[a-z0-9]{64}"')


def words(answer):
    text = answer.content.decode().lower()
    return text.split("<main", 1)[1].split("</main", 1)[0]


def seen(visitor, page):
    """A page's words but for the token of its forms, which is new each time."""
    return [one for one in words(visitor.get(f"/my/{page}")).split() if not _TOKEN.match(one)]


@pytest.fixture
def watched(mette, bo_hald, ada, karen, now, system):
    """Mette with everything that is nobody's business but the bank's, and a connection to Bo."""
    services.set_restriction(customer=mette, code="suspicion", reason="alert", actor=karen, at=now)
    services.set_risk(customer=mette, level="high", review_on=None, actor=system, at=now)
    services.set_insight(
        customer_id=mette.pk, churn_probability=0.68, churn_band="high", at=now,
        churn_reasons=[{"label": "Salary moved away", "points": 27}],
    )  # fmt: skip
    make.holding(of=mette, balance=38412)
    for kind in ("spouse", "power_of_attorney"):
        services.add_relation(
            kind=kind, customer=mette, other=bo_hald, valid_from=now.date(), actor=karen, at=now
        )
    return mette


def test_no_page_shows_what_the_bank_thinks_of_somebody_or_who_others_are(
    visitor, watched, bo_hald
):
    visitor.sign_in()
    for page in PAGES:
        answer = visitor.get(f"/my/{page}")
        assert answer.status_code == 200, page
        said = words(answer)
        assert not [one for one in UNSAID if one in said], page
        assert "hald" not in said, page
        assert str(bo_hald.pk) not in said
        assert str(watched.pk) not in said, "no id of anybody"
    assert "you are a customer" in words(visitor.get("/my/")), "at risk is not for their eyes"


def test_a_restricted_customer_sees_what_everybody_sees(visitor, mette, karen, now):
    visitor.sign_in()
    before = {page: seen(visitor, page) for page in PAGES if page != "details/"}
    services.set_restriction(customer=mette, code="suspicion", reason="alert", actor=karen, at=now)
    assert {page: seen(visitor, page) for page in before} == before


def test_values_come_with_their_source_and_date(visitor, mette):
    visitor.sign_in()
    said = words(visitor.get("/my/details/"))
    assert "nurse" in said
    assert "mette@example.dk" in said
    assert "test, 5 march 2026" in said
    assert "120384-••••" in said
    assert "1203841234" not in said


def test_a_wrong_value_becomes_a_task_for_the_adviser(visitor, mette, ada):
    visitor.sign_in()
    assert visitor.post("/my/details/occupation/", says=" ").status_code == 422
    assert visitor.post("/my/details/risk_level/", says="Low please").status_code == 404
    answer = visitor.post("/my/details/occupation/", says="I am a midwife")
    assert answer["Location"] == "/my/details/#asked"
    task = Task.objects.get(record_id=mette.pk)
    assert task.assignee == ada
    assert "midwife" not in task.title
    event = Event.objects.get(action="ask_correction")
    assert (event.record_id, event.actor.username) == (mette.pk, "customer")
    assert event.detail == {"reason": "I am a midwife"}
    assert "midwife" not in json.dumps(event.payload)
    assert visitor.post("/my/details/occupation/", says="Again").status_code == 422
    assert Task.objects.count() == 1
    work.finish_task(task=task, actor=ada, at=task.created_at)
    assert "looked at on" in words(visitor.get("/my/details/"))


def test_the_adviser_reads_it_on_the_timeline(visitor, mette, ada, client_for):
    visitor.sign_in()
    visitor.post("/my/details/occupation/", says="I am a midwife")
    page = client_for(ada).get(f"/customers/{mette.pk}/").content.decode()
    assert "Asks for a correction: occupation" in page
    assert "I am a midwife" in page
    assert "The customer" in page


def test_consents_go_through_the_ledger(visitor, mette):
    visitor.sign_in()
    said = words(visitor.get("/my/consents/"))
    assert "the bank may contact me about its own products" in said
    yes = {"purpose": "marketing", "channel": "email", "answer": "yes"}
    stale = visitor.post("/my/consents/", **yes, wording="marketing-0")
    assert stale.status_code == 409
    assert "wording has changed" in words(stale)
    visitor.post("/my/consents/", **yes, wording="marketing-1")
    entry = ConsentEntry.objects.get()
    assert (entry.customer, entry.decision, entry.source) == (mette, "given", "my-page")
    assert (entry.wording_version, entry.language) == ("marketing-1", "en")
    assert actors.is_customer(entry.recorded_by)
    asked = {"customer": mette, "purpose": "marketing", "channel": "email"}
    assert selectors.may_contact(**asked, at=entry.at).allowed
    visitor.post("/my/consents/", purpose="marketing", channel="email", answer="no")
    last = ConsentEntry.objects.latest("at")
    assert last.decision == "withdrawn"
    assert not selectors.may_contact(**asked, at=last.at).allowed
    visitor.post("/my/consents/", purpose="marketing", channel="post", answer="no")
    assert ConsentEntry.objects.latest("at").decision == "objected"
    assert [one.payload["decision"] for one in events.for_record(mette)[:3]] == [
        "objected", "withdrawn", "given",
    ]  # fmt: skip
    for wrong in (("service", "any"), ("marketing", "any"), ("profiling", "email"), ("x", "y")):
        answer = visitor.post("/my/consents/", purpose=wrong[0], channel=wrong[1], answer="yes")
        assert answer.status_code == 404, wrong
    assert ConsentEntry.objects.count() == 3


def test_what_was_said_of_one_channel_is_ended_by_one_no(visitor, mette, ada, now):
    services.record_consent(
        customer=mette, purpose="survey", channel="sms", decision="given", source="adviser",
        wording_version="survey-1", actor=ada, at=now,
    )  # fmt: skip
    visitor.sign_in()
    assert "you said yes on 5 march 2026" in words(visitor.get("/my/consents/"))
    visitor.post("/my/consents/", purpose="survey", channel="any", answer="no")
    at = ConsentEntry.objects.latest("at").at
    assert not selectors.may_contact(customer=mette, purpose="survey", channel="sms", at=at).allowed


def test_reading_at_another_bank_is_ended_by_its_customer_alone(
    visitor, mette, bo_hald, ada, bo, now
):
    bank = OtherBank.objects.create(
        code="sundbank", name="Sundbank", address="https://x.example", created_at=now,
        updated_at=now,
    )  # fmt: skip
    mine = services.ask_account_consent(customer=mette, bank=bank, actor=ada, at=now)
    theirs = services.ask_account_consent(customer=bo_hald, bank=bank, actor=bo, at=now)
    visitor.sign_in()
    assert "sundbank" in words(visitor.get("/my/consents/"))
    assert visitor.post("/my/consents/stop/", consent=str(theirs.pk)).status_code == 404
    assert visitor.post("/my/consents/stop/", consent="x").status_code == 404
    assert visitor.post("/my/consents/stop/", consent=str(mine.pk)).status_code == 302
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, mine.ended_by, theirs.state) == ("REVOKED", "customer", "RECEIVED")
    told = events.for_record(mine).count()
    assert visitor.post("/my/consents/stop/", consent=str(mine.pk)).status_code == 302
    assert events.for_record(mine).count() == told, "ended it was already"


def test_the_pack_is_ordered_made_and_fetched_by_its_customer_alone(
    visitor, another, watched, bo_hald, now
):
    visitor.sign_in()
    assert visitor.get("/my/data/file/").status_code == 404
    visitor.post("/my/data/")
    visitor.post("/my/data/")
    job = Job.objects.get()
    assert "being made" in words(visitor.get("/my/data/"))
    done = jobs.run(job=job, at=now)
    assert done.state == "DONE", done.message
    answer = visitor.get("/my/data/file/")
    assert answer["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        data = json.loads(packed.read("data.json"))
    held = {one["model"]: one["records"] for one in data["held"]}
    assert {"customers.Customer", "customers.Holding", "customers.SignIn"} <= set(held)
    assert not [name for name in held if name.startswith(("kyc.", "analytics.", "retention."))]
    said = json.dumps(data, ensure_ascii=False).lower()
    assert not [one for one in ("risk", "churn", "salary moved", "suspicion") if one in said]
    export = AccessLog.objects.filter(kind="export", route="my:file").get()
    assert export.record_ids == [str(watched.pk)]
    other = another()
    other.sign_in("Bo")
    assert other.get("/my/data/file/").status_code == 404
    someone = actors.themself(customer_id=bo_hald.pk)
    with pytest.raises(PermissionDenied):
        jobs.open_result(job=done, actor=someone)
    with pytest.raises(PermissionDenied):
        services.start_subject_access(customer=watched, actor=someone, at=now)


def test_an_officers_notes_are_not_in_ones_own_pack(mette, ola, now):
    made = application(customer=mette, at=now)
    task = made.tasks.create(key="papers", kind="check", position=99, required=True,
                             created_at=now, updated_at=now)  # fmt: skip
    onboarding.complete_check(task=task, note="Looks like structuring", actor=ola, at=now)
    full, own = (json.dumps(pack.collect(customer=mette, own=one), default=str)
                 for one in (False, True))  # fmt: skip
    assert "Looks like structuring" in full
    assert "Looks like structuring" not in own
    assert "Salary account" in own, "what was applied for is"


def test_the_full_pack_is_still_an_advisers(watched, ada, now):
    models = {one["model"] for one in pack.collect(customer=watched)}
    assert "customers.CustomerInsight" in models
    own = {one["model"] for one in pack.collect(customer=watched, own=True)}
    assert "customers.CustomerInsight" not in own
    assert own < models


def test_leaving_goes_through_the_gate_and_can_be_taken_back(visitor, mette, deliver_all):
    visitor.sign_in()
    assert visitor.post("/my/leaving/", exit_reason="bank").status_code == 422
    assert visitor.post("/my/leaving/", exit_reason="price").status_code == 302
    closure = Closure.objects.get()
    assert (closure.customer, closure.ground, closure.exit_reason) == (mette, "customer", "price")
    assert actors.is_customer(events.for_record(closure).get().actor)
    assert visitor.post("/my/leaving/", exit_reason="price").status_code == 422, "once"
    deliver_all(closure.requested_at)
    assert "we are ending your time" in words(visitor.get("/my/leaving/"))
    assert "we are working on it" in words(visitor.get("/my/"))
    assert visitor.post("/my/leaving/", stay="1").status_code == 302
    closure.refresh_from_db()
    assert closure.state == "CANCELLED"
    deliver_all(closure.updated_at)
    assert "you are a customer" in words(visitor.get("/my/"))


def test_what_the_bank_ends_is_not_seen_here(visitor, mette, ada, now, deliver_all):
    """A termination may stand for a suspicion: until the bank says so, nothing tells of it."""
    deliver_all(now)
    visitor.sign_in()
    before = {page: seen(visitor, page) for page in PAGES if page != "details/"}
    closure = offboarding.request_closure(
        customer=mette, ground="bank", note="Suspicion of structuring", exit_reason="bank",
        actor=ada, at=now,
    )  # fmt: skip
    deliver_all(now)
    mette.refresh_from_db()
    assert mette.stage == "OFFBOARDING"
    assert {page: seen(visitor, page) for page in before} == before
    visitor.post("/my/leaving/", stay="1")
    held = {one["model"] for one in pack.collect(customer=mette, own=True)}
    assert "offboarding.Closure" not in held
    assert "offboarding.Closure" in {one["model"] for one in pack.collect(customer=mette)}
    # Whoever asks to leave then is answered as everybody is.
    answer = visitor.post("/my/leaving/", exit_reason="price", exit_comment="Dear", new_bank="Sund")
    assert (answer.status_code, answer["Location"]) == (302, "/my/leaving/")
    said = words(visitor.get("/my/leaving/"))
    assert "we are ending your time" in said
    assert "5 march 2026" not in said, "when the bank began"
    assert visitor.post("/my/leaving/", exit_reason="price").status_code == 422, "once"
    closure.refresh_from_db()
    assert (closure.ground, closure.exit_reason, closure.state) == ("bank", "bank", "CHECKING")
    asked = Event.objects.get(record_id=closure.pk, action="ask_to_leave")
    assert asked.detail == {"exit_reason": "price", "new_bank": "Sund", "reason": "Dear"}
    assert Task.objects.get(record_id=closure.pk).assignee == ada
    visitor.post("/my/leaving/", stay="1")
    closure.refresh_from_db()
    assert closure.state == "CHECKING", "and what the bank ends is not taken back here"


def test_an_application_says_what_is_missing_and_not_who_looks_at_it(
    visitor, another, ada, aarhus, now
):
    applicant = make.customer(
        stage="PROSPECT", adviser=ada, branch=aarhus, language="en",
        identifiers=[("cpr", "0101701111")],
    )  # fmt: skip
    application(customer=applicant, at=now, answered=False)
    other = another()
    other.sign_in("Bo")
    said = words(other.get("/my/application/"))
    assert "not sent in yet" in said
    assert "this is missing" in said


def test_a_low_level_looks_and_changes_nothing(visitor, mette):
    visitor.sign_in(level="low")
    assert visitor.get("/my/details/").status_code == 200
    for path, data in (
        ("/my/consents/", {"purpose": "marketing", "channel": "email", "answer": "yes"}),
        ("/my/details/occupation/", {"says": "Midwife"}),
        ("/my/data/", {}),
        ("/my/leaving/", {"exit_reason": "price"}),
    ):
        answer = visitor.post(path, **data)
        assert answer.status_code == 403, path
        assert "Sign in more securely" in answer.content.decode()
    assert not ConsentEntry.objects.exists()
    assert not Task.objects.exists()
    assert not Job.objects.exists()
    assert not Closure.objects.exists()
    assert visitor.post("/my/logout/").status_code == 302, "anybody may leave"


def test_forms_of_other_sites_change_nothing(visitor, mette):
    visitor.sign_in()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[sessions.COOKIE] = visitor.browser.cookies[sessions.COOKIE].value
    data = {"purpose": "marketing", "channel": "email", "answer": "yes"}
    refused = strict.post("/my/consents/", data)
    assert refused.status_code == 403
    assert leads(refused) == {"/my/"}
    assert not ConsentEntry.objects.exists()


def leads(answer):
    """Where a page leads, forms and links, but for what it is drawn with."""
    text = answer.content.decode().split("<body", 1)[1]
    return {one for one in re.findall(r'(?:href|name="next" value)="(/[^"]*)"', text)
            if not one.startswith("/static/")}  # fmt: skip


def test_what_goes_wrong_here_leads_back_here(visitor, mette, monkeypatch):
    """And never to the pages of the staff, of whom it does not speak."""
    missing = visitor.get("/my/nowhere/")
    assert (missing.status_code, leads(missing)) == (404, {"/my/"})
    visitor.sign_in()

    def fail(wrong):
        def get(*args, **kwargs):
            raise wrong

        monkeypatch.setattr("customers.web.mypage.pages.HomeView.get", get)
        return visitor.get("/my/")

    visitor.browser.raise_request_exception = False
    for wrong, status in (
        (Http404(), 404), (PermissionDenied(), 403), (SuspiciousOperation(), 400),
        (RuntimeError(), 500),
    ):  # fmt: skip
        answer = fail(wrong)
        assert answer.status_code == status
        assert leads(answer) == {"/my/"}, status
        assert "Back to My page" in answer.content.decode()
        assert not [one for one in ("reach", "role", "administrator") if one in words(answer)]
    assert leads(Client().get("/nowhere/")) == {"/", "/nowhere/"}, "elsewhere as ever"


def test_ids_that_are_sent_along_change_nobody_elses(visitor, mette, bo_hald):
    visitor.sign_in()
    sent = {"customer": str(bo_hald.pk), "customer_id": str(bo_hald.pk), "pk": str(bo_hald.pk)}
    visitor.post(
        "/my/consents/",
        purpose="profiling",
        channel="any",
        answer="yes",
        wording="profiling-1",
        **sent,
    )
    visitor.post("/my/leaving/", exit_reason="price", **sent)
    assert ConsentEntry.objects.get().customer == mette
    assert Closure.objects.get().customer == mette
    assert "hald" not in words(visitor.get("/my/", **sent))


def test_the_actor_for_a_customer_reaches_that_one_and_may_little(mette, bo_hald):
    me = actors.themself(customer_id=mette.pk)
    assert list(selectors.visible_customers(actor=me)) == [mette]
    assert not selectors.visible_holdings(actor=me).exists()
    again = type(me).objects.get(pk=me.pk)
    assert not selectors.visible_customers(actor=again).exists(), "not bound, so nobody's"
    for permission in ("customers.view_customer", "customers.change_customer", "kyc.view_case"):
        assert not actors.may(actor=me, permission=permission)
    assert not me.has_usable_password()


def test_erasure_leaves_the_visit_without_its_broker_name(visitor, mette):
    visitor.sign_in()
    from customers.services.erasure import blank_registered

    blank_registered(customer=mette)
    assert SignIn.objects.get().transaction_id == ""


def test_corrections_are_only_ones_own(mette, bo_hald, now):
    me = actors.themself(customer_id=mette.pk)
    services.mypage.ask_correction(customer=mette, field="other", says="No dog", actor=me, at=now)
    assert mypage.corrections(customer=bo_hald) == []
    with pytest.raises(PermissionDenied):
        services.mypage.ask_correction(
            customer=mette, field="name", says="Other", actor=mette.adviser, at=now
        )
