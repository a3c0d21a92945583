"""Leads and campaigns over the API."""

from acquisition.models import Lead
from tests.factories.acquisition import lead, product

URL = "/api/v1/leads/"


def test_a_lead_is_captured_corrected_and_moved(ada, now, client_for):
    client = client_for(ada)
    answer = client.post(
        URL,
        {
            "given_names": "Freja",
            "family_name": "Holst",
            "email": "Freja@Example.dk",
            "channel": "web",
            "product": str(product(at=now).pk),
            "cpr": "120384-1235",
        },
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["email"] == "freja@example.dk"
    assert body["cpr_masked"] == "120384-••••"
    assert "cpr" not in body
    assert body["state"] == "NEW"
    place = f"{URL}{body['id']}/"
    changed = client.patch(
        place,
        {"note": "Called"},
        content_type="application/json",
        headers={"If-Match": answer["ETag"]},
    )
    assert changed.status_code == 200, changed.content
    stale = client.patch(
        place,
        {"note": "Again"},
        content_type="application/json",
        headers={"If-Match": answer["ETag"]},
    )
    assert stale.status_code == 412
    moved = client.post(
        f"{place}transitions/contact/",
        {},
        content_type="application/json",
        headers={"If-Match": changed["ETag"]},
    )
    assert moved.status_code == 200, moved.content
    assert moved.json()["state"] == "CONTACTED"


def test_a_refusal_names_the_guard(ada, now, client_for):
    client = client_for(ada)
    made = lead(at=now, branch=ada.branch, email="", phone="")
    tag = client.get(f"{URL}{made.pk}/")["ETag"]
    answer = client.post(
        f"{URL}{made.pk}/transitions/contact/",
        {},
        content_type="application/json",
        headers={"If-Match": tag},
    )
    assert answer.status_code == 409
    assert "e-mail" in answer.json()["errors"][0]["detail"]


def test_what_only_the_service_sets_is_refused(ada, now, client_for):
    for extra in ({"state": "CONVERTED"}, {"customer": "x"}, {"nonsense": 1}):
        answer = client_for(ada).post(
            URL, {"family_name": "H", "channel": "web", **extra}, content_type="application/json"
        )
        assert answer.status_code == 400, extra
    assert not Lead.objects.exists()


def test_reach_and_role(bo, max_, now, client_for):
    made = lead(at=now)
    assert client_for(bo).get(f"{URL}{made.pk}/").status_code == 404
    assert client_for(bo).get(URL).json()["results"] == []
    assert client_for(max_).get(URL).status_code == 403


def test_a_campaign_s_costs_and_results(make_user, now, client_for):
    from tests.factories.acquisition import campaign

    client = client_for(make_user("maria", "manager"))
    made = campaign(at=now, budget=1000)
    place = f"/api/v1/campaigns/{made.pk}/"
    bill = {
        "spent_on": "2026-03-01", "kind": "media", "reference": "F-7",
        "amount": {"amount": "250.00", "currency": "DKK"},
    }  # fmt: skip
    entered = client.post(f"{place}costs/", bill, content_type="application/json")
    assert entered.status_code == 201, entered.content
    again = client.post(f"{place}costs/", bill, content_type="application/json")
    assert again.status_code == 400
    lead(at=now, campaign=made)
    shown = client.get("/api/v1/campaigns/").json()["results"][0]
    assert shown["budget"] == {"amount": "1000.00", "currency": "DKK"}
    assert shown["spent"] == {"amount": "250.00", "currency": "DKK"}
    (cost,) = client.get(f"{place}costs/").json()["results"]
    assert cost["amount"] == {"amount": "250.00", "currency": "DKK"}
    found = client.get(f"{place}results/").json()
    assert (found["leads"], found["customers"], found["cost_per_customer"]) == (1, 0, None)
    assert [step["count"] for step in found["funnel"]] == [1, 0, 0, 0, 0]
