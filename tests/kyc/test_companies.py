"""The Danish register asked over real HTTP: what it says, and what it does when it does not."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from clm.core import jobs
from clm.core.models import Event, Job, User
from customers.models import Customer, SourceRecord
from kyc import companies, services
from kyc.companies.standin import StandIn
from kyc.models import RegisterDiscrepancy, Trigger
from kyc.registers import Extract, Owner

SAID = Extract(
    "CVR", name="Havn ApS", owners=[Owner("Mette Sørensen", 50.0, 66.66)],
    directors=["Bo Holm"], address="Havnegade 3 8000 Aarhus C",
)  # fmt: skip


@pytest.fixture
def company(make_customer: Callable[..., Customer]) -> Customer:
    return make_customer(
        kind="organisation", name="Havn ApS", given="", family="", born_on=None, nationalities=[],
        identifiers=[("cvr", "10150817", "DK")],
    )  # fmt: skip


@pytest.fixture
def register(settings: Any) -> Iterator[StandIn]:
    known = {"10150817": SAID}
    with StandIn(of=known.get, user="bank", password="secret") as server:
        settings.CVR_URL, settings.CVR_USER = server.address, "bank"
        settings.CVR_PASSWORD = "secret"
        yield server


def test_a_statement_survives_the_service_s_own_words(register: StandIn) -> None:
    assert companies.registered()["cvr"].read("10150817") == Extract(
        "CVR", name="Havn ApS", status="", owners=SAID.owners, directors=SAID.directors,
        address=SAID.address,
    )  # fmt: skip
    with pytest.raises(companies.NotInRegister):
        companies.registered()["cvr"].read("99999999")


def test_a_client_has_it_asked_and_what_differs_is_found(
    register: StandIn, company: Customer, line: User, now: datetime, client_for: Any
) -> None:
    client = client_for(line)
    page = "/api/v1/kyc/register-discrepancies/"
    asked = {"customer": str(company.pk), "register": "cvr"}
    accepted = client.post(f"{page}ask/", asked, content_type="application/json")
    assert accepted.status_code == 202, accepted.content
    job = jobs.run(job=Job.objects.get(pk=accepted.json()["id"]), at=now)
    assert (job.state, job.outcome) == ("DONE", {"differences": 3})
    kinds = set(RegisterDiscrepancy.objects.values_list("kind", flat=True))
    assert kinds == {"owner_untold", "director_untold", "address"}
    assert SourceRecord.objects.filter(customer=company, system="cvr").exists()
    # The same over the API, typed; a person settles.
    told = {**asked, "register": "CVR", "directors": ["Bo Holm"], "status": "TVANGSOPLØST"}
    answer = client.post(page, told, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert {one["kind"] for one in answer.json()} == kinds | {"status"}
    one = answer.json()[0]["id"]
    body = {"outcome": "reported", "comment": "told the register"}
    done = client.post(f"{page}{one}/settle/", body, content_type="application/json")
    assert done.json()["outcome"] == "reported"
    faulty = {**asked, "owners": [{"name": "X", "share_from": 9, "share_to": 3}]}
    assert client.post(page, faulty, content_type="application/json").status_code == 400


def test_a_case_on_a_company_has_its_register_asked(
    register: StandIn, company: Customer, system: User, now: datetime, deliver_all: Any
) -> None:
    case = services.open_case(customer=company, trigger=Trigger.ONBOARDING, actor=system, at=now)
    deliver_all()
    services.ask_registers(event=Event.objects.get(record_id=case.pk, action="create"), at=now)
    jobs.run(job=Job.objects.get(kind="kyc.read_register"), at=now)
    deliver_all()
    assert RegisterDiscrepancy.objects.filter(customer=company).count() == 3
    assert case.checks.filter(kind="company_register", result="failed").exists()
    # What the register itself opened asks it no second time, nor does a case on a person.
    assert Job.objects.filter(kind="kyc.read_register").count() == 1


@pytest.mark.parametrize("how", ["password", "status", "broken", "other", "gone"])
def test_a_register_in_trouble_changes_nothing_and_says_so(
    register: StandIn, company: Customer, line: User, now: datetime, settings: Any, how: str
) -> None:
    if how == "password":
        settings.CVR_PASSWORD = "wrong"
    elif how == "gone":
        settings.CVR_URL = "http://127.0.0.1:9"
    else:
        status = 500 if how == "status" else 200
        other = b'{"hits": {"hits": [{"_source": {"Vrvirksomhed": {"cvrNummer": 10150818}}}]}}'
        raw = other if how == "other" else b"{" * 9
        register.instead = lambda handler, _path: handler.answer(status, None, raw=raw) or True
    job = services.start_register_read(customer=company, register="cvr", actor=line, at=now)
    job = jobs.run(job=job, at=now)
    assert job.state == "FAILED"
    assert "does not answer as agreed" in job.message
    assert "10150817" not in job.message
    assert not RegisterDiscrepancy.objects.exists()
