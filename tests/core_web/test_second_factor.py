"""Signing in with a code: who is asked, who is led to set one up, and what waits until then."""

from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.test import Client

from clm.core import lifecycle, second_factor
from clm.core.actors import system_user
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from tests.factories import customers

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.CLM_REQUIRE_SECOND_FACTOR = True


def code_of(secret: str) -> str:
    counters = list(totp.yield_hotp_counters_from_time())
    return str(totp.format_hotp_value(totp.hotp_value(secret, counters[1])))


def enrol(user: User, secret: str = SECRET) -> None:
    totp.TOTP.activate(user, secret)


def sign_in(user: User, **more: str) -> tuple[Client, str]:
    """The client and where it was sent."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.username, "password": "secret", **more})
    assert answer.status_code == 302, answer.content
    return client, str(answer["Location"])


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def test_who_approves_or_administers_needs_one(ada, karen, line, admin_, max_, settings):
    assert [second_factor.required(user=one) for one in (karen, admin_)] == [True, True]
    assert [second_factor.required(user=one) for one in (ada, max_)] == [False, False]
    settings.CLM_REQUIRE_SECOND_FACTOR = False
    assert not second_factor.required(user=karen)


def test_who_needs_none_signs_in_by_password(ada):
    client, to = sign_in(ada)
    assert to == "/"
    assert is_in(client)


def test_the_code_goes_with_the_password(karen):
    enrol(karen)
    client, to = sign_in(karen, code=code_of(SECRET))
    assert to == "/"
    assert is_in(client)


@pytest.mark.parametrize("code", ["", "000000", "abc"])
def test_without_the_right_code_nobody_is_in(karen, code):
    enrol(karen)
    client, to = sign_in(karen, code=code)
    assert to == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    page = client.get(to)
    assert page.status_code == 200
    assert 'name="code"' in page.content.decode()
    client.post(to, {"code": "123"})
    assert not is_in(client)
    assert client.post(to, {"code": code_of(SECRET)})["Location"] == "/"
    assert is_in(client)


def test_a_code_is_taken_once(karen):
    enrol(karen)
    code = code_of(SECRET)
    sign_in(karen, code=code)
    _client, to = sign_in(karen, code=code)
    assert to == "/accounts/2fa/authenticate/"


def test_approvers_without_one_are_led_to_set_it_up(karen, client_for):
    client = client_for(karen)
    assert client.get("/approvals/")["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/").status_code == 200
    enrol(karen)
    assert client.get("/approvals/").status_code == 200


def test_administrators_without_one_are_kept_from_the_workbench(admin_, client_for):
    client = client_for(admin_)
    assert client.get("/admin/")["Location"] == "/accounts/2fa/totp/activate/"
    enrol(admin_)
    assert client.get("/admin/").status_code == 200


def test_it_is_set_up_on_a_page_and_asked_for_from_then_on(karen):
    client, _to = sign_in(karen)
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    # The password is asked for once more: whoever finds a screen unlocked sets up nothing.
    assert page.redirect_chain[0][0].startswith("/accounts/reauthenticate/")
    page = client.post(page.redirect_chain[0][0], {"password": "secret"}, follow=True)
    assert page.status_code == 200
    secret = client.session[totp.SECRET_SESSION_KEY]
    assert secret in page.content.decode()
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    assert second_factor.enrolled(user=karen)
    assert sign_in(karen)[1] == "/accounts/2fa/authenticate/"


def test_the_gate_itself_asks_for_it(ola, mads, now: datetime):
    """Whatever the way in (page, API, admin, command): no decision without a second factor."""
    batch_of = customers.unadmitted(importer=ola, at=now)
    batch = batch_of.source_records.get().batch
    assert batch is not None
    batch.refresh_from_db()
    with pytest.raises(TransitionRefused, match="second factor"):
        lifecycle.perform(record=batch, name="release", actor=mads, at=now)
    enrol(mads)
    lifecycle.perform(record=batch, name="release", actor=mads, at=now)
    batch.refresh_from_db()
    assert batch.state == "RELEASED"


def test_secrets_lie_encrypted_and_follow_a_new_key(karen, settings, capsys):
    enrol(karen)
    stored = Authenticator.objects.get(user=karen).data["secret"]
    assert SECRET not in stored
    new = "new:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="
    settings.CLM_FIELD_KEYS = f"{new},{settings.CLM_FIELD_KEYS}"
    call_command("rotate_keys")
    again = Authenticator.objects.get(user=karen).data["secret"]
    assert again.startswith("v1:new:")
    assert sign_in(karen, code=code_of(SECRET))[1] == "/"


# The demo --------------------------------------------------------------------------------------


@pytest.fixture
def demo(settings):
    settings.CLM_DEMO = settings.CLM_LOCAL = True


def test_the_demo_shows_the_code_where_it_is_asked_for(demo, karen):
    page = Client().get("/accounts/login/").content.decode()
    code = second_factor.demo_code()
    assert f'value="{code}"' in page
    client, to = sign_in(karen)
    assert to == "/accounts/2fa/authenticate/"
    assert second_factor.demo_code() in client.get(to).content.decode()


def test_on_the_demo_the_shown_code_is_good_every_time(demo, karen, mads):
    for user in (karen, mads, karen, karen):
        client, to = sign_in(user, code=second_factor.demo_code())
        assert to == "/"
        assert is_in(client)
    client, to = sign_in(karen)
    assert client.post(to, {"code": second_factor.demo_code()})["Location"] == "/"


@pytest.mark.parametrize(("is_demo", "is_local"), [(False, True), (True, False), (False, False)])
def test_elsewhere_the_demos_code_opens_nothing(settings, karen, is_demo, is_local):
    settings.CLM_DEMO = settings.CLM_LOCAL = True
    code = second_factor.demo_code()
    settings.CLM_DEMO, settings.CLM_LOCAL = is_demo, is_local
    assert second_factor.demo_code() == ""
    assert not second_factor.is_demo_code(code)
    enrol(karen)
    assert sign_in_anywhere(karen, code) == "/accounts/2fa/authenticate/"
    page = Client().get("/accounts/login/", secure=True).content.decode()
    assert code not in page


def sign_in_anywhere(user: User, code: str) -> str:
    answer = Client().post(
        "/accounts/login/",
        {"login": user.username, "password": "secret", "code": code},
        secure=True,
    )
    return str(answer["Location"])


def test_the_system_decides_nothing(now: datetime):
    assert not second_factor.required(user=system_user())
