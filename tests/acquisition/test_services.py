"""Capturing leads, recognising customers, and the customer that a lead becomes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from acquisition import selectors, services
from acquisition.lifecycle import LeadState
from acquisition.models import Lead
from clm.core import crypto, lifecycle
from clm.core.models import Event
from customers.lifecycle import Stage
from customers.models import Customer
from onboarding.models import Application
from tests.factories.acquisition import lead
from tests.factories.customers import customer

CPR = "120384-1235"


def test_a_lead_goes_to_the_branch_of_who_captures_it(ada, now):
    made = services.create_lead(
        values={"family_name": "Holst", "channel": "phone", "phone": "29 11 04 18"},
        actor=ada,
        at=now,
    )
    assert made.branch == ada.branch
    assert made.phone == "+4529110418"
    assert made.state == LeadState.NEW


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"given_names": "Only"}, "__all__"),
        ({"family_name": "Holst", "email": "nobody"}, "email"),
        ({"family_name": "Holst", "phone": "12"}, "phone"),
    ],
)
def test_a_lead_that_cannot_be_is_refused_by_field(ada, now, values, field):
    with pytest.raises(ValidationError) as error:
        services.create_lead(values={"channel": "web", **values}, actor=ada, at=now)
    assert field in error.value.message_dict


def test_the_cpr_number_is_kept_encrypted_and_out_of_events(ada, now):
    made = lead(at=now, cpr=CPR, actor=ada)
    assert made.cpr_masked == "120384-••••"
    assert "1203841235" not in made.cpr_token
    assert services.reveal_cpr(lead=made) == "1203841235"
    event = Event.objects.get(record_id=made.pk, action="create")
    assert "1235" not in str(event.payload) + str(event.detail)
    assert crypto.key_in_use(made.cpr_token)


def test_a_wrong_cpr_number_is_refused_under_its_field(ada, now):
    with pytest.raises(ValidationError) as error:
        lead(at=now, cpr="990199-9999", actor=ada)
    assert "cpr" in error.value.message_dict


def test_the_system_makes_one_customer_and_one_draft_of_a_converted_lead(
    ada, now, deliver_all, own_reactions
):
    made = lead(state=LeadState.QUALIFIED, at=now, cpr=CPR, adviser=ada)
    lifecycle.perform(record=made, name="convert", actor=ada, at=now)
    deliver_all()
    made.refresh_from_db()
    assert made.customer is not None
    assert made.customer.stage == Stage.ONBOARDING
    assert made.customer.adviser == ada
    assert made.customer.born_on == date(1984, 3, 12)
    application = Application.objects.get()
    assert application.customer == made.customer
    assert application.product == made.product
    assert application.origin_id == made.pk


def test_the_reactions_may_run_again_without_effect(ada, now, deliver_all, own_reactions):
    from onboarding.services import customer_starts_onboarding, open_application

    made = lead(state=LeadState.QUALIFIED, at=now, adviser=ada)
    lifecycle.perform(record=made, name="convert", actor=ada, at=now)
    deliver_all()
    before = (Customer.objects.count(), Application.objects.count(), Event.objects.count())
    for action, reaction in (
        ("convert", services.make_customer),
        ("customer_made", open_application),
    ):
        reaction(event=Event.objects.get(record_id=made.pk, action=action), at=now)
    opened = Event.objects.get(record_type="onboarding.Application", action="create")
    customer_starts_onboarding(event=opened, at=now)
    assert before == (Customer.objects.count(), Application.objects.count(), Event.objects.count())


def test_a_customer_with_the_number_stops_the_conversion(ada, now):
    known = customer(at=now, identifiers=[("cpr", CPR)], branch=ada.branch)
    made = lead(state=LeadState.QUALIFIED, at=now, cpr=CPR)
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.perform(record=made, name="convert", actor=ada, at=now)
    assert selectors.same_as(lead=made, actor=ada) == [known]


def test_an_address_alone_stops_it_only_while_a_number_does_not_tell_them_apart(ada, now):
    customer(at=now, emails=["holst@example.dk"])
    without = lead(state=LeadState.QUALIFIED, at=now, email="Holst@example.dk")
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.perform(record=without, name="convert", actor=ada, at=now)

    customer(at=now, emails=["family@example.dk"], identifiers=[("cpr", "010190-1234")])
    other = lead(state=LeadState.QUALIFIED, at=now, email="family@example.dk", cpr=CPR)
    done = lifecycle.perform(record=other, name="convert", actor=ada, at=now)
    assert done.state == LeadState.CONVERTED


def test_two_leads_of_one_person_make_one_customer(ada, now, deliver_all, own_reactions):
    first = lead(state=LeadState.QUALIFIED, at=now, cpr=CPR)
    second = lead(state=LeadState.QUALIFIED, at=now, cpr=CPR)
    for one in (first, second):
        lifecycle.perform(record=one, name="convert", actor=ada, at=now)
    deliver_all()
    assert Customer.objects.count() == 1
    assert Lead.objects.filter(customer=Customer.objects.get()).count() == 2


def test_reach_own_branch_and_not_the_other_one(ada, bo, ola, now):
    made = lead(at=now, branch=ada.branch)
    assert made in selectors.visible_leads(actor=ada)
    assert made not in selectors.visible_leads(actor=bo)
    assert made in selectors.visible_leads(actor=ola)
