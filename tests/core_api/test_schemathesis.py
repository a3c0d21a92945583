"""
The API never answers 500 to input, and answers nothing that its description does not know.

Every operation of the OpenAPI document is called in process with what schemathesis makes of
its description, fitting and unfitting: by a client with all scopes, and by a member of staff
with all roles. Addresses and bodies mostly name records that exist, so that the calls come
past the look-up. Each call is rolled back.

In the suite each operation gets its plainest call and a few boundary values. A longer look
takes all boundary values and adds so many others, new ones each time:

    CLM_SCHEMA_EXAMPLES=200 python3 manage.py test tests/core_api/test_schemathesis.py -n0
"""

import contextlib
import os
import random
import re
import traceback
from collections import Counter
from typing import Any

import hypothesis
import pytest
import schemathesis
from allauth.idp.oidc.models import Token
from django.apps import apps
from django.core.exceptions import MultipleObjectsReturned, ValidationError
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import Error, close_old_connections, connection, transaction
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import resolve
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from clm.core import lifecycle
from clm.core.api import clients, scopes
from clm.core.api.schema import document
from clm.core.lifecycle import table
from tests.architecture import matrix_samples

EXAMPLES = int(os.environ.get("CLM_SCHEMA_EXAMPLES", "0"))
THOROUGH = EXAMPLES > 0
ONLY = os.environ.get("CLM_SCHEMA_ONLY", "")
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
MODES = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
UUID = re.compile("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# Who calls -------------------------------------------------------------------------------------


@pytest.fixture
def robot(db):
    """How an API client with every scope calls."""
    oauth = clients.create_client(
        name="Everything", scopes=scopes.known_scopes(), reach="all", branch=None, secret="s"
    )
    token = Token(client=oauth, type=Token.Type.ACCESS_TOKEN)
    token.set_scopes(scopes.known_scopes())
    token.set_value("everything")
    token.save()
    return {"headers": {"Authorization": "Bearer everything"}}


@pytest.fixture
def person(make_user, aarhus, settings):
    """How a member of staff with every role calls: a session and its CSRF token."""
    user = make_user("everybody", *settings.CLM_ROLES, branch=aarhus, is_staff=True)
    client = Client()
    client.force_login(user)
    request = RequestFactory().get("/")
    token = get_token(request)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "cookies": {
            settings.SESSION_COOKIE_NAME: session,
            settings.CSRF_COOKIE_NAME: request.META["CSRF_COOKIE"],
        },
        "headers": {"X-CSRFToken": token},
    }


@pytest.fixture
def application():
    """The application as a server calls it, but on this test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# What is there to be called for ------------------------------------------------------------------


class Bank:
    """A record or two of every kind, and where their ids belong in a request."""

    def __init__(self, owner: Any, at: Any) -> None:
        # The larger samples are made of the smaller ones, so these are there already.
        for make in reversed(matrix_samples.SAMPLES.values()):
            try:
                with transaction.atomic():
                    make(owner, at)
            except (Error, ValidationError, MultipleObjectsReturned):
                pass
        self.keys: dict[str, list[Any]] = {}
        for model in apps.get_models():
            if model.__module__.split(".")[0] in {"django", "allauth"}:
                continue
            found = [str(one) for one in model._default_manager.values_list("pk", flat=True)[:3]]
            if found and UUID.fullmatch(found[0]):
                self.keys.setdefault(str(model._meta.model_name), []).extend(found)
        self.dice = random.Random(None if THOROUGH else 7)

    def settle(self, case: Any, model: Any) -> None:
        """Make most of what is asked for exist; a part is left as unheard of as it was made."""
        for name, value in list((case.path_parameters or {}).items()):
            if not UUID.fullmatch(str(value)) and name != "name":
                continue
            if name == "name" and lifecycle.has_machine(model) and self.dice.random() < 0.9:
                steps = table.methods_of(model)
                case.path_parameters[name] = table.name_of(self.dice.choice(steps))
            elif self.dice.random() < 0.9:
                case.path_parameters[name] = self._one(
                    model._meta.model_name if name == "id" else name
                )
        if "If-Match" in (case.headers or {}) and self.dice.random() < 0.8:
            case.headers["If-Match"] = "*"
        for container in (case.query, case.body):
            if isinstance(container, dict | list):
                self._name_known(container)

    def _name_known(self, container: Any) -> None:
        pairs = container.items() if isinstance(container, dict) else enumerate(container)
        for key, value in list(pairs):
            if isinstance(value, dict | list):
                self._name_known(value)
            elif isinstance(value, str) and UUID.fullmatch(value) and self.dice.random() < 0.9:
                container[key] = self._one(str(key))

    def _one(self, name: str) -> str:
        wanted = name.replace("_", "")
        for known, keys in self.keys.items():
            if known == wanted:
                return str(self.dice.choice(keys))
        return str(self.dice.choice(self.dice.choice(list(self.keys.values()))))


# What is found wrong -----------------------------------------------------------------------------


class Findings:
    """Each kind of failure once, with the first request that showed it."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}
        self.calls: Counter[tuple[str, int]] = Counter()

    def look(self, case: Any, who: str, caller: dict[str, Any], caplog: Any) -> None:
        caplog.clear()
        with transaction.atomic():
            answer = case.call(**caller)
            transaction.set_rollback(True)
        self.calls[who, answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except* Failure as found:
            for one in found.exceptions:
                self._keep(case, answer, one, caplog)

    def _keep(self, case: Any, answer: Any, failure: Any, caplog: Any) -> None:
        trace = ""
        for record in caplog.records:
            if record.exc_info and record.exc_info[1]:
                frames = traceback.extract_tb(record.exc_info[2])[-1:]
                places = " < ".join(f"{one.filename}:{one.lineno}" for one in reversed(frames))
                trace = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]} at {places}"
        at = re.search(r"Schema at (\S+):", failure.message)
        place = at.group(1) if at else ""
        where = f"{case.operation.method.upper()} {case.operation.path}"
        kind = f"{where}: {answer.status_code} {failure.title} {trace} {place}"
        if THOROUGH and kind not in self.lines:
            print(kind, case.as_curl_command()[:1000], answer.content[:300], sep="\n    ")
        self.lines.setdefault(
            kind, f"{kind}\n    {case.as_curl_command()[:600]}\n    {answer.content[:300]!r}"
        )


def cases(operation: Any, dice: random.Random) -> list[Any]:
    """What one operation is called with: the plainest call, and values at and beyond limits."""
    schema, found = operation.schema, []
    for mode in MODES:
        config = schema.config.generation_for(operation=operation)
        limits = list(
            schema.iter_coverage_cases(operation, generation_modes=[mode], generation_config=config)
        )
        if THOROUGH:
            found += limits + _any_values(operation, mode, EXAMPLES)
        else:
            found += dice.sample(limits, min(2, len(limits)))
    return found if THOROUGH else [*_any_values(operation, MODES[0], 1), *found]


def _any_values(operation: Any, mode: Any, count: int) -> list[Any]:
    found: list[Any] = []

    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=count,
        derandomize=not THOROUGH,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def collect(case: Any) -> None:
        found.append(case)

    # An operation without parameters and body takes nothing that could be wrong.
    with contextlib.suppress(hypothesis.errors.Unsatisfiable):
        collect()
    return found


def test_whatever_is_sent_the_answer_is_a_described_one(
    robot, person, ada, now, settings, caplog, application
):
    settings.API_RATE = "100000000/60"
    with connection.cursor() as cursor:
        # Thinking of values takes time in which this transaction does nothing.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    bank, findings = Bank(ada, now), Findings()
    schema = schemathesis.openapi.from_dict(document())
    schema.app = application
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        if ONLY and not re.search(ONLY, operation.label):
            continue
        address = re.sub(r"\{.*?\}", "00000000-0000-0000-0000-000000000000", operation.path)
        view: Any = resolve(address).func
        serializer = view.cls.serializer_class
        model = getattr(getattr(serializer, "Meta", None), "model", None)
        for case in cases(operation, bank.dice):
            bank.settle(case, model)
            who = bank.dice.choice(["robot", "person"])
            findings.look(case, who, {"robot": robot, "person": person}[who], caplog)
    print(dict(sorted(findings.calls.items())))
    # Most calls come past the door: otherwise this test looks at refusals only.
    assert findings.calls["robot", 200] > 20
    assert findings.calls["person", 200] > 20
    assert not findings.lines, "\n".join(findings.lines.values())
