"""What onboarding takes: figures of known applications, within a reach, and the way to them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clm.core import actors, lifecycle
from clm.core.kpis import kpis
from clm.core.models import User
from onboarding import selectors
from onboarding.models import Application
from onboarding.selectors import measures
from tests.factories import onboarding as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def walk(at: datetime, ola: User, hours: float) -> Application:
    """In review after an hour, approved so many hours later."""
    made = make.application(at=at, officer=ola)
    system = actors.system_user()
    for name, when in [
        ("submit", at),
        ("begin_verification", at + HOUR),
        ("refer", at + 2 * HOUR),
        ("approve", at + 2 * HOUR + hours * HOUR),
    ]:
        if name == "approve":
            make.clear(made.customer, at=when)
        made = lifecycle.perform(record=made, name=name, actor=system, at=when)
    Application.objects.filter(pk=made.pk).update(
        submitted_at=at, decided_at=at + 2 * HOUR + hours * HOUR, straight_through=hours == 1
    )
    made.refresh_from_db()
    return made


def test_the_figures_are_those_of_the_applications(ola: User, max_: User, now: datetime) -> None:
    walked = [walk(now, ola, hours) for hours in (1, 2, 3, 4, 9)]
    late = make.application(state="SUBMITTED", at=now)
    Application.objects.filter(pk=late.pk).update(submitted_at=now - timedelta(days=12))
    at = now + timedelta(days=1)
    mine = selectors.visible_applications(actor=ola)
    times = {
        one.state.value: one
        for one in measures.step_times(applications=mine, since=now - timedelta(days=1), until=at)
    }
    review = times["IN_REVIEW"]
    # Linear interpolation of 1, 2, 3, 4, 9 hours: half 3, nine in ten 4 + 0.6 of 5.
    assert (review.count, review.median) == (5, 3 * 3600)
    assert review.p90 == pytest.approx(7 * 3600)
    assert times["SUBMITTED"].median == 3600
    found = measures.slowest(
        applications=mine, state="IN_REVIEW", since=now - timedelta(days=1), until=at, limit=2
    )
    assert [(one.pk, stay / 3600) for one, stay in found] == [
        (walked[4].pk, 9), (walked[3].pk, 4),
    ]  # fmt: skip
    (month,) = measures.months(applications=mine, since=now - timedelta(days=1), until=at)
    assert (month.approved, month.straight_through) == (5, 1)
    ages = measures.backlog_by_age(applications=mine, at=at)
    assert ages == {"0-2": 5, "3-5": 0, "6-10": 0, "11-20": 1, "21": 0}
    figures = {"onboarding.backlog", "onboarding.straight_through", "onboarding.time"}
    assert {one.name: one.compute(at=at) for one in kpis if one.name in figures} == {
        "onboarding.backlog": 6,
        "onboarding.straight_through": 0.2,
        "onboarding.time": pytest.approx(5 / 24),
    }
    nobody = selectors.visible_applications(actor=max_)
    assert measures.backlog_by_age(applications=nobody, at=at)["0-2"] == 0
    assert all(
        one.count == 0
        for one in measures.step_times(applications=nobody, since=now - timedelta(days=1), until=at)
    )


def test_the_page_leads_to_who_is_behind(ola: User, ada: User, now: datetime) -> None:
    from django.utils import timezone

    late = make.application(state="IN_REVIEW", at=now, officer=ola)
    Application.objects.filter(pk=late.pk).update(submitted_at=timezone.now() - timedelta(days=12))
    client = Client()
    client.force_login(ola)
    page = client.get(reverse("onboarding:measures"), {"days": "365", "step": "SUBMITTED"})
    assert page.status_code == 200
    assert f"?officer={ola.pk}" in page.content.decode()
    queue = reverse("onboarding:queue")
    for query, seen in [
        ({"age": "11-20"}, True), ({"age": "0-2"}, False), ({"officer": str(ola.pk)}, True),
        ({"officer": "none"}, False), ({"officer": "x" * 30}, False),
    ]:  # fmt: skip
        text = client.get(queue, query).content.decode()
        assert (str(late.pk) in text) == seen, query
    client.force_login(ada)
    assert client.get(reverse("onboarding:measures")).status_code == 200
