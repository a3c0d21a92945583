"""Acquisition's pages as people use them."""

import pytest
from django.urls import reverse

from acquisition.lifecycle import LeadState
from acquisition.models import Campaign, Lead
from tests.factories.acquisition import campaign, lead, product


def test_the_board_shows_the_branch_s_leads_by_state(ada, bo, now, client_for):
    made = lead(at=now, branch=ada.branch, family_name="Holst-Bille")
    page = client_for(ada).get(reverse("acquisition:board"))
    assert page.status_code == 200
    assert "Holst-Bille" in page.content.decode()
    assert "Holst-Bille" not in client_for(bo).get(reverse("acquisition:board")).content.decode()
    moves = client_for(ada).get(reverse("acquisition:moves", args=[made.pk]))
    assert 'data-to="CONTACTED"' in moves.content.decode()


@pytest.mark.parametrize("name", ["board", "leads", "new_lead", "campaigns"])
def test_without_a_role_the_pages_are_closed(max_, client_for, name):
    assert client_for(max_).get(reverse(f"acquisition:{name}")).status_code == 403


def test_a_lead_is_captured_by_the_form(ada, now, client_for):
    client = client_for(ada)
    assert client.get(reverse("acquisition:new_lead")).status_code == 200
    refused = client.post(reverse("acquisition:new_lead"), {"channel": "web", "language": "da"})
    assert refused.status_code == 422
    answer = client.post(
        reverse("acquisition:new_lead"),
        {
            "given_names": "Freja",
            "family_name": "Holst",
            "channel": "web",
            "language": "da",
            "phone": "29 11 04 18",
            "product": str(product(at=now).pk),
            "branch": str(ada.branch_id),
            "cpr": "120384-1235",
        },
    )
    made = Lead.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("acquisition:lead", args=[made.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "120384-••••" in page
    assert "1235" not in page


def test_an_edit_on_an_older_version_is_said_and_not_kept(ada, now, client_for):
    made = lead(at=now, adviser=ada)
    client = client_for(ada)
    place = reverse("acquisition:edit_lead", args=[made.pk])
    assert client.get(place).status_code == 200
    data = {"family_name": "New", "channel": "web", "language": "da", "version": made.version}
    assert client.post(place, {**data, "branch": str(made.branch_id)}).status_code == 302
    again = client.post(place, {**data, "family_name": "Newer"})
    assert again.status_code == 422
    assert Lead.objects.get().family_name == "New"


def test_another_branch_s_lead_does_not_exist(bo, now, client_for):
    made = lead(at=now)
    for name in ("lead", "edit_lead", "moves"):
        page = client_for(bo).get(reverse(f"acquisition:{name}", args=[made.pk]))
        assert page.status_code == 404


def test_a_lead_is_taken(ada, now, client_for):
    made = lead(at=now, branch=ada.branch)
    client_for(ada).post(reverse("acquisition:take_lead", args=[made.pk]))
    assert Lead.objects.get().adviser == ada


@pytest.mark.parametrize("state", [LeadState.NEW, LeadState.CONVERTED, LeadState.LOST])
def test_a_lead_s_page_in_every_kind_of_state(ada, now, client_for, state):
    made = lead(state=state, at=now, branch=ada.branch)
    page = client_for(ada).get(reverse("acquisition:lead", args=[made.pk]))
    assert page.status_code == 200
    assert ("every 2s" in page.content.decode()) == (state == LeadState.CONVERTED)


def test_a_campaign_is_planned_by_who_may(ola, make_user, now, client_for):
    from django.contrib.auth.models import Permission

    planner = make_user("per", "manager")
    planner.user_permissions.add(
        *Permission.objects.filter(
            codename__in=["add_campaign", "change_campaign", "add_campaigncost"]
        )
    )
    client = client_for(planner)
    data = {"name": "Spring", "channel": "web", "starts_on": "2026-03-01", "budget": "1000"}
    assert client.post(reverse("acquisition:new_campaign"), data).status_code == 302
    made = Campaign.objects.get()
    wrong = {**data, "ends_on": "2026-02-01", "version": made.version}
    place = reverse("acquisition:edit_campaign", args=[made.pk])
    assert client.post(place, wrong).status_code == 422
    assert client.post(place, {**wrong, "ends_on": "2026-04-01"}).status_code == 302
    assert client_for(ola).get(reverse("acquisition:campaigns")).status_code == 200
    enter = reverse("acquisition:enter_cost", args=[made.pk])
    bill = {"spent_on": "2026-03-01", "kind": "media", "amount": "250.00"}
    assert client.post(enter, {**bill, "amount": "x"}).status_code == 422
    assert client.post(enter, bill).status_code == 302
    page = client_for(ola).get(reverse("acquisition:campaign", args=[made.pk])).content.decode()
    assert "250.00" in page
    assert enter not in page


def test_the_list_narrows_by_state_and_campaign(ada, now, client_for):
    spring = campaign(at=now)
    lead(at=now, branch=ada.branch, family_name="Inside", campaign=spring)
    lead(at=now, branch=ada.branch, family_name="Outside")
    place = reverse("acquisition:leads")
    page = client_for(ada).get(place, {"campaign": str(spring.pk), "state": "NEW"})
    assert "Inside" in page.content.decode()
    assert "Outside" not in page.content.decode()
    assert client_for(ada).get(place, {"campaign": "nonsense"}).status_code == 200
