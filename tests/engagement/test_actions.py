"""The next best action: each stage can say no, answers are learnt from, and uplift is honest."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from clm.core import actors
from clm.core.lifecycle import TransitionRefused
from customers import services as shared
from customers.lifecycle import Stage
from customers.models import Customer, Offer, Product
from engagement import selectors, services
from engagement.models import NextBestAction
from engagement.nba import Learnt, Person, group_of, weigh
from engagement.uplift import sample_needed, uplift
from tests.factories import customers
from tests.factories.engagement import enquiry, next_best_action

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 5)


def sellable(*, at, agrees=True, **fields):
    """Somebody who may be offered something, if they agreed to it."""
    made = customers.customer(
        stage=Stage.ACTIVE, phones=["29110418"], born_on=date(1984, 3, 12), at=at, **fields
    )
    if agrees:
        shared.record_consent(
            customer=made, purpose="marketing", channel="phone", decision="given", source="test",
            wording_version="marketing-1", actor=actors.system_user(), at=at,
        )  # fmt: skip
    return made


@pytest.fixture
def mette(ada, aarhus, now):
    return sellable(adviser=ada, branch=aarhus, at=now)


def stopped(customer, product, now):
    people = selectors.commercial_customers(customer_ids=[customer.pk])
    found = selectors.reckon(people=people, at=now)[customer.pk]
    one = next(one for one in found if one.product.pk == product.pk)
    return one.stopped.code if one.stopped else ""


def test_each_stage_says_no_for_its_own_reason(mette, ada, system, now):
    pension = customers.product(code="pension", category="pension", minimum_age=18,
                                margin_per_year=Decimal(1900), at=now)  # fmt: skip
    fund = customers.product(code="fund", category="investment", margin_per_year=Decimal(2400),
                             at=now)  # fmt: skip
    young = customers.product(code="young", category="account", maximum_age=25,
                              margin_per_year=Decimal(1), at=now)  # fmt: skip
    free = customers.product(code="free", category="account", margin_per_year=Decimal(0), at=now)
    assert stopped(mette, pension, now) == ""
    assert stopped(mette, fund, now) == "no_savings"
    assert stopped(mette, free, now) == "no_margin"
    assert stopped(mette, young, now) == "catalogue"
    savings = customers.product(code="savings", category="deposit", at=now)
    customers.holding(of=mette, product=savings, balance=Decimal(80_000), at=now)
    assert stopped(mette, fund, now) == ""
    assert stopped(mette, savings, now) == "held"
    complaint = enquiry(customer=mette, kind="complaint", at=now)
    assert stopped(mette, pension, now) == "complaint"
    complaint = services.assign_enquiry(enquiry=complaint, assignee=system, actor=system, at=now)
    services.answer_enquiry(enquiry=complaint, text="Sorry", root_cause="fee", actor=system, at=now)
    assert stopped(mette, pension, now) == ""
    shared.make_offer(customer=mette, kind="fee", text="No fee", given_by=ada, at=now)
    assert stopped(mette, pension, now) == "frequency"
    assert stopped(mette, pension, now + timedelta(days=31)) == ""
    Customer.objects.filter(pk=mette.pk).update(restriction="watch")
    assert stopped(mette, pension, now + timedelta(days=31)) == "not_cleared"


def test_without_consent_nothing_is_offered(ada, now):
    silent = sellable(adviser=ada, agrees=False, at=now)
    pension = customers.product(code="pension", category="pension", margin_per_year=Decimal(9),
                                at=now)  # fmt: skip
    assert stopped(silent, pension, now) == "consent"


def test_value_times_propensity_times_context_and_what_was_learnt():
    dear, cheap = (
        Product(code=code, category="deposit", margin_per_year=Decimal(margin))
        for code, margin in (("dear", 1000), ("cheap", 100))
    )
    person = Person(id=UUID(int=1), today=TODAY, cleared=True, channel="phone", maturing=True)

    def scores(learnt, propensity=None):
        one = person if propensity is None else Person(
            **{**person.__dict__, "propensity": propensity}
        )  # fmt: skip
        found = weigh(
            person=one, products=[dear, cheap], not_eligible={}, learnt=learnt,
            base_rates={dear.pk: 0.02, cheap.pk: 0.1},
        )  # fmt: skip
        return {candidate.product.code: candidate.score for candidate in found}

    # 3 years x 1,000 x 2 % x 1.5 for money that comes free.
    assert scores({}) == {"dear": Decimal("90.00"), "cheap": Decimal("45.00")}
    assert scores({}, {"cheap": 0.5})["cheap"] == Decimal("225.00")
    # 20 of 20 rejected: (0 + 20 x 0.5) / (20 + 20) = 0.25, half of what is usual.
    assert Learnt(0, 20).factor == pytest.approx(0.5)
    assert scores({dear.pk: Learnt(0, 20)})["dear"] == Decimal("45.00")
    assert Learnt(0, 1).factor == pytest.approx(0.952, abs=0.001)


def test_the_control_group_is_fixed_a_tenth_and_never_shown(ada, system, now):
    keys = [UUID(int=n * 7919) for n in range(5000)]
    held = sum(group_of(key) == "held_out" for key in keys)
    assert 430 < held < 570
    assert all(group_of(key) == group_of(UUID(str(key))) for key in keys[:50])
    hidden = next_best_action(group="held_out", adviser=ada, at=now)
    assert not selectors.visible_actions(actor=ada).exists()
    with pytest.raises(TransitionRefused, match="control group"):
        services.reject_action(action=hidden, refusal="price", actor=ada, at=now)


def test_accepting_makes_the_offer_once(mette, ada, system, now):
    customers.product(code="pension", category="pension", margin_per_year=Decimal(1900), at=now)
    services.propose_actions(after=None, limit=500, at=now)
    services.propose_actions(after=None, limit=500, at=now)
    action = NextBestAction.objects.get()
    NextBestAction.objects.filter(pk=action.pk).update(group="shown")
    action.refresh_from_db()
    done = services.accept_action(action=action, actor=ada, at=now)
    assert (done.state, Offer.objects.get().product) == ("ACCEPTED", action.product)
    with pytest.raises(TransitionRefused):
        services.accept_action(action=action, actor=ada, at=now)
    assert Offer.objects.count() == 1


def test_what_changed_since_it_was_proposed_refuses_it(mette, ada, system, now):
    product = customers.product(code="pension", category="pension", margin_per_year=Decimal(9),
                                at=now)  # fmt: skip
    action = next_best_action(customer=mette, product=product, at=now)
    enquiry(customer=mette, kind="complaint", at=now)
    with pytest.raises(ValidationError, match="every stage"):
        services.accept_action(action=action, actor=ada, at=now)
    assert not Offer.objects.exists()


def test_no_is_learnt_from_and_rests_for_its_reasons_time(mette, ada, now):
    product = customers.product(code="pension", category="pension", margin_per_year=Decimal(9),
                                at=now)  # fmt: skip
    action = next_best_action(customer=mette, product=product, at=now)
    with pytest.raises(ValidationError):
        services.reject_action(action=action, refusal="because", actor=ada, at=now)
    services.reject_action(action=action, refusal="wrong_time", actor=ada, at=now)
    learnt = selectors.learnt_of()[product.pk]
    # Pooled: (0 + 10) / (1 + 20); of the offer: (0 + 20 x pooled) / (1 + 20).
    assert learnt.everywhere == pytest.approx(10 / 21)
    assert learnt.rate == pytest.approx(20 * 10 / 21 / 21)
    assert stopped(mette, product, now + timedelta(days=59)) == "rests"
    assert stopped(mette, product, now + timedelta(days=61)) == ""
    assert [one.reasons for one in selectors.lessons()] == [{"wrong_time": 1}]


def test_put_off_comes_back_and_unanswered_ends(mette, ada, now):
    action = next_best_action(customer=mette, at=now)
    for until in (TODAY, TODAY + timedelta(days=400)):
        with pytest.raises(ValidationError):
            services.defer_action(action=action, until=until, actor=ada, at=now)
    services.defer_action(action=action, until=TODAY + timedelta(days=40), actor=ada, at=now)
    services.expire_actions(at=now + timedelta(days=39))
    action.refresh_from_db()
    assert action.state == "DEFERRED"
    services.expire_actions(at=now + timedelta(days=41))
    action.refresh_from_db()
    assert action.state == "PROPOSED"
    services.expire_actions(at=now + timedelta(days=90))
    action.refresh_from_db()
    assert action.state == "EXPIRED"


def test_uplift_is_not_known_before_the_sample_is_there(mette, now):
    # 5 % against 7 %: 2,213 a group (Fleiss 1981, without correction).
    assert sample_needed(base=0.05) == pytest.approx(2213, abs=3)
    few = uplift(shown=900, shown_taken=90, held=100, held_taken=2)
    assert few.value is None
    assert few.missing == few.needed - 100
    many = uplift(shown=20_000, shown_taken=1400, held=5000, held_taken=250)
    assert many.value == pytest.approx(0.02)
    assert many.low is not None
    assert many.high is not None
    assert 0.012 < many.low < 0.02 < many.high < 0.028
    product = customers.product(code="pension", at=now)
    next_best_action(customer=mette, product=product, at=now)
    customers.holding(of=mette, product=product, opened_on=TODAY + timedelta(days=9), at=now)
    later = now + timedelta(days=95)
    services.note_taken(at=later)
    # On the day it was taken, not on that on which it was noted.
    assert [one.taken_on for one in NextBestAction.objects.all()] == [TODAY + timedelta(days=9)]
    found = selectors.measured(at=later)
    assert (found.shown, found.shown_taken, found.value) == (1, 1, None)


def test_pages_and_api_explain_and_take_answers(client_for, mette, ada, bo):
    from django.utils import timezone

    now = timezone.now()
    product = customers.product(code="pension", category="pension", margin_per_year=Decimal(9),
                                at=now)  # fmt: skip
    action = next_best_action(customer=mette, product=product, at=now)
    client = client_for(ada)
    why = client.get(f"/engagement/customers/{mette.pk}/actions/").content.decode()
    assert "likely as others who took it" in why
    assert "What to do next" in client.get(f"/customers/{mette.pk}/").content.decode()
    assert client.get("/").status_code == 200
    assert client.get("/engagement/actions/").status_code == 200
    place = f"/api/v1/next-best-actions/{action.pk}/"
    assert client_for(bo).get(place).status_code == 404
    assert client.get(place).json()["explanation"]
    post = {"content_type": "application/json", "headers": {"If-Match": "*"}}
    assert client.post(f"{place}transitions/reject/", {}, **post).status_code == 400
    done = client.post(f"{place}transitions/reject/", {"refusal": "price"}, **post)
    assert done.json()["state"] == "REJECTED"
    client.post(f"/engagement/actions/{action.pk}/answer/", {"do": "accept"})
    action.refresh_from_db()
    assert action.state == "REJECTED"


def test_a_closed_customer_is_proposed_nothing(ada, now):
    customers.product(code="pension", category="pension", margin_per_year=Decimal(9), at=now)
    customers.customer(stage=Stage.PROSPECT, adviser=ada, at=now)
    customers.customer(stage=Stage.CLOSED, adviser=ada, at=now)
    assert services.propose_actions(after=None, limit=10, at=now) is None
