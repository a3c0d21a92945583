"""Onboarding's pages as people use them."""

import pytest
from django.urls import reverse

from onboarding.lifecycle import ApplicationState as State
from onboarding.models import Application, ApplicationTask
from tests.factories.acquisition import product
from tests.factories.customers import customer
from tests.factories.onboarding import ANSWERS, application


def test_the_queue_shows_each_view(ola, now, client_for):
    for state in State:
        application(state=state, at=now, officer=ola)
    for view in ("open", "mine", "review", "unassigned", "waiting", "closed"):
        page = client_for(ola).get(reverse("onboarding:queue"), {"view": view})
        assert page.status_code == 200, view


def test_without_a_role_the_pages_are_closed(max_, ola, now, client_for):
    made = application(at=now)
    client = client_for(max_)
    assert client.get(reverse("onboarding:queue")).status_code == 403
    assert client.get(reverse("onboarding:application", args=[made.pk])).status_code == 403


def test_another_branch_s_application_does_not_exist(bo, ada, now, client_for):
    made = application(at=now, branch=ada.branch)
    assert client_for(bo).get(reverse("onboarding:application", args=[made.pk])).status_code == 404
    task = made.tasks.first()
    assert task is not None
    answer = client_for(bo).post(reverse("onboarding:task", args=[task.pk]), {})
    assert answer.status_code == 404


@pytest.mark.parametrize("state", list(State))
def test_the_workspace_in_every_state(ola, now, client_for, state):
    made = application(state=state, at=now, officer=ola)
    page = client_for(ola).get(reverse("onboarding:application", args=[made.pk]))
    assert page.status_code == 200
    waits = state in (State.SUBMITTED, State.VERIFYING, State.APPROVED)
    assert ("every 2s" in page.content.decode()) == waits


def test_the_questions_are_answered_page_by_page(ada, now, client_for):
    made = application(at=now, answered=False, branch=ada.branch)
    client = client_for(ada)
    place = reverse("onboarding:application", args=[made.pk])
    for key, answers in ANSWERS.items():
        task = ApplicationTask.objects.get(application=made, key=key)
        shown = client.get(place, {"task": key})
        assert shown.context["task"].record == task
        assert shown.context["editable"]
        data = {
            f"answer-{name}": ", ".join(value) if isinstance(value, list) else value
            for name, value in answers.items()
        }
        data["version"] = task.version
        answer = client.post(reverse("onboarding:task", args=[task.pk]), data)
        assert answer.status_code == 302, answer.content
    assert client.get(place).context["missing"] == []


def test_a_wrong_answer_comes_back_with_what_was_typed(ada, now, client_for):
    made = application(at=now, answered=False, branch=ada.branch)
    task = ApplicationTask.objects.get(application=made, key="person")
    answer = client_for(ada).post(
        reverse("onboarding:task", args=[task.pk]),
        {"answer-family_name": "Kragh", "answer-cpr": "12"},
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Kragh"' in page
    assert 'aria-invalid="true"' in page


def test_an_application_is_taken_and_put_back(ola, now, client_for):
    made = application(state=State.IN_REVIEW, at=now)
    place = reverse("onboarding:assign", args=[made.pk])
    client_for(ola).post(place)
    assert Application.objects.get().officer == ola
    client_for(ola).post(place, {"release": "1"})
    assert Application.objects.get().officer is None


def test_an_application_is_opened_from_the_customer(ada, now, client_for):
    made = customer(at=now, branch=ada.branch)
    place = reverse("onboarding:open", args=[made.pk])
    product(at=now)
    assert client_for(ada).get(place).status_code == 200
    assert client_for(ada).post(place, {"product": "nonsense"}).status_code == 422
    answer = client_for(ada).post(place, {"product": "loenkonto"})
    opened = Application.objects.get(customer=made)
    assert answer["Location"] == reverse("onboarding:application", args=[opened.pk])


def test_the_kind_is_chosen_when_it_is_opened(ada, now, client_for):
    """The one that fits is marked; a start-up is said by whoever opens it."""
    made = customer(at=now, branch=ada.branch, kind="organisation", legal_form="ApS")
    product(at=now, customer_kinds=["organisation"])
    place = reverse("onboarding:open", args=[made.pk])
    client = client_for(ada)
    chooser = client.get(reverse("onboarding:new"), {"kind": "start_up"})
    assert f"{place}?kind=start_up" in chooser.content.decode()
    offered = client.get(place).context
    assert next(one.kind for one in offered["kinds"]) == offered["kind"] == "limited_company"
    assert len(offered["kinds"]) == 4
    wrong = client.post(place, {"product": "loenkonto", "kind": "young_person"})
    assert wrong.status_code == 422
    assert "kind" in wrong.context["errors"]
    client.post(place, {"product": "loenkonto", "kind": "start_up"})
    assert Application.objects.get(customer=made).template.kind == "start_up"
    assert str(made) not in client.get(reverse("onboarding:new")).content.decode()


def test_the_officer_s_check_is_ticked_and_taken_back(ola, now, client_for):
    made = application(at=now, kind="organisation", answered=False)
    task = ApplicationTask.objects.get(application=made, key="register_extract")
    client = client_for(ola)
    place = reverse("onboarding:task", args=[task.pk])
    page = client.get(
        reverse("onboarding:application", args=[made.pk]), {"task": "register_extract"}
    )
    assert page.context["editable"]
    client.post(place, {"note": "Same as told"})
    task.refresh_from_db()
    assert task.done_at is not None
    assert task.answers == {"note": "Same as told"}
    client.post(place, {"reopen": "1"})
    task.refresh_from_db()
    assert task.done_at is None
