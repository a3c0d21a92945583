import json
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.idp.oidc.models import Client as OAuthClient
from allauth.idp.oidc.models import Token
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from clm.core import work
from clm.core.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(capsys):
    call_command("create_api_client", "Core bank", "--scopes", "tasks:read tasks:write", "--json")
    return json.loads(capsys.readouterr().out)


def ask(**fields):
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    return Client().generic(
        "POST", "/api/oauth/token", data=body, content_type="application/x-www-form-urlencoded"
    )


def ask_with(made, **fields):
    return ask(
        grant_type="client_credentials",
        client_id=made["client_id"],
        client_secret=made["client_secret"],
        **fields,
    )


def test_the_command_prints_the_secret_once_and_keeps_only_its_hash(made):
    client = OAuthClient.objects.get(pk=made["client_id"])
    assert made["client_secret"] not in client.secret
    assert client.owner.is_robot
    assert not client.owner.has_usable_password()
    assert client.owner.robot_reach == User.Reach.ALL


def test_a_client_gets_a_token_and_acts_as_its_robot(made):
    answer = ask_with(made)
    assert answer.status_code == 200
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
    assert set(token["scope"].split()) == {"tasks:read", "tasks:write"}
    assert "no-store" in answer["Cache-Control"]
    assert not Token.objects.filter(hash=token["access_token"]).exists()

    headers = {"Authorization": f"Bearer {token['access_token']}"}
    created = Client().post(
        "/api/v1/tasks/",
        b'{"title": "By a robot"}',
        content_type="application/json",
        headers=headers,
    )
    assert created.status_code == 201, created.content
    robot = OAuthClient.objects.get(pk=made["client_id"]).owner
    assert work.open_tasks(actor=robot).count() == 1


def test_basic_authentication_of_the_client_works_too(made):
    import base64

    pair = base64.b64encode(f"{made['client_id']}:{made['client_secret']}".encode()).decode()
    answer = Client().generic(
        "POST",
        "/api/oauth/token",
        data="grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Basic {pair}"},
    )
    assert answer.status_code == 200


def test_a_narrower_token_does_less(made):
    token = ask_with(made, scope="tasks:read").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/tasks/", headers=headers).status_code == 200
    refused = Client().post(
        "/api/v1/tasks/", b'{"title": "x"}', content_type="application/json", headers=headers
    )
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:clm:problem:insufficient_scope"
    assert Client().get("/api/v1/jobs/", headers=headers).status_code == 403


def test_a_token_ends(made):
    headers = {"Authorization": f"Bearer {ask_with(made).json()['access_token']}"}
    robot = OAuthClient.objects.get(pk=made["client_id"]).owner
    robot.is_active = False
    robot.save()
    assert Client().get("/api/v1/tasks/", headers=headers).status_code == 401
    robot.is_active = True
    robot.save()
    assert Client().get("/api/v1/tasks/", headers=headers).status_code == 200
    Token.objects.update(expires_at=timezone.now())
    assert Client().get("/api/v1/tasks/", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"grant_type": "password", "username": "ada", "password": "x"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "%00", "client_secret": "y"}, "invalid_request"),
        ({"grant_type": "client_credentials", "client_id": "x" * 3000}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)  # fmt: skip
def test_what_is_no_request_for_a_token(fields, error):
    answer = ask(**fields)
    assert answer.status_code in {400, 401}
    assert answer.json()["error"] == error


def test_more_than_the_clients_scopes_are_refused(made):
    answer = ask_with(made, scope="tasks:read events:read")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_guessing_a_secret_is_slowed_down_however_it_is_sent(made):
    # The clock stands still: tries on both sides of a window's edge are counted apart.
    with time_machine.travel(datetime.now(tz=UTC), tick=False):
        statuses = [
            ask(
                grant_type="client_credentials",
                client_id=made["client_id"],
                client_secret=f"guess{n}",
            ).status_code
            for n in range(32)
        ]
        assert statuses[0] == 401
        assert statuses[-1] == 429
        assert ask_with(made).status_code == 429


def test_only_a_form_by_post_is_heard():
    assert Client().get("/api/oauth/token").status_code == 405
    assert (
        Client().post("/api/oauth/token", b"{}", content_type="application/json").status_code == 400
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["X", "--scopes", "everything"],
        ["X", "--scopes", ""],
        ["X", "--scopes", "tasks:read", "--reach", "moon"],
        ["X", "--scopes", "tasks:read", "--reach", "branch:Atlantis"],
        ["", "--scopes", "tasks:read"],
    ],
)
def test_the_command_refuses_in_a_sentence(arguments):
    with pytest.raises(CommandError):
        call_command("create_api_client", *arguments)


def test_a_name_is_taken_once(made):
    with pytest.raises(CommandError):
        call_command("create_api_client", "Core bank", "--scopes", "tasks:read")


def test_a_branch_robot_reaches_its_branch(aarhus):
    call_command("create_api_client", "B", "--scopes", "tasks:read", "--reach", "branch:Aarhus")
    robot = User.objects.get(username="api-b")
    assert (robot.robot_reach, robot.branch) == ("branch", aarhus)
