"""The one route by which a page takes a record through a transition."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from acquisition.models import Lead
from clm.core.models import Branch, Event, User
from tests.factories import acquisition as make

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
ClientFor = Callable[[User], Client]


def address(lead: Lead, name: str) -> str:
    return reverse("web:transition", args=["acquisition", "lead", lead.pk, name])


@pytest.fixture
def lead(aarhus: Branch) -> Lead:
    return make.lead(branch=aarhus, email="eva@example.dk")


def state(lead: Lead) -> str:
    return str(Lead.objects.values_list("state", flat=True).get(pk=lead.pk))


def test_a_button_takes_the_lead_on_and_comes_back(
    lead: Lead, ada: User, client_for: ClientFor
) -> None:
    answer = client_for(ada).post(
        address(lead, "contact"), {"version": lead.version, "next": "/jobs/"}, follow=True
    )
    assert answer.redirect_chain == [("/jobs/", 302)]
    assert state(lead) == "CONTACTED"
    event = Event.objects.filter(record_id=lead.pk).order_by("-sequence").first()
    assert event is not None
    assert (event.action, event.actor_id) == ("contact", ada.pk)
    assert b"toast-n success" in answer.content


def test_a_refusal_names_every_guard(aarhus: Branch, ada: User, client_for: ClientFor) -> None:
    lead = make.lead(state="CONTACTED", branch=aarhus, email="eva@example.dk", product=None)
    answer = client_for(ada).post(address(lead, "qualify"), {"version": lead.version}, **HTMX)
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#toasts"
    assert b"A product of interest is chosen" in answer.content
    assert state(lead) == "CONTACTED"
    page = client_for(ada).post(address(lead, "qualify"), {"next": "/"}, follow=True)
    assert b"A product of interest is chosen" in page.content


def test_somebody_was_quicker(lead: Lead, ada: User, client_for: ClientFor) -> None:
    answer = client_for(ada).post(address(lead, "contact"), {"version": lead.version + 7}, **HTMX)
    assert answer.status_code == 409
    assert b"Somebody changed this" in answer.content
    assert state(lead) == "NEW"


def test_sent_twice_it_happens_once(lead: Lead, ada: User, client_for: ClientFor) -> None:
    client = client_for(ada)
    for _time in range(2):
        client.post(address(lead, "contact"), {"version": lead.version})
    assert Event.objects.filter(record_id=lead.pk, action="contact").count() == 1


def test_a_record_out_of_reach_does_not_exist(lead: Lead, bo: User, client_for: ClientFor) -> None:
    client = client_for(bo)
    assert client.post(address(lead, "contact")).status_code == 404
    assert state(lead) == "NEW"


def test_what_does_not_exist_is_not_found(lead: Lead, ada: User, client_for: ClientFor) -> None:
    client = client_for(ada)
    assert client.post(address(lead, "delete")).status_code == 404
    nowhere = reverse("web:transition", args=["core", "user", uuid4(), "contact"])
    assert client.post(nowhere).status_code == 404


def test_without_the_permission_nothing_happens(
    lead: Lead, karen: User, max_: User, client_for: ClientFor
) -> None:
    for user in (karen, max_):
        assert client_for(user).post(address(lead, "contact")).status_code in {403, 404}
    assert state(lead) == "NEW"


def test_nobody_signed_in_is_sent_to_sign_in(lead: Lead, client: Client) -> None:
    assert client.post(address(lead, "contact")).status_code == 302
    assert client.post(address(lead, "contact"), **HTMX).status_code == 401
    assert state(lead) == "NEW"


def test_the_way_back_stays_on_this_site(lead: Lead, ada: User, client_for: ClientFor) -> None:
    answer = client_for(ada).post(address(lead, "contact"), {"next": "//evil.example/x"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/acquisition/")


def test_a_look_changes_nothing(lead: Lead, ada: User, client_for: ClientFor) -> None:
    """Opened by itself, what a button sends leads to the record; to nothing where it is hidden."""
    answer = client_for(ada).get(address(lead, "contact"))
    assert answer["Location"] == reverse("acquisition:lead", args=[lead.pk])
    moves = client_for(ada).get(reverse("acquisition:take_lead", args=[lead.pk]))
    assert moves["Location"] == reverse("acquisition:lead", args=[lead.pk])
