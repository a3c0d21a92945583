import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clm.core.api import clients
from clm.core.models import Branch, User


class Api:
    """A caller of the API: JSON in, JSON out, with whatever headers each call names."""

    def __init__(self, client: Client, **headers: str) -> None:
        self.client = client
        self.headers = headers

    def call(self, method: str, path: str, body: Any = None, /, **headers: str) -> Any:
        named = {
            name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()
        }
        content: dict[str, Any] = {}
        if body is not None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            content = {"data": raw, "content_type": "application/json"}
        if path.startswith(("/", "http")):
            address = path.removeprefix("http://testserver")
        else:
            address = f"/api/v1/{path}"
        return self.client.generic(method, address, headers=named, **content)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)


@pytest.fixture
def api(db: None) -> Callable[[User], Api]:
    """A member of staff at the API, by session."""

    def sign_in(user: User) -> Api:
        client = Client()
        client.force_login(user)
        return Api(client)

    return sign_in


@pytest.fixture
def anyone(db: None) -> Api:
    """Nobody in particular."""
    return Api(Client())


@pytest.fixture
def robot(db: None) -> Callable[..., Api]:
    """An API client with a token: `robot("tasks:read tasks:write")`."""

    def make(
        scopes: str, *, reach: str = "all", branch: Branch | None = None, name: str = "Integrator"
    ) -> Api:
        client = clients.create_client(
            name=name, scopes=scopes.split(), reach=reach, branch=branch, secret="s3cret"
        )
        answer = Client().generic(
            "POST",
            "/api/oauth/token",
            data=f"grant_type=client_credentials&client_id={client.pk}&client_secret=s3cret",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200, answer.content
        made = Api(Client(), Authorization=f"Bearer {answer.json()['access_token']}")
        made.user = client.owner  # type: ignore[attr-defined]
        made.oauth = client  # type: ignore[attr-defined]
        return made

    return make
