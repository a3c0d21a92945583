"""Every route x every role x a record within and outside reach, against the table in matrix.py."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import Any

import pytest
from allauth.idp.oidc.models import Token
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.generic.edit import ProcessFormView

from clm.core.api import clients
from tests.architecture import matrix, matrix_samples

NOBODY, ROBOT = "nobody", "client without a scope"
OPEN, SIGN_IN, FORBIDDEN, HIDDEN, BROKEN = "open", "sign in", "403", "404", "500"


@dataclass(frozen=True)
class Route:
    """A method of a named address; `parts` are what its address needs."""

    name: str
    method: str
    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.name} {self.method}"


# The routes ------------------------------------------------------------------------------------


def routes() -> list[Route]:
    return sorted(set(_walk(get_resolver(), "", ())), key=lambda one: one.key)


def _walk(resolver: Any, space: str, parts: tuple[str, ...]) -> Iterator[Route]:
    for one in resolver.url_patterns:
        inside = (*parts, *one.pattern.converters, *one.pattern.regex.groupindex)
        inside = tuple(dict.fromkeys(inside))
        if isinstance(one, URLResolver):
            yield from _walk(one, f"{space}{one.namespace}:" if one.namespace else space, inside)
        elif isinstance(one, URLPattern) and (one.name or space != "admin:"):
            name = f"{space}{one.name or one.pattern}"
            for method in _methods(one.callback):
                yield Route(name, method, inside)


def _methods(view: Any) -> list[str]:
    if hasattr(view, "actions"):
        return [
            method.upper()
            for method in view.actions
            if method != "head" and method in view.cls.http_method_names
        ]
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return ["GET"]
    names = [name for name in view_class.http_method_names if name not in {"options", "head"}]
    found = [name.upper() for name in names if hasattr(view_class, name)]
    # Django's form views answer PUT as they answer POST.
    return [name for name in found if name != "PUT" or not issubclass(view_class, ProcessFormView)]


def is_admin(route: Route) -> bool:
    return route.name.startswith("admin:")


def is_api(route: Route) -> bool:
    return route.name.startswith("api:")


def is_tested_elsewhere(route: Route) -> bool:
    return any(fnmatch(route.name, pattern) for pattern in matrix.ELSEWHERE_TESTED)


# The callers -----------------------------------------------------------------------------------


@pytest.fixture
def callers(make_user, aarhus, odense, settings):
    settings.API_RATE = "1000000/60"
    found = {NOBODY: Client()}
    for role in sorted(matrix.EVERYBODY):
        roles = {matrix.ELSEWHERE: [matrix.ADVISER], matrix.NO_ROLE: []}.get(role, [role])
        branch = odense if role == matrix.ELSEWHERE else aarhus
        username = role.replace(" ", "-")
        user = make_user(username, *roles, branch=branch, is_staff=role == matrix.ADMIN)
        client = Client(raise_request_exception=False)
        client.force_login(user)
        client.user = user  # type: ignore[attr-defined]
        found[role] = client
    found[ROBOT] = _robot_without_scopes()
    return found


def _robot_without_scopes():
    oauth = clients.create_client(
        name="Nothing", scopes=["jobs:read"], reach="all", branch=None, secret="s"
    )
    token = Token(client=oauth, type=Token.Type.ACCESS_TOKEN)
    token.set_value("matrix")
    token.save()
    return Client(headers={"Authorization": "Bearer matrix"}, raise_request_exception=False)


# What is found, and what should be -------------------------------------------------------------


def observed(client: Client, route: Route, row: matrix.Row, parts: dict[str, Any]) -> str:
    address = reverse(route.name, kwargs={name: parts[name] for name in route.parts})
    if row.query:
        address += "?" + row.query.format(pk=parts["record"])
    headers = {"If-Match": "*"} if is_api(route) else {}
    content: dict[str, Any] = {}
    if is_api(route):
        content = {"data": b"{}", "content_type": "application/json"}
    if route.method != "GET" and not is_api(route):
        content = {"data": b"", "content_type": "application/x-www-form-urlencoded"}
    cookies = client.cookies.output()
    with transaction.atomic():
        answer = client.generic(route.method, address, headers=headers, **content)
        transaction.set_rollback(True)
    client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return _outcome(answer)


def _outcome(answer: Any) -> str:
    if answer.status_code == 401:
        return SIGN_IN
    if answer.status_code == 302 and "/login/" in answer["Location"]:
        return SIGN_IN
    if answer.status_code >= 500:
        return BROKEN
    return {403: FORBIDDEN, 404: HIDDEN}.get(answer.status_code, OPEN)


def expected(caller: str, row: matrix.Row) -> str:
    if row.public:
        return OPEN
    if caller == NOBODY or row.customers:
        return SIGN_IN
    if caller in row.hidden:
        return HIDDEN
    if caller == ROBOT or caller not in row.who:
        return FORBIDDEN
    if row.record and caller not in row.reach:
        return HIDDEN
    return OPEN


def compare(route: Route, row: matrix.Row, callers: dict[str, Client], now: Any) -> list[str]:
    wrong = []
    with transaction.atomic():
        make = matrix_samples.SAMPLES[row.record] if row.record else None
        adviser: Any = callers[matrix.ADVISER]
        record = make(adviser.user, now) if make else None
        identifier = record.pk if record is not None else uuid.uuid4()
        parts = {name: row.more.get(name, identifier) for name in route.parts}
        parts["record"] = identifier
        for caller, client in callers.items():
            if caller == ROBOT and not is_api(route):
                continue
            found, wanted = observed(client, route, row, parts), expected(caller, row)
            if found != wanted:
                wrong.append(f"{route.key}: {caller} finds {found}, should be {wanted}")
        transaction.set_rollback(True)
    return wrong


def suggestion(route: Route, callers: dict[str, Client], now: Any) -> str:
    """The row as it would have to read for what is found now."""
    found = {}
    parts = dict.fromkeys(route.parts, uuid.uuid4())
    for caller in sorted(matrix.EVERYBODY):
        try:
            found[caller] = observed(callers[caller], route, matrix.Row(), parts)
        except Exception as exc:  # noqa: BLE001 -- an address that needs other parts is named all the same
            return f'    "{route.key}": Row(…),  # {route.parts}: {exc}'
    passing = sorted(name for name, one in found.items() if one not in {FORBIDDEN, SIGN_IN})
    record = ', "…"' if route.parts else ""
    return f'    "{route.key}": Row(frozenset({passing}){record}),'


# The tests -------------------------------------------------------------------------------------


@pytest.mark.xdist_group("cluster")
@pytest.mark.django_db
def test_every_route_has_a_row(callers, now):
    missing = [
        route
        for route in routes()
        if route.key not in matrix.ROWS and not is_admin(route) and not is_tested_elsewhere(route)
    ]
    lines = [suggestion(route, callers, now) for route in missing]
    assert not missing, "Routes without a row in matrix.py:\n" + "\n".join(lines)


def test_every_row_has_a_route():
    known = {route.key for route in routes()}
    assert sorted(set(matrix.ROWS) - known) == []


@pytest.mark.xdist_group("cluster")
@pytest.mark.django_db
@pytest.mark.parametrize("of_the_api", [True, False], ids=["api", "pages"])
def test_every_row_holds_for_everybody(callers, now, of_the_api):
    wrong = []
    for route in routes():
        row = matrix.ROWS.get(route.key)
        if row is not None and is_api(route) == of_the_api:
            wrong += compare(route, row, callers, now)
    assert not wrong, "\n".join(wrong)


@pytest.mark.xdist_group("cluster")
@pytest.mark.django_db
def test_the_admin_is_for_staff(callers, now):
    wrong = []
    for route in routes():
        if not is_admin(route) or route.method != "GET" or route.name == "admin:login":
            continue
        parts = {name: "auth" if name == "app_label" else "1" for name in route.parts}
        for caller in sorted(matrix.EVERYBODY - {matrix.ADMIN}) + [NOBODY]:
            address = reverse(route.name, kwargs=parts)
            outcome = _outcome(callers[caller].get(address))
            # Nobody without staff rights gets past the door; signing out is everyone's.
            if outcome not in {SIGN_IN, FORBIDDEN} and route.name != "admin:logout":
                wrong.append(f"{route.key}: {caller} finds {outcome}")
    assert not wrong, "\n".join(wrong)


def test_a_wrong_table_is_noticed():
    row = replace(matrix.PAGES["web:audit GET"], who=matrix.EVERYBODY)
    assert expected(matrix.NO_ROLE, row) != expected(matrix.NO_ROLE, matrix.PAGES["web:audit GET"])
