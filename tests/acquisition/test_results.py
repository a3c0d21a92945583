"""What campaigns cost and brought."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from acquisition import selectors, services
from acquisition.lifecycle import LeadState
from acquisition.models import CampaignCost, Lead
from clm.core import actors, lifecycle
from customers import services as customers
from tests.factories.acquisition import campaign, lead, product
from tests.factories.customers import customer


def cost(of, amount, *, at, **fields):
    values = {"spent_on": at.date(), "kind": "media", **fields}
    return services.enter_cost(
        campaign=of, amount=Decimal(amount), actor=actors.system_user(), at=at, **values
    )


def won(*, at, **fields):
    """A converted lead and its customer, who took a salary account a month later."""
    made = lead(state=LeadState.CONVERTED, at=at, **fields)
    became = customer(at=at)
    Lead.objects.filter(pk=made.pk).update(customer=became)
    customers.add_holding(
        customer=became, product=product(at=at), reference=str(made.pk),
        opened_on=(at + timedelta(days=30)).date(), actor=actors.system_user(), at=at,
    )  # fmt: skip
    return made


def test_the_funnel_counts_a_lead_as_far_as_it_came(ola, now):
    lead(at=now)
    lead(state=LeadState.OFFERED, at=now)
    lost = lead(state=LeadState.CONTACTED, at=now)
    lifecycle.perform(record=lost, name="lose", actor=ola, at=now, reason="price")
    lead(state=LeadState.DUPLICATE, at=now)
    counts = [step.count for step in selectors.funnel(actor=ola)]
    assert counts == [3, 2, 1, 1, 0]


def test_money_spent_is_held_against_the_customers_it_brought(ola, now):
    product(at=now, margin_per_year=Decimal(240))
    spring = campaign(at=now, budget=Decimal(5000))
    cost(spring, 900, at=now)
    cost(spring, 100, at=now)
    won(at=now, campaign=spring)
    lead(at=now, campaign=spring)
    won(at=now)
    (result,) = selectors.campaign_results(actor=ola)
    assert (result.leads, result.converted) == (2, 1)
    assert result.customers == 1
    assert result.cost_per_customer == Decimal("1000.00")
    assert result.conversion == 0.5
    assert (result.margin, result.gain) == (Decimal(240), Decimal(-760))


def test_one_customer_of_two_leads_counts_once_and_late_holdings_not_at_all(ola, now):
    product(at=now, margin_per_year=Decimal(240))
    spring = campaign(at=now)
    first, second = (
        won(at=now, campaign=spring),
        lead(state=LeadState.CONVERTED, at=now, campaign=spring),
    )
    became = Lead.objects.get(pk=first.pk).customer
    assert became is not None
    Lead.objects.filter(pk=second.pk).update(customer=became)
    customers.add_holding(
        customer=became, product=product(at=now), reference="late",
        opened_on=(now + timedelta(days=400)).date(), actor=ola, at=now,
    )  # fmt: skip
    (result,) = selectors.campaign_results(actor=ola)
    assert result.customers == 1
    assert result.margin == Decimal(240)


def test_a_channel_has_the_cost_of_its_campaigns_and_all_its_leads(ola, now):
    cost(campaign(at=now, channel="web"), 500, at=now)
    won(at=now, channel="web")
    lead(at=now, channel="branch")
    by_channel = {one.key: one for one in selectors.channel_results(actor=ola)}
    assert set(by_channel) == {"web", "branch"}
    assert by_channel["web"].cost_per_customer == Decimal("500.00")
    assert by_channel["branch"].cost_per_customer is None


@pytest.mark.parametrize(
    ("amount", "fields", "field"),
    [
        (0, {}, "__all__"),
        (-200, {}, "amount"),
        (10, {"reference": "F-1"}, "__all__"),
        (10, {"currency": "EUR"}, "amount"),
        (10, {"kind": "bribe"}, "kind"),
    ],
)
def test_a_cost_that_cannot_be_is_refused(now, db, amount, fields, field):
    spring = campaign(at=now)
    cost(spring, 100, at=now, reference="F-1")
    with pytest.raises(ValidationError) as refusal:
        cost(spring, amount, at=now, **fields)
    assert field in refusal.value.message_dict
    with pytest.raises(ValidationError) as refusal:
        cost(spring, 1, at=now, spent_on=(now + timedelta(days=2)).date())
    assert "spent_on" in refusal.value.message_dict


def test_an_entry_is_taken_back_by_another_and_never_changed(now, db):
    spring = campaign(at=now)
    entry = cost(spring, 100, at=now)
    cost(spring, -100, at=now, note="Entered twice")
    with pytest.raises(DatabaseError), transaction.atomic():
        CampaignCost.objects.filter(pk=entry.pk).update(amount=1)
    (result,) = selectors.campaign_results(actor=actors.system_user())
    assert result.spent == 0


def test_the_currency_stays_once_money_is_entered(now, db):
    spring = campaign(at=now)
    cost(spring, 100, at=now)
    with pytest.raises(ValidationError):
        services.change_campaign(
            campaign=spring, changes={"currency": "EUR"}, actor=actors.system_user(), at=now
        )


def test_credit_goes_to_the_first_the_last_or_all_touches(ola, now):
    product(at=now, margin_per_year=Decimal(300))
    spring, fair = campaign(at=now), campaign(at=now)
    made = won(at=now, campaign=spring, channel="web")
    for of, days in ((fair, -2), (fair, -1), (spring, 9)):
        services.note_touch(
            lead=made, kind="visit", channel="event", happened_at=now + timedelta(days=days),
            campaign=of, actor=ola, at=now + timedelta(days=10),
        )  # fmt: skip
    credited = {}
    for model in selectors.Attribution:
        by = {one.campaign: one for one in selectors.campaign_results(actor=ola, attribution=model)}
        credited[model.value] = [round(float(by[one].customers), 3) for one in (spring, fair)]
        assert sum(one.margin for one in by.values()) == pytest.approx(Decimal(300))
    # The lead came in (spring) and converted at one instant; what came after counts nothing.
    assert credited == {"first": [0, 1], "last": [1, 0], "linear": [0.333, 0.667]}
    channels = {
        one.key: one.customers for one in selectors.channel_results(actor=ola, attribution="first")
    }
    assert channels == {"web": 0, "event": 1}


@pytest.mark.parametrize(
    "query", ["", "?by=channel&model=linear&since=2026-01-01", "?since=2026-13-99&model=x&by=%00"]
)
def test_the_page_of_results_and_its_ways_on(ola, now, client_for, query):
    spring = campaign(at=now, channel="web")
    cost(spring, 900, at=now)
    won(at=now, campaign=spring)
    page = client_for(ola).get(f"/acquisition/results/{query}")
    assert page.status_code == 200
    assert "state=CONVERTED" in page.content.decode()
