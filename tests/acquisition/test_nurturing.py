"""Steps that a campaign plans for its leads, and what it may offer them, each with its reason."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from acquisition import selectors, services
from acquisition.lifecycle import LeadState
from acquisition.models import Lead, LeadConsent, LeadOffer, LeadStep
from clm.core import actors, lifecycle
from customers import services as customers
from customers.models import ConsentWording, Decision
from customers.services.robinson import write_listing
from tests.factories.acquisition import campaign, lead, product
from tests.factories.customers import customer

CPR = "120384-1235"


@pytest.fixture
def spring(db, now):
    """A campaign with two steps: call after one business day, write after three."""
    made = campaign(at=now)
    for days, channel, title in ((1, "phone", "Call"), (3, "email", "Write")):
        services.add_step(
            campaign=made, after_days=days, channel=channel, title=title,
            actor=actors.system_user(), at=now,
        )  # fmt: skip
    return made


@pytest.fixture
def gift(spring, now):
    return services.add_incentive(
        campaign=spring, name_da="Gave", name_en="Gift", text_da="En gave", text_en="A gift",
        product=product(at=now, minimum_age=18), cost=Decimal(100), valid_from=date(2026, 1, 1),
        actor=actors.system_user(), at=now,
    )  # fmt: skip


def agree(of, at, *channels):
    words = ConsentWording.objects.get(purpose="marketing", code="marketing-1")
    LeadConsent.objects.bulk_create(
        LeadConsent(
            lead=of, purpose="marketing", channel=one, wording=words, language="da",
            source="form:x", at=at,
        )
        for one in channels
    )  # fmt: skip


def test_steps_become_due_one_after_the_other_as_far_as_the_lead_may_be_contacted(spring, ada, now):
    made = lead(at=now, campaign=spring, branch=ada.branch, phone="29110418")
    (first,) = LeadStep.objects.all()
    assert timezone.localdate(first.due_at) == date(2026, 3, 6)
    with pytest.raises(ValidationError):  # nothing was agreed to
        services.finish_step(step=first, outcome="done", actor=ada, at=now)
    agree(made, now, "phone")
    later = now + timedelta(days=1)
    services.finish_step(step=first, outcome="done", actor=ada, at=later)
    with pytest.raises(ValidationError):  # done twice
        services.finish_step(step=first, outcome="done", actor=ada, at=later)
    second = LeadStep.objects.get(done_at=None)
    assert timezone.localdate(second.due_at) == date(2026, 3, 11)  # a weekend lies between
    with pytest.raises(ValidationError):
        services.finish_step(step=second, outcome="skipped", actor=ada, at=later, reason=" ")
    services.finish_step(step=second, outcome="skipped", actor=ada, at=later, reason="No e-mail")
    assert not LeadStep.objects.filter(done_at=None).exists()


def test_who_is_no_longer_open_waits_for_nothing(spring, ada, bo, now):
    made = lead(at=now, campaign=spring, branch=ada.branch)
    assert [one.lead for one in selectors.visible_steps(actor=ada)] == [made]
    assert not selectors.visible_steps(actor=bo).exists()
    lifecycle.perform(record=made, name="lose", actor=ada, at=now, reason="price")
    assert not selectors.visible_steps(actor=ada).exists()


def states(of, gift, channel, actor, at):
    checks = selectors.judge_offer(lead=of, incentive=gift, channel=channel, actor=actor, at=at)
    return {one.code: one.state for one in checks}


def test_an_offer_names_consent_robinson_or_kyc_as_what_stands_in_its_way(gift, ada, now):
    made = lead(at=now, campaign=gift.campaign, branch=ada.branch, cpr=CPR)
    fine = {"period": "ok", "catalogue": "ok", "age": "later", "contact": "ok", "kyc": "later"}
    assert states(made, gift, "", ada, now) == fine
    assert states(made, gift, "email", ada, now) == {**fine, "contact": "no"}
    agree(made, now, "email")
    assert states(made, gift, "email", ada, now) == fine

    known = customer(at=now, identifiers=[("cpr", CPR)], born_on=date(2010, 3, 12))
    write_listing(
        customer_ids=[known.pk], decision=Decision.ROBINSON, source="list",
        actor=actors.system_user(), at=now,
    )  # fmt: skip
    # Ada does not reach this customer yet: that it may not be is told, and nothing else.
    assert states(made, gift, "email", ada, now) == {"period": "ok", "elsewhere": "no"}
    with pytest.raises(ValidationError) as refused:
        services.offer_to_lead(lead=made, incentive=gift, channel="email", actor=ada, at=now)
    assert refused.value.messages == ["This is a customer of others in the bank, who know why."]
    reached = customers.change_customer(
        customer=known, changes={"branch": ada.branch}, actor=actors.system_user(), at=now
    )
    assert reached.branch == ada.branch
    found = states(made, gift, "email", ada, now)
    assert (found["catalogue"], found["contact"], found["kyc"]) == ("no", "no", "no")
    customers.set_clearance(customer=known, cleared_at=now, actor=ada, at=now)
    customers.record_consent(
        customer=known, purpose="marketing", channel="any", decision="objected", source="x",
        actor=ada, at=now,
    )  # fmt: skip
    checks = selectors.judge_offer(lead=made, incentive=gift, channel="email", actor=ada, at=now)
    by_code = {one.code: one for one in checks}
    assert by_code["kyc"].state == "ok"
    assert "5. marts 2026" in by_code["contact"].words or "5 March 2026" in by_code["contact"].words


def test_an_offer_is_made_once_and_goes_with_the_lead_into_the_bank(
    gift, ada, now, deliver_all, own_reactions
):
    made = lead(state=LeadState.QUALIFIED, at=now, campaign=gift.campaign, branch=ada.branch)
    offer = {"incentive": gift, "actor": ada, "at": now}
    with pytest.raises(ValidationError):
        services.offer_to_lead(lead=made, channel="email", **offer)
    assert not LeadOffer.objects.exists()
    services.offer_to_lead(lead=made, channel="", **offer)
    with pytest.raises(ValidationError):
        services.offer_to_lead(lead=made, channel="", **offer)
    made = Lead.objects.get(pk=made.pk)
    assert made.state == LeadState.OFFERED
    lifecycle.perform(record=made, name="convert", actor=ada, at=now)
    deliver_all()
    made.refresh_from_db()
    assert made.customer is not None
    (given,) = made.customer.offers.all()
    assert (given.text, given.cost, given.given_by) == ("En gave", Decimal(100), ada)


def test_the_pages_of_a_plan_and_of_a_lead(gift, ada, make_user, now, client_for):
    maria = client_for(make_user("maria", "manager"))
    place = reverse("acquisition:new_step", args=[gift.campaign.pk])
    assert maria.get(place).status_code == 200
    step = {"title": "Call again", "after_days": "400", "channel": "phone"}
    assert maria.post(place, step).status_code == 422
    assert maria.post(place, {**step, "after_days": "2"}).status_code == 302
    assert "Call again" in maria.get(reverse("acquisition:campaign", args=[gift.campaign.pk])).text
    made = lead(
        state=LeadState.QUALIFIED, at=now, campaign=gift.campaign, branch=ada.branch, adviser=ada
    )
    client = client_for(ada)
    page = client.get(reverse("acquisition:lead", args=[made.pk])).text
    assert reverse("acquisition:offer", args=[made.pk]) in page
    assert client.get(reverse("acquisition:steps")).status_code == 200
    for nonsense in ({}, {"incentive": "x"}, {"incentive": str(gift.pk), "channel": "post"}):
        client.post(reverse("acquisition:offer", args=[made.pk]), nonsense)
    assert not LeadOffer.objects.exists()
    client.post(reverse("acquisition:offer", args=[made.pk]), {"incentive": str(gift.pk)})
    assert LeadOffer.objects.get().lead == made
    client.post(
        reverse("acquisition:finish_step", args=[made.pk]), {"outcome": "skipped", "reason": "x"}
    )
    assert LeadStep.objects.filter(outcome="skipped").count() == 1
