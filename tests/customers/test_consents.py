"""Consents: wordings as versions, what may be recorded, and the one answer to "may we contact?"."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clm.core import audit, lifecycle
from clm.core.lifecycle import TransitionRefused
from customers import selectors, services
from customers.consent.law import STRICT, channel_rule
from customers.lifecycle import Stage
from customers.models import ConsentEntry, ConsentWording, Decision, Purpose
from customers.services.robinson import write_listing
from tests.factories import customers as make
from tests.owner import as_owner

ROOT = Path(__file__).resolve().parent.parent.parent


def answer(customer, at, purpose="marketing", channel="email"):
    return selectors.may_contact(customer=customer, purpose=purpose, channel=channel, at=at)


def codes(customer, at, purpose="marketing", channel="email"):
    return [one.code for one in answer(customer, at, purpose, channel).reasons]


def record(customer, actor, at, decision, *, purpose="marketing", channel="any", wording=None):
    return services.record_consent(
        customer=customer, purpose=purpose, channel=channel, decision=decision, source="branch",
        wording_version=wording if wording is not None else f"{purpose}-1", actor=actor, at=at,
    )  # fmt: skip


def listed(decision, at, actor, *customers):
    write_listing(
        customer_ids=[one.pk for one in customers], decision=Decision(decision), source="list",
        actor=actor, at=at,
    )  # fmt: skip


@pytest.fixture
def customer(db):
    return make.customer(stage=Stage.ACTIVE, emails=["x@example.dk"], phones=["+4520304050"])


@pytest.fixture
def next_wording(admin_, karen, now):
    """Version 2 of the marketing wording, in force an hour after `now`."""
    drafted = services.draft_wording(
        purpose="marketing", text_da="Ja, gerne", text_en="Yes, please", note="shorter",
        actor=admin_, at=now,
    )  # fmt: skip
    lifecycle.perform(record=drafted, name="propose", actor=admin_, at=now)
    at = now + timedelta(hours=1)
    return lifecycle.perform(record=drafted, name="approve", actor=karen, at=at)


# Wordings --------------------------------------------------------------------------------------


def test_every_purpose_has_a_shipped_wording_in_both_languages(db, now):
    usable = {one.purpose: one for one in selectors.wordings_in_force(at=now)}
    assert set(usable) == {"service", "marketing", "profiling", "survey", "open_banking", "sharing"}
    assert all(one.text_da and one.text_en != one.text_da for one in usable.values())
    assert services.load_wordings(at=now) == []


def test_a_new_wording_needs_a_second_person_and_ends_the_one_before(next_wording, admin_, now):
    later = now + timedelta(hours=1)
    first, second = ConsentWording.objects.filter(purpose="marketing").order_by("number")
    assert (first.state, first.in_force_until) == ("RETIRED", later)
    assert (second.state, second.in_force_from, second.in_force_until) == ("IN_FORCE", later, None)
    draft = services.draft_wording(
        purpose="marketing", text_da="a", text_en="b", note="c", actor=admin_, at=later
    )
    draft = lifecycle.perform(record=draft, name="propose", actor=admin_, at=later)
    with pytest.raises((TransitionRefused, PermissionDenied)):
        lifecycle.perform(record=draft, name="approve", actor=admin_, at=later)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_consentwording SET text_da = 'x' WHERE code = 'marketing-1'",
        "UPDATE customers_consentwording SET in_force_from = now() WHERE code = 'survey-1'",
        "UPDATE customers_consentwording SET in_force_until = now() WHERE code = 'marketing-1'",
        "DELETE FROM customers_consentwording WHERE code = 'survey-1'",
        "UPDATE customers_consentwording SET origin = 'own' WHERE code = 'survey-1'",
    ],
)
def test_the_database_keeps_a_wording_that_was_in_force(next_wording, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_takes_no_wording_of_the_banks_own_past_the_second_person(db, now):
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsentWording.objects.create(
            purpose="survey", number=9, code="survey-9", text_da="a", text_en="b",
            state="RETIRED", in_force_from=now, in_force_until=now, created_at=now, updated_at=now,
        )  # fmt: skip


def test_a_consent_names_a_wording_that_is_in_force_at_that_instant(
    customer, next_wording, ada, now
):
    later = now + timedelta(hours=2)
    old = record(customer, ada, now, "given")
    for wording in ("", "marketing-1", "marketing-9", "survey-1"):
        with pytest.raises(ValidationError, match="marketing-2"):
            record(customer, ada, later, "given", wording=wording)
    with pytest.raises(ValidationError, match="marketing-1"):
        record(customer, ada, now, "given", wording="marketing-2")
    new = record(customer, ada, later, "given", wording="marketing-2")
    old.refresh_from_db()
    assert old.wording
    assert new.wording
    assert (old.wording.text_en[:12], new.wording.text_en) == ("Yes, the ban", "Yes, please")
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsentEntry.objects.create(
            customer=customer, purpose="survey", channel="any", decision="given", source="x",
            at=now, recorded_by=ada,
        )  # fmt: skip


def test_a_wording_from_before_the_platform_is_taken_over_once(admin_, ola, now):
    given = {
        "purpose": "marketing", "code": "2019-A", "text_da": "Ja", "text_en": "Yes",
        "in_force_from": now - timedelta(days=900), "in_force_until": now - timedelta(days=300),
        "actor": admin_, "at": now,
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        services.take_over_wording(**{**given, "actor": ola})
    one = services.take_over_wording(**given)
    assert services.take_over_wording(**given) == one
    usable = selectors.wordings_in_force(at=now - timedelta(days=500)).filter(purpose="marketing")
    assert one in usable
    with pytest.raises(ValidationError):
        services.take_over_wording(**{**given, "text_da": "Nej"})


# May we contact? -------------------------------------------------------------------------------


def test_every_reason_is_given_with_its_article(customer, ada, now):
    gone = make.customer(stage=Stage.ACTIVE)
    record(gone, ada, now, "objected")
    assert codes(gone, now) == ["no-email", "objected"]
    assert "GDPR art. 21" in answer(gone, now).reason
    assert "markedsføringsloven § 10, stk. 1" in answer(customer, now).reason
    assert "forbrugeraftaleloven § 4" in answer(customer, now, channel="phone").reason
    with translation.override("da"):
        assert "Der er ikke givet samtykke" in answer(customer, now).reason


def test_an_objection_ends_personal_offers_too_until_a_new_consent_to_them(customer, ada, now):
    record(customer, ada, now, "given", purpose="profiling")
    record(customer, ada, now, "given")
    assert answer(customer, now, "profiling").allowed
    later, last = now + timedelta(hours=1), now + timedelta(hours=2)
    record(customer, ada, later, "objected")
    assert codes(customer, later) == codes(customer, later, "profiling") == ["objected"]
    record(customer, ada, last, "given")
    assert answer(customer, last).allowed
    assert not answer(customer, last, "profiling").allowed
    record(customer, ada, last, "given", purpose="profiling")
    assert answer(customer, last, "profiling").allowed
    assert [one.purpose for one in selectors.consents_in_force(customer=customer, at=last)] == [
        "profiling", "marketing",
    ]  # fmt: skip


def test_of_a_yes_and_a_no_at_one_instant_the_no_holds(customer, ada, now):
    record(customer, ada, now, "given")
    record(customer, ada, now, "objected")
    assert codes(customer, now) == ["objected"]


def test_a_consent_to_all_channels_lifts_what_was_withdrawn_of_one(customer, ada, now):
    for hours, decision, channel in ((0, "given", "any"), (1, "withdrawn", "email")):
        record(customer, ada, now + timedelta(hours=hours), decision, channel=channel)
    assert not answer(customer, now + timedelta(hours=1)).allowed
    assert answer(customer, now + timedelta(hours=1), channel="sms").allowed
    record(customer, ada, now + timedelta(hours=2), "given")
    assert answer(customer, now + timedelta(hours=2)).allowed


def test_the_robinson_list_closes_letters_and_not_what_was_asked_for(customer, ada, now):
    firm = make.customer(stage=Stage.ACTIVE, kind="organisation")
    listed("robinson", now, ada, customer, firm)
    assert codes(customer, now, channel="post") == ["robinson"]
    assert codes(customer, now, channel="phone") == ["not-given", "robinson"]
    # The list holds natural persons only, and says nothing of a meeting.
    assert answer(firm, now, channel="post").allowed
    assert answer(customer, now, channel="meeting").allowed
    record(customer, ada, now - timedelta(days=1), "given", channel="post")
    assert answer(customer, now, channel="post").allowed


def test_who_is_on_the_robinson_list_says_the_list_alone(client_for, customer, ada, karen, now):
    listed("robinson", now, karen, customer)
    own = make.customer(stage=Stage.ACTIVE, adviser=ada, branch=ada.branch)
    for decision in ("robinson", "unlisted", "thought"):
        with pytest.raises(ValidationError, match="Only what a customer says"):
            record(customer, ada, now, decision)
        client_for(ada).post(
            f"/customers/{own.pk}/consents/",
            {"decision": decision, "purpose": "marketing", "channel": "any"},
        )
        answer = client_for(ada).post(
            f"/api/v1/customers/{own.pk}/consents/",
            {"purpose": "marketing", "channel": "any", "decision": decision, "source": "x"},
            content_type="application/json",
        )
        assert answer.status_code == 400, answer.content
    assert not own.consents.exists()
    assert codes(customer, now, channel="post") == ["robinson"]


# What customers are asked themselves -----------------------------------------------------------


def own(customer, at, purpose):
    return {
        str(one.channel): one
        for one in selectors.own_answers(customer=customer, purposes=[purpose], at=at)
    }


def test_a_consent_that_stands_for_other_channels_is_a_yes_to_its_customer(customer, ada, now):
    """What ends it for one channel, or an objection to letters, is not a no to the whole."""
    later = now + timedelta(hours=1)
    for purpose in (Purpose.PROFILING, Purpose.SURVEY):
        record(customer, ada, now, "given", purpose=purpose)
    record(customer, ada, later, "objected", channel="post")
    record(customer, ada, later, "withdrawn", purpose="survey", channel="sms")
    for purpose in (Purpose.PROFILING, Purpose.SURVEY):
        (one,) = own(customer, later, purpose).values()
        assert (one.channel, one.yes, one.said_at, one.no) == ("any", True, now, "withdrawn")
        assert answer(customer, later, purpose, "email").allowed == one.yes
    last = later + timedelta(hours=1)
    record(customer, ada, last, "withdrawn", purpose="survey")
    record(customer, ada, last, "objected")
    for purpose in (Purpose.PROFILING, Purpose.SURVEY):
        (one,) = own(customer, last, purpose).values()
        assert (one.yes, one.said_at) == (False, last)


def test_letters_are_a_yes_until_a_no_or_the_robinson_list(customer, ada, now, settings):
    asked = own(customer, now, Purpose.MARKETING)
    assert list(asked) == ["email", "sms", "phone", "push", "post"]
    assert {name for name, one in asked.items() if one.yes} == {"post"}
    assert (asked["post"].said_at, asked["post"].no) == (None, "objected")
    assert asked["email"].no == "withdrawn"
    settings.CLM_COUNTRY = "XX"
    strict = own(customer, now, Purpose.MARKETING)["post"]
    assert (strict.yes, strict.no) == (False, "withdrawn"), "where the law is not known"
    settings.CLM_COUNTRY = "DK"
    listed("robinson", now, ada, customer)
    asked = own(customer, now, Purpose.MARKETING)
    assert (asked["post"].yes, asked["post"].listed, asked["email"].listed) == (False, True, False)
    later = now + timedelta(hours=1)
    record(customer, ada, later, "given", channel="post")
    asked = own(customer, later, Purpose.MARKETING)
    assert (asked["post"].yes, asked["post"].listed) == (True, False)
    record(customer, ada, later + timedelta(hours=1), "objected")
    asked = own(customer, later + timedelta(hours=1), Purpose.MARKETING)
    assert not any(one.yes for one in asked.values())


def test_many_are_answered_in_two_statements(customer, ada, now):
    others = [make.customer(stage=Stage.ACTIVE) for _one in range(3)]
    record(customer, ada, now, "given")
    with CaptureQueriesContext(connection) as captured:
        found = selectors.may_contact_many(
            customers=[customer, *others], purpose="marketing", channel="email", at=now
        )
    assert len(captured) == 2
    assert [found[one.pk].allowed for one in (customer, *others)] == [True, False, False, False]


def test_what_the_law_asks_is_data_with_a_day(now):
    held = {"country": "DK", "channel": "email"}
    assert channel_rule(**held, on=now.date()).source == "markedsføringsloven § 10, stk. 1"
    assert channel_rule(**held, on=now.date().replace(year=2010)) == STRICT
    assert channel_rule(country="XX", channel="post", on=now.date()).needs_consent


def test_nobody_else_reads_the_ledger_to_decide():
    """Every app asks `may_contact`; only these know the ledger's rows."""
    allowed = {
        "customers/admin.py", "customers/api/consents.py", "customers/registrations.py",
        "customers/selectors/contact.py", "customers/selectors/consents.py",
        "customers/services/consents.py", "customers/services/robinson.py",
        "customers/web/panels.py", "clm/demobank/golive.py",
        # What leads agreed to is theirs until they are customers; the same function judges it.
        "acquisition/selectors/contact.py", "acquisition/services/conversion.py",
    }  # fmt: skip
    apps = ("clm", "customers", "acquisition", "onboarding", "engagement", "retention",
            "offboarding", "kyc", "journeys", "analytics")  # fmt: skip
    found = set()
    for path in (path for app in apps for path in (ROOT / app).rglob("*.py")):
        place = str(path.relative_to(ROOT))
        if "/migrations/" in place or "/models/" in place:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "attr", None) or getattr(node, "id", None)
            if name == "ConsentEntry" or (isinstance(node, ast.Attribute) and name == "consents"
                                          and place.split("/")[0] != "customers"):  # fmt: skip
                found.add(place)
    assert found <= allowed


# Pages and API ---------------------------------------------------------------------------------


def test_giving_and_taking_back_on_the_page(client_for, customer, karen, ada, now):
    make_own = make.customer(stage=Stage.ACTIVE, adviser=ada, branch=ada.branch)
    client = client_for(ada)
    url = f"/customers/{make_own.pk}/consents/"
    client.post(url, {"decision": "given", "wording": "marketing:marketing-1", "channel": "post",
                      "language": "en"})  # fmt: skip
    entry = make_own.consents.get()
    assert (entry.purpose, entry.language, entry.wording_version) == (
        "marketing", "en", "marketing-1",
    )  # fmt: skip
    page = client.get(f"/customers/{make_own.pk}/?tab=consents").content.decode()
    assert 'name="decision" value="withdrawn"' in page
    client.post(url, {"decision": "withdrawn", "purpose": "marketing", "channel": "post"})
    assert make_own.consents.count() == 2
    page = client.get(f"/customers/{make_own.pk}/?tab=consents").content.decode()
    assert 'name="decision" value="withdrawn"' not in page


def test_the_page_of_wordings_drafts_and_shows_history(client_for, next_wording, admin_, ada):
    page = client_for(admin_).get("/customers/wordings/?purpose=survey").content.decode()
    assert "marketing-2" in page
    assert "marketing-1" in page
    assert "1 earlier version" in page
    sent = {"purpose": "survey", "text_da": "Spørg", "text_en": "Ask", "note": "why"}
    client_for(admin_).post("/customers/wordings/", sent)
    assert ConsentWording.objects.get(code="survey-2").state == "DRAFT"
    assert client_for(ada).post("/customers/wordings/", sent).status_code == 403


def test_the_api_answers_may_contact_with_reasons(client_for, customer, karen):
    url = f"/api/v1/customers/{customer.pk}/may-contact/"
    found = client_for(karen).get(f"{url}?purpose=marketing&channel=email").json()["results"]
    assert [(one["allowed"], one["reasons"][0]["code"]) for one in found] == [(False, "not-given")]
    assert len(client_for(karen).get(url).json()["results"]) == 36
    assert client_for(karen).get(f"{url}?purpose=nothing").status_code == 400


# Proof -----------------------------------------------------------------------------------------


def test_a_proof_shows_the_words_what_ended_it_and_its_seal(customer, ada, now):
    entry = record(customer, ada, now, "given")
    fresh = selectors.proof(entry=entry, at=now)
    assert fresh.in_force
    assert fresh.text.startswith("Ja tak, banken må kontakte mig")
    assert fresh.evidence is not None
    assert (fresh.evidence.whole, fresh.evidence.seal) == (True, None)
    later = now + timedelta(hours=1)
    no_mail = record(customer, ada, later, "withdrawn", channel="email")
    last = now + timedelta(hours=2)
    no = record(customer, ada, last, "objected")
    assert selectors.proof(entry=entry, at=later).in_force
    found = selectors.proof(entry=entry, at=last)
    assert (found.ended_by, found.narrowed_by) == (no, (no_mail,))
    assert found.evidence is not None
    assert found.evidence.event.payload["consent_id"] == str(entry.pk)


def test_a_proof_keeps_its_evidence_when_the_record_is_merged_on_and_on(ola, ada, now):
    first, second, third = (
        make.customer(stage=Stage.ACTIVE, adviser=ada, given_names=name) for name in "ABC"
    )
    entry = record(first, ada, now, "given")
    for goes, stays in ((first, second), (second, third)):
        services.merge_customers(survivor=stays, absorbed=goes, actor=ola, at=now, reason="One")
    entry.refresh_from_db()
    assert entry.customer_id == third.pk
    found = selectors.proof(entry=entry, at=now).evidence
    assert found is not None
    assert found.event.record_id == first.pk


@pytest.mark.django_db(transaction=True)
def test_a_sealed_proof_is_checked_and_a_bent_chain_is_told(ada, now):
    customer = make.customer(stage=Stage.ACTIVE)
    entry = record(customer, ada, now, "given")
    seal = audit.seal(at=now)
    found = selectors.proof(entry=entry, at=now).evidence
    assert seal is not None
    assert found is not None
    assert (found.whole, found.seal, found.signed) == (True, seal.number, True)
    as_owner(
        f"UPDATE core_event SET payload = payload || '{{\"wording\": \"x\"}}' WHERE id = '{found.event.pk}'"
    )
    bent = selectors.proof(entry=entry, at=now).evidence
    assert bent is not None
    assert (bent.whole, bent.signed) == (False, False)


def test_the_proof_on_the_page_and_by_the_api(client_for, ada, bo, now):
    own = make.customer(stage=Stage.ACTIVE, adviser=ada, branch=ada.branch)
    entry = record(own, ada, now, "given")
    client = client_for(ada)
    page = client.get(f"/customers/{own.pk}/consents/{entry.pk}/").content.decode()
    for text in ("Ja tak, banken må kontakte mig", "marketing-1", "Recomputed and whole"):
        assert text in page
    assert f"/consents/{entry.pk}/" in client.get(
        f"/customers/{own.pk}/?tab=consents"
    ).content.decode()  # fmt: skip
    found = client.get(f"/api/v1/customers/{own.pk}/consents/{entry.pk}/proof/").json()
    assert found["text"].startswith("Ja tak")
    assert (found["in_force"], found["ended_by"], found["evidence"]["chain_whole"]) == (
        True, None, True,
    )  # fmt: skip
    assert found["wording"]["code"] == "marketing-1"
    other = make.customer(stage=Stage.ACTIVE, adviser=ada, branch=ada.branch)
    assert client.get(f"/customers/{other.pk}/consents/{entry.pk}/").status_code == 404
    assert client_for(bo).get(f"/customers/{own.pk}/consents/{entry.pk}/").status_code == 404


def test_an_offer_by_a_channel_is_made_only_where_the_customer_may_be_contacted(customer, ada, now):
    offer = {"customer": customer, "kind": "fee", "text": "No fee", "given_by": ada, "at": now}
    with pytest.raises(ValidationError, match="No consent has been given"):
        services.make_offer(**offer, channel="email")
    assert services.make_offer(**offer).state == "OFFERED"
    record(customer, ada, now, "given")
    assert services.make_offer(**offer, channel="email").state == "OFFERED"
