"""From history to a model, from a model to scores, and from a score to an event."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext

from analytics import features, selectors, services
from analytics.churn import history
from analytics.churn.table import UnfitTable
from analytics.models import ChurnScore, ModelVersion
from clm.core import events, jobs
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Event, Job, User
from clm.core.records import create_many
from customers.models import Customer, CustomerInsight
from journeys import services as journeys
from journeys.services import NewTouchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def dan(make_user: Callable[..., User]) -> User:
    return make_user("dan", "data_analyst")


@pytest.fixture
def eva(make_user: Callable[..., User]) -> User:
    """A second analyst."""
    return make_user("eva", "data_analyst")


@pytest.fixture
def bank(system: User, now: datetime, ada: User) -> list[Customer]:
    """240 customers of two years; the unhappy ones are the ones who leave."""
    chance = random.Random(7)
    begin = now - timedelta(days=700)
    made = create_many(
        records=[
            Customer(
                kind="person", given_names="N", family_name=f"N{n}", display_name=f"N{n}",
                sort_key=f"n{n:04d}", adviser=ada, branch=ada.branch,
                born_on=date(1950 + n % 50, 1, 1), customer_since=begin.date(),
            )
            for n in range(240)
        ],
        actor=system,
        at=begin,
    )  # fmt: skip
    _step(made, "ACTIVE", system, begin)
    journey = journeys.journey_named(name="Contacts", actor=system, at=now)
    unhappy = [one for one in made if chance.random() < 0.4]
    rows = []
    for customer in made:
        for days in (600, 500, 400, 300, 200, 120, 60, 10):
            rows.append(
                NewTouchpoint(
                    external_id=f"{customer.pk}:{days}", case_id=str(customer.pk),
                    activity="Contact with the bank", at=now - timedelta(days=days), position=1,
                    customer_id=customer.pk, sentiment=-2 if customer in unhappy else 1,
                )
            )  # fmt: skip
    journeys.add_touchpoints(journey=journey, source="test", rows=rows)
    for customer in unhappy[: len(unhappy) * 3 // 4]:
        _step([customer], "OFFBOARDING", system, now - timedelta(days=chance.randint(5, 400)))
    return made


def _step(customers: list[Customer], target: str, actor: User, at: datetime) -> None:
    """Only the events: what a model learns from is the log of events."""
    with transaction.atomic():
        events.append(
            drafts=[
                events.Draft(
                    record_type="customers.Customer",
                    record_id=one.pk,
                    action="moved",
                    target=target,
                )
                for one in customers
            ],
            actor=actor,
            at=at,
        )


def activate(customers: list[Customer], now: datetime) -> None:
    """Put the records where their events say they are, past the state machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        for stage in ("ONBOARDING", "ACTIVE"):
            cursor.execute(
                "UPDATE customers_customer SET stage = %s, version = version + 1"
                " WHERE id = ANY(%s::uuid[])",
                [stage, [str(one.pk) for one in customers]],
            )


@pytest.fixture
def in_use(bank: list[Customer], dan: User, eva: User, now: datetime) -> ModelVersion:
    version = services.train_on_history(actor=dan, at=now)
    return services.approve_model(version=version, actor=eva, at=now)


def test_a_model_needs_a_second_person(
    bank: list[Customer], dan: User, eva: User, system: User, now: datetime
) -> None:
    version = services.train_on_history(actor=dan, at=now)
    assert version.state == "PROPOSED"
    assert version.metrics["roc_auc"] > 0.7
    assert selectors.model_in_use() is None
    with pytest.raises(TransitionRefused):
        services.approve_model(version=version, actor=dan, at=now)
    services.approve_model(version=version, actor=eva, at=now)
    assert selectors.model_in_use() == version
    second = services.train_on_history(actor=eva, at=now)
    services.approve_model(version=second, actor=dan, at=now)
    assert selectors.model_in_use() == second
    version.refresh_from_db()
    assert version.state == "RETIRED"


def test_scores_reasons_and_insight(
    bank: list[Customer],
    in_use: ModelVersion,
    dan: User,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # About one in five of the unhappy leaves within the horizon: they shall cross, the others not.
    monkeypatch.setattr(services, "THRESHOLD", 0.1)
    activate(bank, now)
    job = jobs.run(job=services.start_scoring(actor=dan, at=now), at=now)
    assert job.state == Job.State.DONE, (job.message, job.cursor)
    assert ChurnScore.objects.count() == len(bank)
    score = ChurnScore.objects.order_by("-probability").select_related("customer")[0]
    whole = (score.probability - score.base) * 100
    assert sum(one["points"] for one in score.reasons) == pytest.approx(whole, abs=2.0)
    insight = CustomerInsight.objects.get(customer=score.customer)
    assert insight.churn_probability == score.probability
    # Codes and values are kept; the words come when somebody reads, in their language.
    assert insight.churn_reasons[0].keys() == {"name", "value", "points", "log_odds"}
    crossed = Event.objects.filter(record_type="analytics.ChurnScore", action="cross_threshold")
    over = ChurnScore.objects.filter(probability__gte=services.THRESHOLD)
    assert over.count() > 0
    assert {one.record_id for one in crossed} == set(over.values_list("pk", flat=True))
    assert crossed[0].payload.keys() == {"customer_id", "probability", "main_reason"}


def test_a_second_run_on_the_day_changes_nothing_and_the_next_day_tells_no_news(
    bank: list[Customer], in_use: ModelVersion, dan: User, now: datetime
) -> None:
    activate(bank, now)
    for _time in range(2):
        job = jobs.run(job=services.start_scoring(actor=dan, at=now), at=now)
    assert job.outcome == {"created": 0, "unchanged": len(bank)}
    before = Event.objects.filter(action="cross_threshold").count()
    tomorrow = now + timedelta(days=1)
    jobs.run(job=services.start_scoring(actor=dan, at=tomorrow), at=tomorrow)
    assert ChurnScore.objects.count() == 2 * len(bank)
    # Who was over the threshold yesterday is no news; only who rose over it since is.
    fresh = Event.objects.filter(action="cross_threshold").count() - before
    yesterday = dict(
        ChurnScore.objects.filter(scored_on=now.date()).values_list("customer_id", "probability")
    )
    risen = [
        one
        for one in ChurnScore.objects.filter(scored_on=tomorrow.date())
        if one.probability >= services.THRESHOLD > yesterday[one.customer_id]
    ]
    assert fresh == len(risen)


def test_scoring_without_a_model_fails_with_a_sentence(dan: User, now: datetime) -> None:
    job = jobs.run(job=services.start_scoring(actor=dan, at=now), at=now)
    assert (job.state, bool(job.message)) == (Job.State.FAILED, True)


def test_too_little_history_is_told_in_a_sentence(dan: User, now: datetime) -> None:
    with pytest.raises(UnfitTable, match="outcome"):
        services.train_on_history(actor=dan, at=now)


def test_what_happens_later_changes_no_feature(
    bank: list[Customer], system: User, now: datetime
) -> None:
    """The future may do what it likes: features and training rows of the past stay the same."""
    from customers.services import add_holding, add_product, close_holding

    as_of = now - timedelta(days=100)
    product = add_product(
        code="loan", name_da="Lån", name_en="Loan", category="loan", valid_from=date(2020, 1, 1),
        actor=system, at=now,
    )  # fmt: skip
    keys = [one.pk for one in bank]
    old = add_holding(
        customer=bank[0], product=product, reference="old", opened_on=date(2025, 1, 1),
        actor=system, at=now,
    )  # fmt: skip
    before = features.build(customer_ids=keys, as_of=as_of)
    rows_before = history.collect(at=as_of)

    add_holding(
        customer=bank[1], product=product, reference="new", opened_on=now.date(),
        actor=system, at=now,
    )  # fmt: skip
    close_holding(holding=old, closed_on=now.date(), actor=system, at=now)
    journey = journeys.journey_named(name="Later", actor=system, at=now)
    later = NewTouchpoint(
        external_id="later", case_id="1", activity="Contact with the bank", position=1,
        at=as_of + timedelta(seconds=1), customer_id=bank[0].pk, sentiment=-2,
    )  # fmt: skip
    journeys.add_touchpoints(journey=journey, source="test", rows=[later])
    _step([bank[0]], "CLOSED", system, now)

    after = features.build(customer_ids=keys, as_of=as_of)
    pd.testing.assert_frame_equal(before, after)
    rows_after = history.collect(at=as_of)
    assert rows_after.digest == rows_before.digest


def test_features_know_nothing_of_kyc(bank: list[Customer], system: User, now: datetime) -> None:
    """Neither a restricted touchpoint nor a column of risk reaches the model."""
    from django.db import connection

    keys = [one.pk for one in bank[:3]]
    before = features.build(customer_ids=keys, as_of=now)
    journey = journeys.journey_named(name="Compliance", actor=system, at=now)
    secret = NewTouchpoint(
        external_id="s", case_id="1", activity="KYC rejected", position=1, restricted=True,
        at=now - timedelta(days=1), customer_id=keys[0], sentiment=-2,
    )  # fmt: skip
    journeys.add_touchpoints(journey=journey, source="test", rows=[secret])
    with CaptureQueriesContext(
        connection,
    ) as caught:
        after = features.build(customer_ids=keys, as_of=now)
    pd.testing.assert_frame_equal(before, after)
    told: Any = " ".join(query["sql"] for query in caught.captured_queries)
    for word in ("risk_level", "restriction", "kyc_cleared_at", "kyc_review_on", "kyc_case"):
        assert word not in told
