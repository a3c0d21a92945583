"""One customer from first contact to closed account, over HTTP alone, on real processes."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.db import connection
from django.utils import timezone

from clm.core.api import clients
from clm.core.models import Event, User
from clm.demobank import staff
from tests.functional.stack import ROOT, Stack, wait_until
from tests.patience import visible

# Seals and the stream wait for the oldest transaction of the whole cluster.
pytestmark = pytest.mark.xdist_group("cluster")
SOON = 60  # seconds within which the next state must have come by itself


class Caller:
    """An API client: bearer token, versions and error texts handled."""

    def __init__(self, stack: Stack, client_id: str, secret: str) -> None:
        self.url = stack.url
        answer = requests.post(
            f"{self.url}/api/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, secret),
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def call(self, method: str, path: str, status: int, **kwargs: Any) -> Any:
        answer = self.session.request(method, f"{self.url}/api/v1/{path}", timeout=30, **kwargs)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        return self.call("GET", path, 200)

    def post(self, path: str, body: dict[str, Any], status: int = 201) -> Any:
        return self.call("POST", path, status, json=body)

    def tagged(self, method: str, path: str, of: str, body: dict[str, Any]) -> Any:
        """A call that needs the present version of `of`."""
        tag = self.session.get(f"{self.url}/api/v1/{of}", timeout=30).headers["ETag"]
        return self.call(method, path, 200, json=body, headers={"If-Match": tag})

    def step(self, of: str, name: str, reason: str = "") -> Any:
        return self.tagged("POST", f"{of}transitions/{name}/", of, {"reason": reason})

    def until(self, path: str, true: Callable[[Any], bool], what: str) -> Any:
        def look() -> Any:
            found = self.get(path)
            return found if true(found) else None

        return wait_until(look, seconds=SOON, what=what)


class Person(Caller):
    """Somebody of the bank, signed in on the sign-in page; the session speaks to the API."""

    def __init__(self, stack: Stack, username: str) -> None:
        self.url = stack.url
        self.session = requests.Session()
        page = f"{self.url}/accounts/login/"
        self.session.get(page, timeout=30)
        answer = self.session.post(
            page,
            data={
                "login": username,
                "password": f"demo-{username}",
                "csrfmiddlewaretoken": self.session.cookies["csrftoken"],
            },
            headers={"Referer": page},
            timeout=30,
        )
        assert answer.url == f"{self.url}/", answer.url
        self.session.headers.update(
            {"X-CSRFToken": self.session.cookies["csrftoken"] or "", "Referer": f"{self.url}/"}
        )


ANSWERS = {
    "person": {
        "given_names": "Ellen Marie", "family_name": "Østergaard", "born_on": "1984-03-12",
        "cpr": "120384-1232", "nationalities": "DK",
    },
    "reach": {"email": "ellen@example.dk", "phone": "+45 29110418", "residence_country": "DK"},
}  # fmt: skip


@pytest.fixture
def bank(transactional_db: None) -> dict[str, Any]:
    """The demo bank's people and catalogue, without customers."""
    now = timezone.now()
    return {"users": staff.make_staff(), "products": staff.make_catalogue(at=now)}


@pytest.fixture
def robot(stack: Stack, bank: dict[str, Any]) -> Callable[..., Caller]:
    def make(scopes: str) -> Caller:
        secret = "a-secret-of-the-test"
        client = clients.create_client(
            name="core banking", scopes=scopes.split(), reach=User.Reach.ALL, branch=None,
            secret=secret,
        )  # fmt: skip
        return Caller(stack, client.pk, secret)

    return make


SCOPES = (
    "leads:read leads:write applications:read applications:write customers:read customers:write"
    " interactions:read interactions:write closures:read closures:write save-cases:read"
    " save-cases:write"
)


def answers_for(caller: Caller, application: dict[str, Any]) -> dict[str, Any]:
    """Every question of the application's template, answered."""
    from onboarding import blueprint
    from onboarding.models import Application

    template = Application.objects.get(pk=application["id"]).template.data
    filled: dict[str, Any] = {}
    for task in blueprint.tasks(template):
        if task.kind != "answers":
            continue
        filled[task.key] = {
            one.key: ANSWERS.get(task.key, {}).get(one.key)
            or (one.choices[0][0] if one.choices else _some(one.type))
            for one in task.fields
        }
    return filled


def _some(kind: str) -> str:
    known = {"date": "1984-03-12", "country": "DK", "countries": "DK", "yes": "yes"}
    return known.get(kind, "Nurse")


def open_customer(robot_: Caller, bank: dict[str, Any]) -> tuple[str, str]:
    """From lead to submitted application; paths of customer and application."""
    ada, product = bank["users"]["ada"], bank["products"]["loenkonto"]
    lead = robot_.post(
        "leads/",
        {
            "given_names": "Ellen Marie", "family_name": "Østergaard", "channel": "web",
            "email": "ellen@example.dk", "product": str(product.pk), "adviser": str(ada.pk),
            "branch": str(ada.branch_id),
        },
    )  # fmt: skip
    path = f"leads/{lead['id']}/"
    for name in ("contact", "qualify", "convert"):
        robot_.step(path, name)
    lead = robot_.until(path, lambda one: bool(one["customer"]), "the lead became a customer")
    customer = f"customers/{lead['customer']}/"
    found = robot_.until(
        f"applications/?customer={lead['customer']}",
        lambda page: bool(page["results"]),
        "the customer has an application",
    )
    application = f"applications/{found['results'][0]['id']}/"
    robot_.tagged(
        "PATCH", application, application,
        {"answers": answers_for(robot_, found["results"][0])},
    )  # fmt: skip
    robot_.step(application, "submit")
    return customer, application


def command(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments], env=stack._environment, cwd=ROOT,
        capture_output=True, text=True,
    )  # fmt: skip


def test_the_whole_thread_over_http(
    stack: Stack, robot: Callable[..., Caller], bank: dict[str, Any]
) -> None:
    stack.start("web", "worker", "relay")
    core = robot(SCOPES)

    # From lead to customer, straight through KYC.
    customer, application = open_customer(core, bank)
    core.until(application, lambda one: one["state"] == "ACTIVATED", "the application is activated")
    record = core.until(customer, lambda one: one["stage"] == "ACTIVE", "the customer is active")
    assert record["risk_level"] in ("low", None, "")

    # What a robot may not: see another's work or decide with four eyes.
    key = record["id"]
    core.post(
        "interactions/",
        {"customer": key, "channel": "phone", "purpose": "service", "outcome": "reached"},
    )

    # Kept once: flagged, offered, saved.
    rikke = Person(stack, "rikke")
    case = rikke.post("save-cases/", {"customer": key, "reason_code": "fee"})
    rikke.until(customer, lambda one: one["stage"] == "AT_RISK", "the customer is at risk")
    path = f"save-cases/{case['id']}/"
    rikke.tagged("PATCH", path, path, {"owner": str(bank["users"]["rikke"].pk)})
    rikke.post(
        "interactions/",
        {"customer": key, "channel": "phone", "purpose": "retention", "outcome": "reached"},
    )

    def contacted() -> Any:
        return "contact" in {
            one["name"] for one in rikke.get(f"{path}transitions/") if one["allowed"]
        }

    if rikke.get(path)["state"] != "CONTACTED":
        wait_until(contacted, seconds=SOON, what="the conversation is noted on the case")
        rikke.step(path, "contact")
    rikke.tagged(
        "POST", f"{path}offer/", path,
        {"text": "No fee for a year", "cost": {"amount": "240.00", "currency": "DKK"}},
    )  # fmt: skip
    if rikke.get(path)["state"] != "OFFERED":
        rikke.step(path, "offer")
    rikke.step(path, "save")
    core.until(customer, lambda one: one["stage"] == "ACTIVE", "the customer is active again")

    # And let go: four eyes, retention date.
    closure = rikke.post(
        "closures/", {"customer": key, "ground": "customer", "exit_reason": "moved"}
    )
    path = f"closures/{closure['id']}/"
    rikke.until(path, lambda one: one["state"] == "CHECKING", "the obligations are checked")
    core.until(customer, lambda one: one["stage"] == "OFFBOARDING", "the customer is offboarded")
    for one in rikke.get(f"{path}obligations/")["results"]:
        if one["status"] == "open":
            rikke.post(f"{path}obligations/{one['id']}/confirm/", {}, status=200)
    rikke.step(path, "propose")
    answer = rikke.session.post(
        f"{stack.url}/api/v1/{path}transitions/settle/", json={"reason": ""}, timeout=30,
        headers={"If-Match": rikke.session.get(f"{stack.url}/api/v1/{path}").headers["ETag"]},
    )  # fmt: skip
    assert answer.status_code == 409, "the maker is not the checker"
    Person(stack, "karen").step(path, "settle")
    rikke.until(path, lambda one: one["state"] == "CLOSED", "the closure is closed")
    core.until(customer, lambda one: one["stage"] == "CLOSED", "the customer is closed")

    from customers.models import Customer

    closed = Customer.objects.get(pk=key)
    assert closed.closed_on
    assert closed.retention_until
    assert closed.retention_until - closed.closed_on >= timedelta(days=5 * 365)

    # The audit trail is whole, and the friction report tells of this very journey.
    verdict = command(stack, "verify_audit", "--seal", "--json")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    from journeys import services

    visible(events=Event.objects.count())
    services.project(at=timezone.now())
    mined = command(stack, "mine", "life-cycle", "--json")
    assert mined.returncode == 0, mined.stderr
    assert '"edges"' in mined.stdout
    assert '"median_s"' in mined.stdout


def test_the_thread_survives_kill_9(
    stack: Stack, robot: Callable[..., Caller], bank: dict[str, Any]
) -> None:
    """The worker dies while it screens, the relay between commit and send: it still ends, once."""
    stack.start("web")
    core = robot(SCOPES)
    stack.start("worker", "relay")
    customer, application = open_customer(core, bank)
    stack.kill("worker")
    stack.kill("relay")

    from clm.core.models import Delivery
    from kyc.models import Case

    # What the dead ones had claimed is due again now, instead of after its back-off.
    stack.start("worker", "relay")
    hurry = "UPDATE core_delivery SET due_at = now() WHERE done_at IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(hurry)
    core.until(application, lambda one: one["state"] == "ACTIVATED", "the application is activated")
    core.until(customer, lambda one: one["stage"] == "ACTIVE", "the customer is active")
    wait_until(
        lambda: not Delivery.objects.filter(done_at=None).exists(),
        seconds=SOON,
        what="everything is delivered",
    )
    assert Case.objects.count() == 1
    from customers.models import Holding

    assert Holding.objects.count() == 1
