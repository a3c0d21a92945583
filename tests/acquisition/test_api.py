"""Leads and campaigns over the API."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from acquisition import selectors
from acquisition.models import Lead, LeadStep
from clm.core import jobs
from clm.core.models import Job
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


JSON = "application/json"


def test_a_plan_and_an_offer_are_made_corrected_and_retired(ada, make_user, now, client_for):
    from tests.factories.acquisition import campaign

    client, made = client_for(make_user("maria", "manager")), campaign(at=now)

    def post(place, body, **more):
        return client.post(f"/api/v1/{place}/", body, content_type=JSON, **more)

    def patch(answer, place, body):
        place, headers = f"/api/v1/{place}/", {"If-Match": answer["ETag"]}
        return client.patch(place, body, content_type=JSON, headers=headers)

    body = {"campaign": str(made.pk), "after_days": 1, "channel": "phone", "title": "Call"}
    step = post("campaign-steps", body)
    assert (step.status_code, step.json()["position"]) == (201, 1), step.content
    second = post("campaign-steps", {**body, "title": "Write", "channel": "email"})
    interested = lead(at=now, campaign=made, branch=ada.branch)
    own = client_for(ada)
    (due,) = own.get("/api/v1/lead-steps/?waiting=true").json()["results"]
    assert (due["lead"], due["step"]) == (str(interested.pk), step.json()["id"])
    # Out of use it is due for nobody; the one after it is.
    place = f"campaign-steps/{step.json()['id']}"
    other = campaign(at=now)
    assert patch(step, place, {"campaign": str(other.pk)}).status_code == 400
    assert patch(step, place, {"is_used": False}).json()["is_used"] is False
    assert [one.step.title for one in selectors.visible_steps(actor=ada)] == ["Write"]
    waiting = LeadStep.objects.get(step_id=second.json()["id"])
    finish = f"/api/v1/lead-steps/{waiting.pk}/"
    tag = own.get(finish)["ETag"]
    left = {"outcome": "skipped", "reason": "No consent"}
    done = own.post(f"{finish}finish/", left, content_type=JSON, headers={"If-Match": tag})
    assert (done.status_code, done.json()["outcome"]) == (200, "skipped"), done.content

    gift: dict[str, Any] = {
        "campaign": str(made.pk), "name_da": "Gave", "name_en": "Gift", "text_da": "En gave",
        "text_en": "A gift", "valid_from": "2026-01-01",
        "cost": {"amount": "100.00", "currency": "EUR"},
    }  # fmt: skip
    assert post("campaign-offers", gift).status_code == 400, "another currency"
    gift["cost"]["currency"] = "DKK"
    offer = post("campaign-offers", gift)
    assert offer.json()["cost"] == gift["cost"], offer.content
    place = f"/api/v1/leads/{interested.pk}/offers/"
    (seen,) = own.get(place).json()["results"]
    ways = {one["channel"]: one["allowed"] for one in seen["ways"]}
    assert ways == {"": True, "email": False, "sms": False, "phone": False}
    said = {"offer": offer.json()["id"]}
    refused = own.post(place, {**said, "channel": "email"}, content_type=JSON)
    assert refused.status_code == 400
    assert own.post(place, said, content_type=JSON).status_code == 201
    # Somebody has it now: it ends, and does not become another.
    fixed = f"campaign-offers/{offer.json()['id']}"
    assert "text_da" in patch(offer, fixed, {"text_da": "To gaver"}).content.decode()
    assert patch(offer, fixed, {"is_used": False}).status_code == 200
    (seen,) = own.get(place).json()["results"]
    assert seen["made_by"] == str(ada.pk)
    late = lead(at=now, campaign=made, branch=ada.branch)
    assert own.get(f"/api/v1/leads/{late.pk}/offers/").json()["results"] == []
    gone = own.post(f"/api/v1/leads/{late.pk}/offers/", said, content_type=JSON)
    assert "not made any more" in gone.content.decode()


def test_leads_come_in_by_file(make_user, now, client_for):
    from tests.factories.acquisition import campaign

    client, made = client_for(make_user("maria", "manager")), campaign(at=now)
    file = SimpleUploadedFile("leads.csv", b"id,family_name,channel\n1,Holst,web\n2,,web\n")
    body = {"file": file, "source": "fair", "campaign": str(made.pk)}
    answer = client.post(f"{URL}import/", body)
    assert answer.status_code == 202, answer.content
    job = jobs.run(job=Job.objects.get(), at=now)
    assert (job.outcome["created"], job.outcome["failed"]) == (1, 1), job.message
    assert Lead.objects.get().campaign == made
    assert answer["Location"].endswith(f"/api/v1/jobs/{job.pk}/")
