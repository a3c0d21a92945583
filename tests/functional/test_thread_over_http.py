"""One customer from first contact to closed account, over HTTP alone, on real processes."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.db import connection
from django.utils import timezone

from clm.core.api import clients
from clm.core.models import Event, User
from tests.functional.past import make_past
from tests.functional.stack import PATIENCE, ROOT, Stack
from tests.patience import visible

# Seals and the stream wait for the oldest transaction of the whole cluster.
pytestmark = pytest.mark.xdist_group("cluster")


class Caller:
    """An API client: bearer token, versions and error texts handled."""

    def __init__(self, stack: Stack, client_id: str, secret: str) -> None:
        self.stack = stack
        self.url = stack.url
        answer = requests.post(
            f"{self.url}/api/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, secret),
            timeout=PATIENCE,
        )
        assert answer.status_code == 200, answer.text
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def call(self, method: str, path: str, status: int, **kwargs: Any) -> Any:
        answer = self.session.request(
            method, f"{self.url}/api/v1/{path}", timeout=PATIENCE, **kwargs
        )
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        return self.call("GET", path, 200)

    def post(self, path: str, body: dict[str, Any], status: int = 201) -> Any:
        return self.call("POST", path, status, json=body)

    def tagged(self, method: str, path: str, of: str, body: dict[str, Any]) -> Any:
        """A call that needs the present version of `of`."""
        tag = self.session.get(f"{self.url}/api/v1/{of}", timeout=PATIENCE).headers["ETag"]
        return self.call(method, path, 200, json=body, headers={"If-Match": tag})

    def step(self, of: str, name: str, reason: str = "") -> Any:
        return self.tagged("POST", f"{of}transitions/{name}/", of, {"reason": reason})

    def until(self, path: str, true: Callable[[Any], bool], what: str) -> Any:
        def look() -> Any:
            found = self.get(path)
            return found if true(found) else None

        return self.stack.wait_until(look, what=what)


class Person(Caller):
    """Somebody of the bank, signed in on the sign-in page; the session speaks to the API."""

    def __init__(self, stack: Stack, username: str) -> None:
        self.stack = stack
        self.url = stack.url
        self.session = requests.Session()
        page = f"{self.url}/accounts/login/"
        self.session.get(page, timeout=PATIENCE)
        answer = self.session.post(
            page,
            data={
                "login": username,
                "password": f"demo-{username}",
                "csrfmiddlewaretoken": self.session.cookies["csrftoken"],
            },
            headers={"Referer": page},
            timeout=PATIENCE,
        )
        assert answer.url == f"{self.url}/", answer.url
        self.session.headers.update(
            {"X-CSRFToken": self.session.cookies["csrftoken"] or "", "Referer": f"{self.url}/"}
        )


ELLEN = {
    "given_names": "Ellen Marie", "family_name": "Østergaard", "born_on": "1984-03-12",
    "cpr": "120384-1232", "nationalities": "DK", "email": "ellen@example.dk",
    "phone": "+45 29110418", "residence_country": "DK",
}  # fmt: skip
# Somebody else who bears the name of entry 22790 of the list of the United States' treasury.
NICOLAS = {
    **ELLEN, "given_names": "Nicolas", "family_name": "Maduro Moros", "born_on": "1962-05-02",
    "cpr": "020562-1234", "email": "nicolas@example.dk", "phone": "+45 29110419",
}  # fmt: skip
OFAC = ROOT.parent / "shared" / "data" / "sanctions" / "ofac_older"


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


def answers_for(application: dict[str, Any], who: dict[str, str]) -> dict[str, Any]:
    """Every question of the application's template, answered."""
    from onboarding import blueprint
    from onboarding.models import Application

    template = Application.objects.get(pk=application["id"]).template.data
    filled: dict[str, Any] = {}
    for task in blueprint.tasks(template):
        if task.kind != "answers":
            continue
        filled[task.key] = {
            one.key: who.get(one.key) or (one.choices[0][0] if one.choices else _some(one.type))
            for one in task.fields
        }
    return filled


def _some(kind: str) -> str:
    known = {"date": "1984-03-12", "country": "DK", "countries": "DK", "yes": "yes"}
    return known.get(kind, "Nurse")


def open_customer(
    robot_: Caller, bank: dict[str, Any], who: dict[str, str] = ELLEN
) -> tuple[str, str]:
    """From lead to submitted application; paths of customer and application."""
    ada, product = bank["users"]["ada"], bank["products"]["loenkonto"]
    lead = robot_.post(
        "leads/",
        {
            "given_names": who["given_names"], "family_name": who["family_name"],
            "channel": "web", "email": who["email"], "product": str(product.pk),
            "adviser": str(ada.pk), "branch": str(ada.branch_id),
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
        {"answers": answers_for(found["results"][0], who)},
    )  # fmt: skip
    robot_.step(application, "submit")
    return customer, application


def a_score_opens_a_case(stack: Stack, rikke: Person, customer: str) -> str:
    """A model learns from the bank's past, Maria approves it, tonight's scores flag the customer."""
    from journeys import services

    trained = stack.command("train_churn", "--json")
    assert trained.returncode == 0, trained.stderr
    maria = Person(stack, "maria")
    maria.step(f"models/{maria.get('models/')['results'][0]['id']}/", "approve")
    visible(events=Event.objects.count())
    services.project(at=timezone.now())
    scored = stack.command("score_churn", "--json")
    assert scored.returncode == 0, scored.stderr
    found = rikke.until(
        f"save-cases/?customer={customer}", lambda page: bool(page["results"]), "a save case opens"
    )
    case = found["results"][0]
    assert case["probability"] >= 0.5
    return f"save-cases/{case['id']}/"


def test_the_whole_thread_over_http(
    stack: Stack, robot: Callable[..., Caller], bank: dict[str, Any]
) -> None:
    make_past(bank=bank, at=timezone.now())
    stack.start("web", "worker", "relay")
    core = robot(SCOPES)

    # From lead to customer, straight through KYC.
    customer, application = open_customer(core, bank)
    core.until(application, lambda one: one["state"] == "ACTIVATED", "the application is activated")
    record = core.until(customer, lambda one: one["stage"] == "ACTIVE", "the customer is active")
    assert record["risk_level"] in ("low", None, "")

    # The customer complains, as those did who left.
    key = record["id"]
    core.post(
        "interactions/",
        {
            "customer": key, "channel": "phone", "purpose": "complaint", "outcome": "reached",
            "sentiment": -2,
        },
    )  # fmt: skip

    # Kept once: flagged, offered, saved.
    rikke = Person(stack, "rikke")
    path = a_score_opens_a_case(stack, rikke, key)
    rikke.until(customer, lambda one: one["stage"] == "AT_RISK", "the customer is at risk")
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
        stack.wait_until(contacted, what="the conversation is noted on the case")
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
        f"{stack.url}/api/v1/{path}transitions/settle/", json={"reason": ""}, timeout=PATIENCE,
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
    verdict = stack.command("verify_audit", "--seal", "--json")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    from journeys import services

    visible(events=Event.objects.count())
    services.project(at=timezone.now())
    mined = stack.command("mine", "life-cycle", "--json")
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
    stack.wait_until(
        lambda: not Delivery.objects.filter(done_at=None).exists(), what="everything is delivered"
    )
    assert Case.objects.count() == 1
    from customers.models import Holding

    assert Holding.objects.count() == 1


@pytest.mark.skipif(not OFAC.is_dir(), reason="The real list is not beside this clone.")
def test_the_real_list_stops_its_names_and_no_others(
    stack: Stack, robot: Callable[..., Caller], bank: dict[str, Any]
) -> None:
    loaded = stack.command("import_watchlist", "ofac-csv", str(OFAC), "--list", "ofac", "--json")
    assert loaded.returncode == 0, loaded.stderr
    assert json.loads(loaded.stdout)["entries"] == 8976
    stack.start("web", "worker", "relay")
    core = robot(SCOPES)

    # An innocent name goes straight through.
    customer, application = open_customer(core, bank)
    core.until(application, lambda one: one["state"] == "ACTIVATED", "the application is activated")
    core.until(customer, lambda one: one["stage"] == "ACTIVE", "the customer is active")

    # A listed one waits for a person, with the entry beside it.
    customer, application = open_customer(core, bank, NICOLAS)
    line = Person(stack, "line")
    key = core.get(customer)["id"]
    found = line.until(
        f"kyc/cases/?customer={key}",
        lambda page: bool(page["results"]) and page["results"][0]["state"] == "TRIAGE",
        "the case is handed to a person",
    )
    assert len(found["results"]) == 1
    hits = line.get(f"kyc/hits/?case={found['results'][0]['id']}")["results"]
    assert [one["name"] for one in hits] == ["MADURO MOROS, Nicolas"]
    assert core.get(application)["state"] == "VERIFYING"
    queue = line.session.get(f"{stack.url}/kyc/?tab=unassigned", timeout=PATIENCE)
    assert "Nicolas Maduro Moros" in queue.text
    assert "Østergaard" not in queue.text
