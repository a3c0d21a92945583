"""Recording and reading conversations."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from clm.core import events
from clm.core.timeline import Timeline
from customers.lifecycle import Stage
from customers.services import set_insight
from engagement import selectors, services
from engagement.web import panels
from tests.factories import customers
from tests.factories.engagement import interaction


def test_event_carries_codes_and_never_what_was_said(ada, now):
    talk = interaction(actor=ada, text="My mother is ill.", sentiment=-1, at=now)
    event = events.for_record(talk).get(action="create")
    assert event.payload["customer_id"] == str(talk.customer_id)
    assert event.payload["outcome"] == "reached"
    assert "ill" not in str(event.payload) + str(event.detail)


def test_without_permission_nothing_is_recorded(max_, now):
    with pytest.raises(PermissionDenied):
        interaction(actor=max_, at=now)


@pytest.mark.parametrize(
    "fields",
    [{"channel": "pigeon"}, {"purpose": "gossip"}, {"outcome": "?"}, {"sentiment": 3}],
    ids=str,
)
def test_unknown_codes_are_refused(ada, now, fields):
    with pytest.raises(ValidationError):
        interaction(actor=ada, at=now, **fields)


def test_nothing_is_recorded_ahead_of_time(ada, now):
    with pytest.raises(ValidationError, match="future"):
        interaction(actor=ada, at=now, happened_at=now + timedelta(minutes=1))


def test_an_adviser_sees_their_own_branch_only(ada, bo, aarhus, odense, now):
    here = interaction(
        actor=ada, customer=customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=now), at=now
    )
    there = interaction(
        actor=bo, customer=customers.customer(stage=Stage.ACTIVE, branch=odense, at=now), at=now
    )
    assert set(selectors.visible_interactions(actor=ada)) == {here}
    assert set(selectors.visible_interactions(actor=bo)) == {there}


def test_left_alone_are_those_whom_nobody_has_spoken_with_for_a_year(rikke, now):
    def active(days=None, outcome="reached"):
        customer = customers.customer(stage=Stage.ACTIVE, at=now)
        if days is not None:
            interaction(
                customer=customer, happened_at=now - timedelta(days=days), outcome=outcome, at=now
            )
        return customer.pk

    never, long_ago, lately = active(), active(400), active(20)
    tried = active(20, outcome="not_reached")
    found = [row["id"] for row in selectors.left_alone(actor=rikke, at=now)]
    assert set(found) == {never, long_ago, tried}
    assert found[-1] == long_ago
    assert lately not in found


def test_adviser_sees_who_needs_them_the_most_at_risk_first(ada, now):
    quiet = customers.customer(stage=Stage.ACTIVE, adviser=ada, at=now)
    at_risk = customers.customer(stage=Stage.AT_RISK, adviser=ada, at=now)
    set_insight(
        customer_id=at_risk.pk,
        at=now,
        churn_probability=0.7,
        churn_band="high",
        churn_reasons=[{"label": "Salary moved", "points": 27.0}, {"label": "Loan", "points": -6}],
    )
    customers.customer(stage=Stage.AT_RISK, at=now)
    found = selectors.needing_adviser(actor=ada, at=now)
    assert [one.customer_id for one in found] == [at_risk.pk, quiet.pk]
    assert found[0].reasons == ("Salary moved",)


def test_timeline_shows_what_was_said_newest_first(ada, aarhus, now):
    customer = customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=now)
    for days in (3, 1, 2):
        interaction(
            actor=ada,
            customer=customer,
            happened_at=now - timedelta(days=days),
            text=f"{days} days",
            sentiment=-2,
            at=now,
        )
    asked = {"customer": customer, "actor": ada, "kind": "contact"}
    page = Timeline(**asked, before=None, limit=2).page()
    entries, rest = page.entries, Timeline(**asked, before=page.earlier, limit=2).page()
    assert [one.at for one in rest.entries] == [now - timedelta(days=3)]
    assert rest.earlier is None
    assert [entry.at for entry in entries] == [now - timedelta(days=1), now - timedelta(days=2)]
    assert "1 days" in entries[0].detail
    assert entries[0].important


def test_timeline_is_empty_for_who_may_not_see_it(max_, line, now):
    talk = interaction(at=now)
    for actor in (max_, line):
        of_actor = {"customer": talk.customer, "actor": actor, "before": None, "limit": 9}
        assert panels.interactions_of(**of_actor) == []


def test_erased_customers_get_no_new_conversations(ada, now):
    customer = customers.customer(stage=Stage.ACTIVE, at=now)
    customer.__dict__["stage"] = Stage.ERASED
    with pytest.raises(ValidationError):
        services.record_interaction(
            customer=customer, channel="phone", purpose="service", outcome="reached",
            actor=ada, at=now,
        )  # fmt: skip
