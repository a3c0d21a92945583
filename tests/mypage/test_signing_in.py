"""Signing in by e-identification over real HTTP: the good way, and every forged one."""

import base64
import hmac
import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from clm.core import lifecycle, signing_in
from clm.core.identity import provider as talk
from clm.core.identity import sessions
from clm.core.models import AccessLog
from customers import services
from customers.models import Customer, Identifier, SignIn
from customers.services.stages import retention_end
from tests.factories import customers as make
from tests.mypage.conftest import NUMBERS

pytestmark = pytest.mark.django_db


def test_who_shows_who_they_are_sees_their_own_page(visitor, mette, ada):
    answer = visitor.sign_in()
    assert (answer.status_code, answer["Location"]) == (302, "/my/")
    page = visitor.get("/my/")
    assert page.status_code == 200
    assert "Mette Sørensen" in page.content.decode()
    assert str(ada) in page.content.decode()
    row = SignIn.objects.get()
    assert (row.customer, row.outcome, row.assurance) == (mette, "in", "substantial")
    assert len(row.transaction_id) == 24
    seen = AccessLog.objects.filter(record_ids=[str(mette.pk)])
    assert {one.route for one in seen} == {"my:signed_in", "my:home"}
    assert {one.reason for one in seen} == {f"e-ID substantial, {row.transaction_id}"}
    assert {one.actor.username for one in seen} == {"customer"}


def test_a_row_of_a_sign_in_never_changes(visitor, mette):
    visitor.sign_in()
    for change in ({"assurance": "high"}, {"transaction_id": "x"}, {"customer": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            SignIn.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        SignIn.objects.all().delete()
    SignIn.objects.update(transaction_id="")  # what erasure does


def test_the_attempt_is_protected_by_state_nonce_and_pkce(visitor):
    asked = parse_qs(urlsplit(visitor.start()).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["prompt"] == ["login"]
    lengths = [len(asked[name][0]) for name in ("state", "nonce", "code_challenge")]
    assert min(lengths) >= 43
    again = parse_qs(urlsplit(visitor.start()).query)
    assert asked["state"] != again["state"]


def test_an_answer_counts_once_and_in_the_browser_that_asked(visitor, another):
    where = visitor.choose(visitor.start())
    assert another().come_back(where).status_code == 400, "somebody else's answer is slipped in"
    assert visitor.come_back(where).status_code == 302
    assert visitor.is_in
    assert visitor.come_back(where).status_code == 400, "played again"
    thief = another()
    own = thief.start()
    state = parse_qs(urlsplit(own).query)["state"][0]
    assert thief.come_back(where, state=state).status_code in {400, 503}, "a code from elsewhere"
    assert not thief.is_in


def test_two_tabs_may_be_under_way(visitor):
    first, second = visitor.start(), visitor.start()
    assert visitor.come_back(visitor.choose(first)).status_code == 302
    # The other one began in a session that ended by signing in.
    assert visitor.come_back(visitor.choose(second)).status_code == 400
    assert visitor.is_in


UNFIT: dict[str, dict[str, str]] = {
    "another state": {"state": "x" * 43},
    "no state": {"state": ""},
    "another code": {"code": "x" * 32},
    "no code": {"code": ""},
    "another provider's answer": {"iss": "https://evil.example"},
    "no issuer": {"iss": ""},
    "given up": {"error": "access_denied"},
}


def test_an_answer_that_does_not_fit_signs_nobody_in(visitor):
    for what, changes in UNFIT.items():
        answer = visitor.come_back(visitor.choose(visitor.start()), **changes)
        assert answer.status_code in {400, 503}, what
        assert "Mette" not in answer.content.decode()
        assert not visitor.is_in, what
    assert not SignIn.objects.exists()


def test_another_language_at_the_way_back_leads_to_the_door(visitor, eid):
    """What came back is looked at once, and would be refused."""
    for answer in (
        visitor.come_back(visitor.choose(visitor.start()), error="access_denied"),
        visitor.sign_in("Stranger"),
    ):
        (where,) = re.findall(r'name="next" value="([^"]*)"', answer.content.decode())
        answer = visitor.post("/preferences/", next=where, language="da")
        assert answer["Location"] == "/my/login/"
        assert 'lang="da"' in visitor.get("/my/login/").content.decode()


def test_an_attempt_lapses(visitor):
    where = visitor.choose(visitor.start())
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert visitor.come_back(where).status_code == 400


def _b64(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _with_shared_secret(eid):
    """The public key, used as if it were a secret that both know."""
    pem = eid.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def sign(claims):
        head = _b64({"alg": "HS256", "kid": eid.kid})
        signed = f"{head}.{_b64(claims)}"
        mac = hmac.new(pem, signed.encode(), "sha256").digest()
        return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    return sign


FORGERIES = {
    "unsigned": lambda eid: lambda claims: f"{_b64({'alg': 'none', 'kid': eid.kid})}.{_b64(claims)}.",
    "shared secret": _with_shared_secret,
    "client secret": lambda eid: lambda claims: jwt.encode(
        claims, "s3cret" * 6, algorithm="HS256", headers={"kid": eid.kid}
    ),
    "another key": lambda eid: lambda claims: jwt.encode(
        claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256",
        headers={"kid": eid.kid},
    ),
    "a key it brings along": lambda eid: lambda claims: jwt.encode(
        claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256",
        headers={"kid": "mine", "jku": "http://127.0.0.1:1/keys"},
    ),
    "no token": lambda eid: lambda claims: "nonsense",
    "cut off": lambda eid: lambda claims: eid._sign(claims).rsplit(".", 1)[0] + ".",
}  # fmt: skip
BENT: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "somebody else"},
    "several audiences": {"aud": ["bank", "somebody else"]},
    "made for another": {"azp": "somebody else"},
    "another issuer": {"iss": "https://evil.example"},
    "another nonce": {"nonce": "x" * 43},
    "expired": {"exp": 1},
    "issued long ago": {"iat": 1},
    "issued tomorrow": {"iat": 4_000_000_000},
    "no number as time": {"exp": "soon"},
    "no subject": {"sub": None},
    "no level": {"acr": "urn:anything"},
}


def test_a_forged_token_signs_nobody_in(visitor, eid):
    for how, make_signer in FORGERIES.items():
        eid.sign = make_signer(eid)
        assert visitor.sign_in().status_code == 400, how
        assert not visitor.is_in, how
    assert not SignIn.objects.exists()


def test_a_token_that_says_something_else_signs_nobody_in(visitor, eid):
    for how, changed in BENT.items():
        eid.bend = lambda claims, changed=changed: {
            name: value for name, value in {**claims, **changed}.items() if value is not None
        }
        assert visitor.sign_in().status_code == 400, how
        assert not visitor.is_in, how
    assert not SignIn.objects.exists()
    eid.bend = lambda claims: claims
    assert visitor.sign_in().status_code == 302, "and the true one does"


def test_a_new_key_is_looked_for_when_it_is_needed(visitor, another, eid):
    assert visitor.sign_in().status_code == 302
    eid.renew_key()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert another().sign_in().status_code == 302


def test_userinfo_about_somebody_else_is_refused(visitor, eid):
    def lie(handler, path):
        if path != "/userinfo":
            return False
        handler.answer(200, {"sub": "somebody else", "dk.cpr": NUMBERS["Mette"]})
        return True

    eid.instead = lie
    assert visitor.sign_in().status_code == 400
    assert not visitor.is_in


@pytest.mark.parametrize("said", [{"issuer": "https://evil.example"}, {"token_endpoint": "x"}])
def test_a_provider_that_is_not_as_agreed_is_not_used(visitor, eid, said):
    def lie(handler, path):
        if "well-known" not in path:
            return False
        handler.answer(200, {**handler._discovery(), **said})
        return True

    eid.instead = lie
    answer = visitor.get("/my/login/start/")
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()


def test_plain_http_is_for_this_machine_in_a_local_run(visitor, eid, settings):
    settings.CLM_LOCAL = False
    assert visitor.get("/my/login/start/").status_code == 503
    assert eid.requests == [], "nothing was sent in clear"


def test_who_is_not_known_is_told_nothing(visitor, mette):
    answer = visitor.sign_in("Stranger")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "We have no page for you" in text
    assert NUMBERS["Stranger"] not in text
    assert not visitor.is_in
    row = SignIn.objects.get()
    assert (row.customer, row.outcome, row.transaction_id) == (None, "unknown", "")


def test_people_are_known_by_their_number_and_never_by_their_name(visitor, eid, mette):
    eid.bend = lambda claims: {**claims, "name": "Mette Sørensen", "dk.cpr": NUMBERS["Stranger"]}
    visitor.sign_in("Mette")
    assert not visitor.is_in


@pytest.mark.parametrize("stage", ["ERASED", "UNADMITTED", "organisation"])
def test_who_has_no_page_is_nobody(eid, another, ola, karen, mads, now, stage):
    number = NUMBERS["Mette"]
    if stage == "UNADMITTED":
        customer = make.unadmitted(importer=ola)
        services.add_identifier(customer=customer, kind="cpr", value=number, actor=ola, at=now)
    elif stage == "organisation":
        customer = make.customer(kind="organisation", identifiers=[("cpr", number)])
    else:
        # The number goes with the rest, a moment after the stage: nobody comes in by it till then.
        customer = make.customer(stage="CLOSED", identifiers=[("cpr", number)])
        over = now + timedelta(days=6 * 366)
        services.ask_erasure(customer=customer, actor=karen, at=over, reason="Time is up")
        customer.refresh_from_db()
        lifecycle.perform(record=customer, name="erase", actor=mads, at=over, reason="Agreed")
        assert Identifier.objects.exists()
    visitor = another()
    assert "We have no page for you" in visitor.sign_in().content.decode()
    assert not visitor.is_in


def test_a_customer_of_before_still_has_their_rights(eid, another):
    make.customer(stage="CLOSED", language="en", identifiers=[("cpr", NUMBERS["Mette"])])
    visitor = another()
    visitor.sign_in()
    text = visitor.get("/my/").content.decode()
    assert "You are not a customer" in text
    assert "Leave the bank" not in text
    assert visitor.get("/my/details/").status_code == 200


def test_a_session_of_either_kind_opens_nothing_of_the_other(visitor, ada, client_for):
    staff = client_for(ada)
    assert staff.get("/my/").status_code == 302, "staff are nobody's customer"
    visitor.sign_in()
    mine = visitor.browser.cookies[sessions.COOKIE]
    assert (mine["path"], mine["httponly"], mine["samesite"]) == ("/my/", True, "Lax")
    # Even with each cookie's value put into the other.
    swapped = Client()
    swapped.cookies["sessionid"] = mine.value
    swapped.cookies[sessions.COOKIE] = staff.cookies["sessionid"].value
    for path in ("/", "/customers/", "/admin/", "/accounts/2fa/"):
        answer = swapped.get(path)
        assert (answer.status_code, "/login/" in answer["Location"]) == (302, True), path
    assert swapped.get("/api/v1/customers/").status_code == 401
    assert swapped.get("/my/").status_code == 302
    assert visitor.browser.get("/customers/").status_code == 302
    # Both side by side in one browser.
    both = client_for(ada)
    both.cookies[sessions.COOKIE] = mine.value
    assert both.get("/customers/").status_code == 200
    assert "Mette" in both.get("/my/").content.decode()


def test_a_session_gets_a_new_key_ends_by_idling_and_by_the_clock(visitor):
    visitor.start()
    before = visitor.browser.cookies[sessions.COOKIE].value
    visitor.sign_in()
    key = visitor.browser.cookies[sessions.COOKIE].value
    assert key != before
    assert not Session.objects.filter(session_key=before).exists()
    start = timezone.now()
    for minutes in range(10, 120, 14):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert visitor.is_in, minutes
    with time_machine.travel(start + timedelta(minutes=121)):
        assert not visitor.is_in, "however busy"
    visitor.sign_in()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert visitor.get("/my/")["Location"] == "/my/login/?ended"
        assert "signed out" in visitor.get("/my/login/", ended="").content.decode()


def test_what_was_put_into_a_browser_before_opens_nothing_after(visitor, another):
    """An address alone makes no session, and what a form had to bring is new with the session."""
    stranger = another()
    assert stranger.get("/my/login/back/", state="x", code="y").status_code == 400
    assert sessions.COOKIE not in stranger.browser.cookies
    assert not Session.objects.exists()
    visitor.get("/my/login/")
    planted = visitor.browser.cookies["csrftoken"].value
    visitor.sign_in()
    assert visitor.browser.cookies["csrftoken"].value != planted


def test_sessions_that_are_over_are_deleted(visitor, ada, client_for):
    client_for(ada)
    visitor.sign_in()
    over = timezone.now() + sessions.IDLE
    sessions.forget_expired(at=over - timedelta(minutes=1))
    assert Session.objects.count() == 2
    sessions.forget_expired(at=over + timedelta(minutes=1))
    (left,) = Session.objects.all()
    assert "_auth_user_id" in left.get_decoded(), "one of the staff, who stay longer"


def test_signing_out_ends_it_here_and_there(visitor, another, eid, mette):
    there = requests.Session()
    there.post(visitor.start(), data={"person": 0}, allow_redirects=False, timeout=5)
    assert len(eid.sessions) == 1
    visitor.sign_in()
    stolen = another()
    stolen.browser.cookies[sessions.COOKIE] = visitor.browser.cookies[sessions.COOKIE].value
    assert stolen.is_in
    led = visitor.get("/my/logout/")
    assert (led.status_code, led["Location"]) == (302, "/my/"), "no link signs anybody out"
    answer = visitor.post("/my/logout/")
    assert answer["Location"].startswith(f"{eid.issuer}/logout?")
    assert "id_token" not in answer["Location"]
    assert NUMBERS["Mette"] not in answer["Location"]
    back = there.get(answer["Location"], allow_redirects=False, timeout=5)
    assert back.headers["Location"] == "http://testserver/my/login/?out"
    assert len(eid.sessions) == 1, "the visitor's own; the browser's is gone"
    assert not visitor.is_in
    assert not stolen.is_in
    assert list(SignIn.objects.order_by("at").values_list("outcome", flat=True)) == ["in", "out"]


def test_two_browsers_are_two_sessions(visitor, another):
    other = another()
    visitor.sign_in()
    other.sign_in()
    visitor.post("/my/logout/")
    assert not visitor.is_in
    assert other.is_in


def test_a_merge_ends_the_session_and_leads_to_the_record_that_stays(visitor, mette, ola, ada, now):
    double = make.customer(stage="ACTIVE", adviser=ada, given_names="Mette M.", language="en")
    visitor.sign_in()
    merge = services.merge_customers(
        survivor=double, absorbed=mette, actor=ola, at=now, reason="One person"
    )
    assert not visitor.is_in
    visitor.sign_in()
    assert "Mette M." in visitor.get("/my/").content.decode()
    assert Customer.objects.filter(pk=double.pk, sign_ins__isnull=False).exists()
    services.undo_merge(merge=merge, actor=ola, at=now, reason="Two people")
    assert not visitor.is_in, "the number is the other record's again"


def test_attempts_are_counted_by_address(visitor, monkeypatch):
    monkeypatch.setattr("customers.web.mypage.signing_in.TRIES", 3)
    for _number in range(3):
        assert visitor.get("/my/login/start/").status_code == 302
    answer = visitor.get("/my/login/start/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    with time_machine.travel(timezone.now() + signing_in.WINDOW):
        assert visitor.get("/my/login/start/").status_code == 302
        assert visitor.sign_in().status_code == 302
        for _number in range(3):
            assert visitor.get("/my/login/start/").status_code == 302, "counted anew"


def test_nothing_leads_anywhere_else(visitor):
    for path in ("/my/login/?next=https://evil.example", "/my/login/start/?next=//evil.example"):
        assert "evil" not in str(visitor.browser.get(path).headers)
    visitor.sign_in()
    assert visitor.get("/my/login/", next="https://evil.example")["Location"] == "/my/"


def test_pages_are_framed_by_nobody_and_kept_by_nobody(visitor, eid):
    visitor.sign_in()
    page = visitor.get("/my/")
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert f"form-action 'self' {eid.issuer};" in policy + ";"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Cache-Control"] == "no-store"


def test_without_a_provider_my_page_is_closed(client):
    assert "not open" in client.get("/my/login/").content.decode()
    assert client.get("/my/login/start/")["Location"] == "/my/login/"
    assert client.get("/my/login/back/", {"state": "x", "code": "y"}).status_code == 400


def test_the_stand_in_is_as_strict_as_a_real_one(eid, visitor):
    where = visitor.start()
    for wrong in ("bank", "S256", "testserver"):
        assert requests.get(where.replace(wrong, "evil"), timeout=5).status_code == 400, wrong
    assert requests.get(where, timeout=5).status_code == 200
    grant = {"grant_type": "authorization_code", "code": "x", "code_verifier": "y"}
    assert requests.post(f"{eid.issuer}/token", data=grant, timeout=5).status_code == 401


def test_a_kept_year_of_before_is_said(eid, another, now):
    """The retention date on the front page is the law's."""
    make.customer(stage="CLOSED", language="en", identifiers=[("cpr", NUMBERS["Bo"])])
    visitor = another()
    visitor.sign_in("Bo")
    year = retention_end(stage="CLOSED", ended_on=make.NOW.date()).year
    assert str(year) in visitor.get("/my/").content.decode()


def test_discovery_is_asked_once_an_hour(visitor, another, eid):
    talk._known.clear()
    visitor.sign_in()
    another().sign_in()
    assert sum("well-known" in one for one in eid.requests) == 1
