"""From history to a model, from a model to scores, and from a score to an event."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from analytics import bands, features, selectors, services, tasks
from analytics.churn import history, training
from analytics.churn.scoring import Scored
from analytics.churn.table import UnfitTable
from analytics.models import ChurnScore, DriftReading, ModelVersion
from analytics.selectors import Scorable
from analytics.services import scoring
from clm.core import events, files, jobs, lifecycle, records
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Event, Job, User
from clm.core.records import create_many
from customers.models import Customer, CustomerInsight
from journeys import services as journeys
from journeys.services import NewTouchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is trained here is not measured here: a few small trees will do."""
    small = training.Shape(4, 0.1, 40)
    monkeypatch.setattr(training, "SHAPES", (small, small._replace(pairwise=True)))
    monkeypatch.setattr(training, "SEEDS", 2)


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
    with connection.cursor() as cursor:
        for stage in ("ONBOARDING", "ACTIVE"):
            cursor.execute(
                "UPDATE customers_customer SET stage = %s, version = version + 1"
                " WHERE id = ANY(%s::uuid[])",
                [stage, [str(one.pk) for one in customers]],
            )


KEPT = (
    "name", "number", "algorithm", "features", "data_hash", "data_until", "metrics", "card",
    "file_hash",
)  # fmt: skip


def score(actor: User, at: datetime) -> Job:
    """Run today's scoring; a small bank is one range of keys."""
    (started,) = services.start_scoring(actor=actor, at=at)
    return jobs.run(job=started, at=at)


_trained: dict[str, Any] = {}


@pytest.fixture
def in_use(bank: list[Customer], dan: User, eva: User, now: datetime) -> ModelVersion:
    """A model of the bank, approved. All banks are alike, so it is trained once a process."""
    if not _trained:
        version = services.train_on_history(actor=dan, at=now)
        _trained.update(
            {name: getattr(version, name) for name in KEPT}, raw=files.read(key=version.file)
        )
    else:
        kept = {name: _trained[name] for name in KEPT}
        version = ModelVersion(file=files.store(content=_trained["raw"], name="m"), **kept)
        version = records.create(record=version, actor=dan, at=now)
        version = lifecycle.perform(record=version, name="propose", actor=dan, at=now)
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
    # The next one, of the same history, is measured on the same time: no better, so a draft.
    (job,) = [services.start_training(actor=eva, at=now)]
    job = jobs.run(job=job, at=now)
    second = ModelVersion.objects.get(pk=job.outcome["model"])
    assert (job.state, second.state) == (Job.State.DONE, "DRAFT")
    assert second.data_hash == version.data_hash
    comparison = second.card["comparison"]
    assert comparison["champion"] == version.number
    assert comparison["fair"]
    assert comparison["roc_auc"] == pytest.approx(0)
    # Both figures stand in the register: over random folds, and over the time after.
    later = second.metrics["out_of_time"]
    assert later["rows"] + 0 < second.metrics["rows"]
    for figures in (second.metrics, later):
        low, high = figures["roc_auc_interval"]
        assert low < figures["roc_auc"] < high
    # A person may put it forward all the same; the one in use is retired, and can come back.
    lifecycle.perform(record=second, name="propose", actor=eva, at=now)
    services.approve_model(version=second, actor=dan, at=now)
    assert selectors.model_in_use() == second
    version.refresh_from_db()
    assert version.state == "RETIRED"
    lifecycle.perform(record=version, name="bring_back", actor=eva, at=now, reason="Drift")
    with pytest.raises(TransitionRefused):
        services.approve_model(version=version, actor=eva, at=now)
    services.approve_model(version=version, actor=dan, at=now)
    assert selectors.model_in_use() == version


@pytest.mark.parametrize(("interval", "proposed"), [([0.001, 0.02], True), ([-0.001, 0.02], False)])
def test_only_what_is_better_beyond_chance_is_proposed(
    interval: list[float], proposed: bool
) -> None:
    comparison = {"roc_auc_interval": interval, "brier_interval": [-0.1, 0.1]}
    champion = ModelVersion(name="churn", number=1)
    assert services.worth_proposing(comparison, champion) is proposed
    assert services.worth_proposing(None, champion) is False
    assert services.worth_proposing(None, None) is True


def test_scores_reasons_and_insight(
    bank: list[Customer],
    in_use: ModelVersion,
    dan: User,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # About one in five of the unhappy leaves within the horizon: they shall cross, the others not.
    monkeypatch.setattr(scoring, "THRESHOLD", 0.1)
    activate(bank, now)
    with CaptureQueriesContext(connection) as captured:
        job = score(dan, now)
    assert job.state == Job.State.DONE, (job.message, job.cursor)
    assert ChurnScore.objects.count() == len(bank)
    _knows_nothing_of_compliance(captured)
    top = ChurnScore.objects.order_by("-probability").select_related("customer")[0]
    whole = (top.probability - top.base) * 100
    assert sum(one["points"] for one in top.reasons) == pytest.approx(whole, abs=2.0)
    insight = CustomerInsight.objects.get(customer=top.customer)
    assert insight.churn_probability == top.probability
    # Codes and values are kept; the words come when somebody reads, in their language.
    assert insight.churn_reasons[0].keys() == {"name", "value", "points", "log_odds"}
    crossed = Event.objects.filter(record_type="analytics.ChurnScore", action="cross_threshold")
    over = ChurnScore.objects.filter(probability__gte=0.1)
    assert over.count() > 0
    assert {one.record_id for one in crossed} == set(over.values_list("pk", flat=True))
    assert crossed[0].payload.keys() == {"customer_id", "probability", "main_reason"}


def test_a_second_run_on_the_day_changes_nothing_and_the_next_day_tells_no_news(
    bank: list[Customer], in_use: ModelVersion, dan: User, now: datetime
) -> None:
    activate(bank, now)
    for _time in range(2):
        job = score(dan, now)
    assert job.outcome == {"created": 0, "unchanged": len(bank)}
    before = Event.objects.filter(action="cross_threshold").count()
    tomorrow = now + timedelta(days=1)
    score(dan, tomorrow)
    assert ChurnScore.objects.count() == 2 * len(bank)
    reading = DriftReading.objects.get(on=now.date())
    assert reading.rows == len(bank)  # the second run of the day added nothing
    # Who was over the threshold yesterday is no news; only who rose over it since is.
    fresh = Event.objects.filter(action="cross_threshold").count() - before
    yesterday = dict(
        ChurnScore.objects.filter(scored_on=now.date()).values_list("customer_id", "probability")
    )
    risen = [
        one
        for one in ChurnScore.objects.filter(scored_on=tomorrow.date())
        if one.probability >= bands.THRESHOLD > yesterday[one.customer_id]
    ]
    assert fresh == len(risen)


def test_scoring_without_a_model_fails_with_a_sentence(dan: User, now: datetime) -> None:
    tasks.weekly_training(at=now)
    assert not Job.objects.exists()
    job = score(dan, now)
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
    _knows_nothing_of_compliance(caught)


def _knows_nothing_of_compliance(captured: CaptureQueriesContext) -> None:
    told = " ".join(query["sql"] for query in captured.captured_queries)
    for word in ("risk_level", "restriction", "kyc_"):
        assert word not in told


def test_what_is_corrected_later_was_not_known_then(
    bank: list[Customer], system: User, now: datetime
) -> None:
    """Record's history, events and ledger are rewound: what was written later is undone."""
    from customers import services as customers

    as_of = now - timedelta(days=100)
    product = customers.add_product(
        code="loan", name_da="Lån", name_en="Loan", category="loan", valid_from=date(2020, 1, 1),
        actor=system, at=as_of,
    )  # fmt: skip
    holding = customers.add_holding(
        customer=bank[0], product=product, reference="l", opened_on=date(2020, 1, 1),
        matures_on=now.date() + timedelta(days=30), actor=system, at=as_of - timedelta(days=1),
    )  # fmt: skip
    keys = [one.pk for one in bank[:3]]
    before = features.build(customer_ids=keys, as_of=as_of)
    assert list(before.loc[0, ["has_loan", "holding_matures_days"]]) == [1, 130]

    # A closing dated back, a renewal, a loan registered late, a wrong birthday put right.
    other = customers.add_holding(
        customer=bank[1], product=product, reference="late", opened_on=date(2020, 1, 1),
        matures_on=now.date() + timedelta(days=9), actor=system, at=now,
    )  # fmt: skip
    customers.renew_holding(
        holding=holding, matures_on=now.date() + timedelta(days=900), actor=system, at=now
    )
    holding.refresh_from_db()
    customers.close_holding(
        holding=holding, closed_on=as_of.date() - timedelta(days=5), actor=system, at=now
    )
    customers.change_customer(
        customer=bank[2], changes={"born_on": date(1930, 1, 1)}, actor=system, at=now
    )
    after = features.build(customer_ids=keys, as_of=as_of)
    pd.testing.assert_frame_equal(before, after)
    today = features.build(customer_ids=keys, as_of=now + timedelta(seconds=1))
    assert today["holdings_open"].tolist() == [0, 1, 0]
    assert today.loc[2, "age"] == pytest.approx(now.year - 1930, abs=1)
    assert other.opened_on < as_of.date()


def test_a_killed_scoring_goes_on_and_a_range_keeps_to_its_keys(
    bank: list[Customer],
    in_use: ModelVersion,
    dan: User,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from analytics import jobs as kinds

    monkeypatch.setattr(kinds, "_CHUNK", 50)
    monkeypatch.setattr(scoring, "_RANGE", 130)
    activate(bank, now)
    tasks.weekly_training(at=now)
    assert Job.objects.get().kind == services.TRAINING
    started = services.start_scoring(actor=dan, at=now)
    assert len(started) == 2
    first, second = started
    with transaction.atomic():  # killed before it was written
        jobs.run_step(job_id=first.pk, at=now)
        transaction.set_rollback(True)
    assert not ChurnScore.objects.exists()
    jobs.run_step(job_id=first.pk, at=now)
    first.refresh_from_db()
    assert (first.done, first.total, ChurnScore.objects.count()) == (50, 120, 50)
    for job in started:
        assert jobs.run(job=job, at=now).outcome == {"created": 120, "unchanged": 0}
    assert ChurnScore.objects.count() == DriftReading.objects.get().rows == len(bank)
    assert max(selectors.key_ranges(rows=130, most=8)) == UUID(second.parameters["after"])


def test_news_is_told_once() -> None:
    """Rising, falling, another main reason above the threshold: an event; all else is silence."""
    one = Scorable(UUID(int=1), "ACTIVE", None, "")
    cases = {
        (0.2, "a", 0.6, "a"): "cross_threshold",
        (0.6, "a", 0.2, "a"): "fall_below_threshold",
        (0.6, "a", 0.7, "b"): "change_main_reason",
        (0.6, "a", 0.7, "a"): None,
        (0.1, "a", 0.2, "b"): None,
    }
    for (was, reason, probability, main), action in cases.items():
        scored = Scored(0.1, np.array([probability]), np.zeros((1, 1)), [main], ["[]"])
        news = scoring._news([one.id], [one], scored, {one.id: (was, reason)})
        assert [told[0] for told in news] == ([action] if action else [])
