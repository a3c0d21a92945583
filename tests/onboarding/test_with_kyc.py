"""The thread with everything that follows in the house: from the lead to the active customer."""

from decimal import Decimal
from typing import Any

import pytest

from acquisition.lifecycle import LeadState
from clm.core import lifecycle
from customers import services as customers
from customers.lifecycle import Stage
from customers.models import Holding
from onboarding import services
from onboarding.lifecycle import ApplicationState as State
from onboarding.models import Application
from tests.factories.acquisition import lead
from tests.factories.customers import customer
from tests.factories.onboarding import answer_all, application


def test_a_lead_becomes_an_active_customer_without_hands(ada, now, deliver_all):
    made = lead(state=LeadState.QUALIFIED, at=now, adviser=ada, branch=ada.branch)
    lifecycle.perform(record=made, name="convert", actor=ada, at=now)
    deliver_all()
    opened = Application.objects.get()
    assert opened.state == State.DRAFT
    answer_all(opened, at=now)
    lifecycle.perform(record=opened, name="submit", actor=ada, at=now)
    deliver_all()
    opened = Application.objects.select_related("customer").get()
    assert opened.state == State.ACTIVATED
    assert opened.straight_through
    assert opened.submitted_at == now
    assert opened.decided_at == now
    assert opened.customer.stage == Stage.ACTIVE
    assert Holding.objects.filter(customer=opened.customer).count() == 1


def test_a_second_product_of_a_customer_comes_without_hands_too(ada, now, deliver_all):
    first = application(at=now, branch=ada.branch)
    lifecycle.perform(record=first, name="submit", actor=ada, at=now)
    deliver_all()
    second = application(at=now, customer=first.customer)
    lifecycle.perform(record=second, name="submit", actor=ada, at=now)
    deliver_all()
    states = set(Application.objects.values_list("state", flat=True))
    assert states == {State.ACTIVATED}
    assert Holding.objects.filter(customer=first.customer).count() == 2


def test_a_company_waits_for_an_officer_and_the_bank_s_checks(ada, ola, now, deliver_all):
    made = application(at=now, kind="organisation", answered=False, branch=ada.branch)
    answers: dict[str, dict[str, Any]] = {
        "register": {
            "name": "Nordhavn Kaffe ApS",
            "cvr": "88146328",
            "legal_form": "ApS",
            "residence_country": "DK",
        },
        "reach": {"email": "kontor@example.dk", "contact_person": "Ib Holm"},
        "structure": {"beneficial_owners": "Ib Holm, 100 %", "signatories": "Ib Holm"},
        "activity": {"activity": "Coffee", "source_of_funds": "sales", "tax_countries": "DK"},
        "terms": {"true_and_complete": True, "terms": True},
    }
    tasks = {one.key: one for one in made.tasks.all()}
    for key, given in answers.items():
        services.answer_task(task=tasks[key], answers=given, actor=ada, at=now)
    # Who owns it is recorded; without, the KYC case would wait for a person.
    customers.add_relation(
        kind="ownership", customer=customer(stage=Stage.ACTIVE, branch=ada.branch, at=now),
        other=made.customer, share=Decimal(100), actor=ada, at=now,
    )  # fmt: skip
    lifecycle.perform(record=made, name="submit", actor=ada, at=now)
    deliver_all()
    made = Application.objects.get()
    assert not made.straight_through
    assert made.state == State.IN_REVIEW
    services.assign_officer(application=made, officer=ola, actor=ola, at=now)
    with pytest.raises(lifecycle.TransitionRefused) as refusal:
        lifecycle.perform(record=made, name="approve", actor=ola, at=now)
    assert refusal.value.reasons == ["All checks by the officer are done"]
    for key in ("register_extract", "power_to_sign"):
        services.complete_check(task=tasks[key], actor=ola, at=now)
    lifecycle.perform(record=made, name="approve", actor=ola, at=now)
    deliver_all()
    assert Application.objects.get().state == State.ACTIVATED
