import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers import services
from customers.lifecycle import Stage
from customers.models import Customer
from tests.core_api.conftest import Api
from tests.factories import customers as make

pytestmark = pytest.mark.django_db

FIELDS = {
    "id", "kind", "given_names", "family_name", "name", "display_name", "born_on",
    "nationalities", "residence_country", "language", "emails", "phones", "addresses",
    "identifiers", "stage", "risk_level", "adviser", "branch", "segment", "version",
    "created_at", "updated_at",
}  # fmt: skip
PERSON = {
    "kind": "person", "given_names": "Mette", "family_name": "Sørensen", "born_on": "1984-03-12",
    "emails": ["mette@example.dk"], "phones": ["29110418"], "nationalities": ["DK"],
    "addresses": [{"line1": "Vestergade 31", "postal_code": "8000", "city": "Aarhus C"}],
    "identifiers": [{"kind": "cpr", "value": "120384-1234"}],
}  # fmt: skip


@pytest.fixture
def as_(client_for):
    return lambda user: Api(client_for(user))


def test_a_customer_is_made_read_and_changed(as_, ada, aarhus):
    api = as_(ada)
    made = api.post("customers/", {**PERSON, "branch": str(aarhus.pk)})
    assert made.status_code == 201, made.content
    body = made.json()
    assert body.keys() >= FIELDS
    assert body["stage"] == "PROSPECT"
    assert body["identifiers"][0]["masked"] == "120384-••••"
    assert "1203841234" not in made.content.decode()
    assert "ciphertext" not in body["identifiers"][0]
    path = f"customers/{body['id']}/"
    tag = api.get(path).headers["ETag"]
    assert api.patch(path, {"family_name": "Ågård"}).status_code == 428
    changed = api.patch(path, {"family_name": "Ågård", "emails": []}, If_Match=tag)
    assert changed.status_code == 200
    assert changed.json()["display_name"] == "Mette Ågård"
    assert changed.json()["emails"] == []
    assert api.patch(path, {"family_name": "X"}, If_Match=tag).status_code == 412


@pytest.mark.parametrize(
    "body",
    [
        {"stage": "ACTIVE"}, {"risk_level": "low"}, {"segment": "x"}, {"version": 3},
        {"unknown": 1}, {"kind": "alien"}, {"family_name": ""}, {"emails": ["x"]},
        {"nationalities": ["XX"]}, {"identifiers": [{"kind": "cpr", "value": "1"}]},
        {"adviser": "0190a000-0000-7000-8000-000000000000"}, {"phones": "29110418"},
        {"addresses": [{"city": "Aarhus"}]}, {"born_on": "31-02-1984"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_400_with_a_pointer(as_, ada, body):
    answer = as_(ada).post("customers/", {**PERSON, **body})
    assert answer.status_code == 400, answer.content
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["errors"]


def test_out_of_reach_is_404_and_not_listed(as_, ada, bo, odense, aarhus):
    hers = make.customer(adviser=ada, branch=aarhus)
    his = make.customer(adviser=bo, branch=odense)
    api = as_(ada)
    for part in ("", "identifiers/", "holdings/", "consents/", "timeline/", "transitions/"):
        assert api.get(f"customers/{hers.pk}/{part}").status_code == 200, part
        assert api.get(f"customers/{his.pk}/{part}").status_code == 404, part
    listed = api.get("customers/").json()["results"]
    assert [one["id"] for one in listed] == [str(hers.pk)]
    found = api.post("customers/search/", {"query": "sørensen"}).json()["results"]
    assert [one["id"] for one in found] == [str(hers.pk)]


def test_lists_page_in_danish_order(as_, karen):
    for family in ("Åberg", "Zander", "Ærø", "Andersen"):
        make.customer(family_name=family, given_names="Per")
    api = as_(karen)
    names, url = [], "customers/?limit=3"
    while url:
        page = api.get(url).json()
        names += [one["family_name"] for one in page["results"]]
        url = page["next"]
    assert names == ["Andersen", "Zander", "Ærø", "Åberg"]


def test_a_reveal_needs_reason_and_permission(as_, ada, line):
    customer = make.customer(adviser=ada, identifiers=[("cpr", "120384-1234")])
    path = f"customers/{customer.pk}/identifiers/{customer.identifiers.get().pk}/reveal/"
    assert as_(line).post(path, {"reason": "curious"}).status_code == 403
    assert as_(ada).post(path, {"reason": ""}).status_code == 400
    assert as_(ada).post(path, {"reason": "called in"}).json()["value"] == "1203841234"


def test_parts_are_added(as_, ada, system, now):
    customer = make.customer(adviser=ada)
    make.product(code="salary")
    api = as_(ada)
    base = f"customers/{customer.pk}"
    consent = {"purpose": "marketing", "channel": "email", "decision": "given", "source": "web",
               "wording_version": "marketing-1"}  # fmt: skip
    assert api.post(f"{base}/consents/", consent).status_code == 201
    assert api.get(f"{base}/consents/").json()["results"][0]["decision"] == "given"
    assert api.post(f"{base}/identifiers/", {"kind": "cvr", "value": "13585628"}).status_code == 201
    assert api.post(f"{base}/identifiers/", {"kind": "cvr", "value": "13585629"}).status_code == 400
    titles = [one["title"] for one in api.get(f"{base}/timeline/").json()["results"]]
    assert len(titles) == 3


def test_transitions_tell_and_refuse_with_sentences(as_, ada):
    customer = make.customer(stage=Stage.ONBOARDING, adviser=ada)
    api = as_(ada)
    offers = {one["name"]: one for one in api.get(f"customers/{customer.pk}/transitions/").json()}
    assert "KYC is cleared" in offers["activate"]["reasons"]
    assert not offers["activate"]["allowed"]


def test_an_import_is_a_job(client_for, ola, ada, now):
    client = client_for(ola)
    file = SimpleUploadedFile("c.csv", b"external_id,family_name\n1,Holm\n", "text/csv")
    answer = client.post("/api/v1/customers/import/", {"file": file, "source": "core"})
    assert answer.status_code == 202, answer.content
    job = client.get(answer.headers["Location"]).json()
    assert job["state"] == "QUEUED"
    assert job["kind"] == "customers.import"
    file.seek(0)
    refused = client_for(ada).post("/api/v1/customers/import/", {"file": file, "source": "core"})
    assert refused.status_code == 403


def test_products_and_offers(as_, ada, karen, now):
    customer = make.customer(stage=Stage.ACTIVE, adviser=ada)
    product = make.product()
    api = as_(ada)
    assert api.get("products/").json()["results"][0]["id"] == str(product.pk)
    offer = {
        "customer": str(customer.pk), "product": str(product.pk), "kind": "fee",
        "text": "No fee for a year", "cost": {"amount": "468.00", "currency": "DKK"},
    }  # fmt: skip
    made = api.post("offers/", offer)
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "OFFERED"
    assert made.json()["cost"]["amount"] == "468.00"
    assert as_(karen).post("offers/", offer).status_code == 403


def test_no_answer_carries_a_number_in_clear(as_, ada):
    customer = make.customer(adviser=ada, identifiers=[("cpr", "120384-1234")])
    services.change_customer(
        customer=customer, changes={"segment": "a"}, actor=ada, at=customer.created_at
    )
    api = as_(ada)
    for path in ("customers/", f"customers/{customer.pk}/", f"customers/{customer.pk}/timeline/"):
        assert "1203841234" not in json.dumps(api.get(path).json())
    assert Customer.objects.count() == 1
