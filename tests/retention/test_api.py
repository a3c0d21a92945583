"""Interactions, save cases and closures over the API."""

import json

import pytest

from clm.core.models import Event
from customers.lifecycle import Stage
from offboarding.models import Closure
from retention.lifecycle import SaveCaseState
from tests.factories import customers
from tests.factories.offboarding import closure
from tests.factories.retention import save_case


@pytest.fixture
def call(client_for):
    def make(user):
        client = client_for(user)

        def send(method, path, body=None, **headers):
            return client.generic(
                method,
                f"/api/v1/{path}",
                json.dumps(body) if body is not None else "",
                content_type="application/json",
                headers=headers,
            )

        return send

    return make


def test_an_interaction_is_recorded_and_listed(ada, aarhus, call, now):
    customer = customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=now)
    api = call(ada)
    body = {
        "customer": str(customer.pk),
        "channel": "phone",
        "purpose": "service",
        "outcome": "reached",
        "sentiment": 1,
        "text": "All is well",
    }
    made = api("POST", "interactions/", body)
    assert made.status_code == 201, made.content
    assert made.json()["by"] == str(ada.pk)
    found = api("GET", f"interactions/?customer={customer.pk}").json()["results"]
    assert [one["id"] for one in found] == [made.json()["id"]]
    assert api("POST", "interactions/", {**body, "by": str(ada.pk)}).status_code == 400


def test_interactions_out_of_reach_are_refused(bo, aarhus, call, now):
    customer = customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=now)
    body = {
        "customer": str(customer.pk), "channel": "phone", "purpose": "service",
        "outcome": "reached",
    }  # fmt: skip
    assert call(bo)("POST", "interactions/", body).status_code == 400


def test_a_save_case_goes_its_way_over_http(rikke, ada, call, deliver_all, now):
    customer = customers.customer(stage=Stage.ACTIVE, adviser=ada, at=now)
    api = call(rikke)
    made = api("POST", "save-cases/", {"customer": str(customer.pk), "reason_code": "fee"})
    assert made.status_code == 201, made.content
    path, tag = f"save-cases/{made.json()['id']}/", made["ETag"]

    def take(name, body=None, status=200):
        nonlocal tag
        answer = api("POST", f"{path}transitions/{name}/", body or {}, **{"if-match": tag})
        assert answer.status_code == status, answer.content
        tag = answer.headers.get("ETag", tag)
        return answer.json()

    assert api("POST", f"{path}transitions/assign/", {}).status_code == 428
    assert take("assign")["state"] == "ASSIGNED"
    assert "conversation" in str(take("contact", status=409))
    talk = {
        "customer": str(customer.pk), "channel": "phone", "purpose": "retention",
        "outcome": "reached",
    }  # fmt: skip
    assert api("POST", "interactions/", talk).status_code == 201
    from django.utils import timezone

    deliver_all(timezone.now())
    tag = api("GET", path)["ETag"]
    assert take("contact")["state"] == "CONTACTED"
    dear = api(
        "POST",
        f"{path}offer/",
        {"text": "X", "cost": {"amount": "999999.00", "currency": "DKK"}},
        **{"if-match": tag},
    )
    assert dear.status_code == 400
    offer = api(
        "POST",
        f"{path}offer/",
        {"text": "X", "cost": {"amount": "10.00", "currency": "DKK"}},
        **{"if-match": tag},
    )
    assert offer.status_code == 200, offer.content
    tag = offer["ETag"]
    assert take("offer")["state"] == "OFFERED"
    done = take("save")
    assert done["state"] == "SAVED"
    assert done["budget"]["currency"] == "DKK"


def test_losing_without_a_reason_is_refused_in_words(rikke, call, now):
    case = save_case(owner=rikke, at=now)
    api = call(rikke)
    path = f"save-cases/{case.pk}/"
    tag = api("GET", path)["ETag"]
    answer = api("POST", f"{path}transitions/lose/", {}, **{"if-match": tag})
    assert answer.status_code == 409
    assert "A reason is given" in answer.content.decode()


def test_an_owner_is_given_by_patch(rikke, ada, call, now):
    case = save_case(at=now)
    api = call(rikke)
    path = f"save-cases/{case.pk}/"
    tag = api("GET", path)["ETag"]
    answer = api("PATCH", path, {"owner": str(ada.pk)}, **{"if-match": tag})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["owner"], answer.json()["state"]) == (str(ada.pk), "ASSIGNED")
    assert api("PATCH", path, {"state": "SAVED"}, **{"if-match": answer["ETag"]}).status_code == 400


def test_a_closure_over_http_needs_two_people(ada, rikke, aarhus, call, deliver_all, now):
    from django.utils import timezone

    customer = customers.customer(stage=Stage.ACTIVE, branch=aarhus, adviser=ada, at=now)
    product = customers.product(code="p-card", category="card", at=now)
    customers.holding(of=customer, product=product, at=now)
    first, second = call(ada), call(rikke)
    made = first("POST", "closures/", {"customer": str(customer.pk), "ground": "customer"})
    assert made.status_code == 201, made.content
    deliver_all(timezone.now())
    path = f"closures/{made.json()['id']}/"
    rows = first("GET", f"{path}obligations/").json()["results"]
    assert [row["kind"] for row in rows] == ["card"]
    done = first("POST", f"{path}obligations/{rows[0]['id']}/confirm/", {})
    assert done.json()["status"] == "met", done.content
    tag = first("GET", path)["ETag"]
    patched = first("PATCH", path, {"exit_reason": "moved"}, **{"if-match": tag})
    assert patched.status_code == 200, patched.content
    asked = first("POST", f"{path}transitions/propose/", {}, **{"if-match": patched["ETag"]})
    assert asked.json()["state"] == "PENDING_APPROVAL", asked.content
    own = first("POST", f"{path}transitions/settle/", {}, **{"if-match": asked["ETag"]})
    assert own.status_code == 403
    other = second("POST", f"{path}transitions/settle/", {}, **{"if-match": asked["ETag"]})
    assert other.status_code == 200, other.content
    deliver_all(timezone.now())
    assert Closure.objects.get().state == "CLOSED"
    customer.refresh_from_db()
    assert (customer.stage, customer.retention_until is not None) == (Stage.CLOSED, True)


def test_records_out_of_reach_are_not_found(bo, aarhus, call, now):
    customer = customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=now)
    case = save_case(customer=customer, at=now)
    record = closure(customer=customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=now), at=now)
    api = call(bo)
    assert api("GET", f"save-cases/{case.pk}/").status_code == 404
    assert api("GET", f"closures/{record.pk}/").status_code == 404
    assert api("GET", "save-cases/").json()["results"] == []


def test_who_has_no_role_is_forbidden(max_, call, now):
    save_case(at=now)
    for path in ("interactions/", "save-cases/", "closures/"):
        assert call(max_)("GET", path).status_code == 403


def test_a_flagged_case_waits_for_an_owner(rikke, call, now):
    case = save_case(at=now)
    offers = call(rikke)("GET", f"save-cases/{case.pk}/transitions/").json()
    assign = next(one for one in offers if one["name"] == "assign")
    assert not assign["allowed"]
    assert assign["reasons"] == ["The case has an owner"]
    assert case.state == SaveCaseState.FLAGGED
    assert Event.objects.filter(record_id=case.pk, action="create").exists()
