"""Applications over the API."""

from onboarding.models import Application, WelcomeMessage, WelcomePlan
from tests.factories.acquisition import product
from tests.factories.customers import customer
from tests.factories.onboarding import ANSWERS, application

URL = "/api/v1/applications/"
JSON = "application/json"


def test_an_application_is_opened_answered_and_submitted(ada, now, client_for):
    client = client_for(ada)
    made = customer(at=now, branch=ada.branch)
    opened = client.post(
        URL,
        {"customer": str(made.pk), "product": str(product(at=now).pk)},
        content_type=JSON,
    )
    assert opened.status_code == 201, opened.content
    place = f"{URL}{opened.json()['id']}/"
    assert opened.json()["missing"]
    answered = client.patch(
        place,
        {"answers": ANSWERS},
        content_type=JSON,
        headers={"If-Match": opened["ETag"]},
    )
    assert answered.status_code == 200, answered.content
    assert answered.json()["missing"] == []
    assert "1203841235" not in answered.content.decode()
    moved = client.post(
        f"{place}transitions/submit/",
        {},
        content_type=JSON,
        headers={"If-Match": answered["ETag"]},
    )
    assert moved.status_code == 200, moved.content
    assert moved.json()["state"] == "SUBMITTED"


def test_a_system_says_what_the_customer_is_asked_as(ada, now, client_for):
    client = client_for(ada)
    made = customer(at=now, branch=ada.branch, kind="organisation", legal_form="ApS")
    body = {"customer": str(made.pk), "kind": "young_person"}
    refused = client.post(URL, body, content_type=JSON)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/kind"
    opened = client.post(URL, body | {"kind": "start_up"}, content_type=JSON)
    assert opened.json()["template"] == "start_up"
    later = client.patch(
        f"{URL}{opened.json()['id']}/",
        {"kind": "association"},
        content_type=JSON,
        headers={"If-Match": opened["ETag"]},
    )
    assert later.status_code == 400


def test_a_wrong_answer_is_pointed_at_and_nothing_is_kept(ada, now, client_for):
    client = client_for(ada)
    made = application(at=now, answered=False, branch=ada.branch)
    tag = client.get(f"{URL}{made.pk}/")["ETag"]
    answer = client.patch(
        f"{URL}{made.pk}/",
        {"answers": {"tax": {"tax_countries": ["DK"]}, "person": {"cpr": "12"}}},
        content_type=JSON,
        headers={"If-Match": tag},
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/answers/person/cpr"
    made.customer.refresh_from_db()
    assert made.customer.tax_countries == []


def test_unknown_tasks_and_questions_are_refused(ada, now, client_for):
    client = client_for(ada)
    made = application(at=now, answered=False, branch=ada.branch)
    for body in (
        {"answers": {"nonsense": {"x": 1}}},
        {"answers": {"person": {"state": "x"}}},
        {"answers": {"person": "x"}},
        {"checks": {"nonsense": {"done": True}}},
        {"state": "APPROVED"},
        {"kyc_outcome": "cleared"},
        {"customer": str(made.customer_id)},
    ):
        tag = client.get(f"{URL}{made.pk}/")["ETag"]
        answer = client.patch(
            f"{URL}{made.pk}/", body, content_type=JSON, headers={"If-Match": tag}
        )
        assert answer.status_code == 400, body


def test_only_who_may_assign_names_an_officer(ada, ola, now, client_for):
    made = application(at=now, branch=ada.branch)
    for actor, status in ((ada, 403), (ola, 200)):
        client = client_for(actor)
        tag = client.get(f"{URL}{made.pk}/")["ETag"]
        answer = client.patch(
            f"{URL}{made.pk}/",
            {"officer": str(ola.pk)},
            content_type=JSON,
            headers={"If-Match": tag},
        )
        assert answer.status_code == status, answer.content
    assert Application.objects.get().officer == ola


def test_the_list_is_short_and_narrows(ola, now, client_for):
    application(at=now)
    application(state="SUBMITTED", at=now)
    answer = client_for(ola).get(URL, {"state": "SUBMITTED"})
    assert answer.status_code == 200, answer.content
    (row,) = answer.json()["results"]
    assert row["state"] == "SUBMITTED"
    assert "tasks" not in row


def test_reach_and_role(bo, ada, max_, now, client_for):
    made = application(at=now, branch=ada.branch)
    assert client_for(bo).get(f"{URL}{made.pk}/").status_code == 404
    assert client_for(max_).get(URL).status_code == 403


def test_templates_are_drafted_tried_and_proposed_by_a_system(ola, now, client_for):
    client, url = client_for(ola), "/api/v1/application-templates/"
    (now_in_force,) = client.get(url, {"kind": "association", "state": "IN_FORCE"}).json()[
        "results"
    ]
    body = {name: now_in_force[name] for name in ("kind", "name", "data")}
    spoiled = client.post(url, body | {"data": {}, "note": "x"}, content_type=JSON)
    assert spoiled.status_code == 400
    made = client.post(url, body | {"note": "Another year"}, content_type=JSON)
    assert made.status_code == 201, made.content
    place = f"{url}{made.json()['id']}/"
    untried = client.post(
        f"{place}transitions/propose/", {}, content_type=JSON,
        headers={"If-Match": made["ETag"]},
    )  # fmt: skip
    assert untried.status_code == 409
    assert client.post(f"{place}trial/", {"days": 90}, content_type=JSON).status_code == 202


def test_messages_name_their_receiver_by_a_reference(ola, now, client_for):
    made = application(at=now, officer=ola)
    plan = WelcomePlan.objects.create(
        application=made, begun_at=now, created_at=now, updated_at=now
    )
    WelcomeMessage.objects.create(plan=plan, step="welcome", due_at=now)
    url = "/api/v1/messages/"
    (shown,) = client_for(ola).get(url, {"customer": str(made.customer_id)}).json()["results"]
    assert shown["customer"] == str(made.customer_id)
    assert shown["push_reference"].startswith("push_")
    assert str(made.customer_id) not in shown["push_reference"]
