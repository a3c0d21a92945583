"""
`churn_batch`: every customer scored by the night's job, features read from the database and
scores, reasons, insight and events written to it.

Baseline, in the same run: `predict_proba` of the same trees on a matrix that lies ready in memory.
The model is trained on invented customers of the same bank; each has two holdings, a consent, three
contacts, and six payments within half a year. The second round is the next day's: scores and insight
are there already.
"""

import hashlib
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import skops.io
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from analytics import features, selectors, services
from analytics.churn import drift
from analytics.churn.training import train
from analytics.models import CHURN, ModelVersion
from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, exponent
from clm.core import actors, files, jobs, lifecycle, partitions, records
from clm.core.models import Job
from clm.demobank.people import people
from customers.models import Customer, Product
from customers.services import add_product, drafts
from journeys import services as journeys

NAME = "churn_batch"
PROMISE = "Customers a second with reasons at least a quarter of the bare model's rows a second."
ROWS = (5_000, 20_000, 80_000)
PART = 5_000
LEARNT_FROM = 4_000


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size is how many customers the bank has; they are added up to it."""
    result = Result(NAME, PROMISE)
    at = timezone.now()
    partitions.ensure(since=at - timedelta(days=200), until=at)
    product = _product(at)
    version: ModelVersion | None = None
    points = []
    for number, size in enumerate(sorted(sizes)):
        _customers(size, product, at, say)
        version = version or _model(at, say)
        for day in (2 * number + 1, 2 * number + 2):
            when = at + timedelta(days=day)
            say(f"{size} customers, {'the first time' if day % 2 else 'the next day'}")
            count, seconds, grown = _night(when)
            bare = _bare(version, when)
            again = day % 2 == 0
            result.measures.append(
                Measure("the next day" if again else "some for the first time", count,
                        round(count / seconds), round(bare), "customers/s",
                        "predict_proba of the same trees", round(count / seconds / bare, 3), grown)
            )  # fmt: skip
            if again:
                points.append((count, seconds))
    if (slope := exponent(points)) is not None:
        result.exponents["seconds by customers"] = slope
    return result


def _night(at: datetime) -> tuple[int, float, float]:
    count = selectors.count_to_score()
    with PeakMemory() as memory, clock() as seconds:
        for started in services.start_scoring(actor=actors.system_user(), at=at):
            job = jobs.run(job=started, at=at)
            if job.state != Job.State.DONE:
                raise RuntimeError(job.message)
    return count, seconds(), memory.grown_mb


def _bare(version: ModelVersion, at: datetime) -> float:
    """Rows a second of the trees alone."""
    from analytics.churn.scoring import _kept_models
    from analytics.churn.table import Encoding

    some = [one.id for one in selectors.customers_to_score(after=None, limit=PART)]
    matrix = Encoding.from_json(version.features).matrix(
        features.build(customer_ids=some, as_of=at)
    )
    models = _kept_models(version)["models"]
    with clock() as seconds:
        for model in models:
            model.predict_proba(matrix)
    return len(some) / seconds()


def _model(at: datetime, say: Say) -> ModelVersion:
    """A model of the real shape, of an outcome that hangs on features of every group."""
    say("Training a model")
    some = [one.id for one in selectors.customers_to_score(after=None, limit=LEARNT_FROM)]
    frame = features.build(customer_ids=some, as_of=at)
    pull = (
        (frame["age"] < 40) * 1.0 + (frame["mood_mean"] < 0) * 1.5 - frame["holdings_open"] * 0.5
        - frame["transactions_90d"] * 0.2 - 1.0
    )  # fmt: skip
    chance = np.random.default_rng(0).random(len(frame))
    left = np.asarray(chance < 1 / (1 + np.exp(-pull)), dtype=np.int64)
    fitted = train(frame, left)
    raw = skops.io.dumps({"models": fitted.models})
    system = actors.system_user()
    version = records.create(
        record=ModelVersion(
            name=CHURN, number=1, algorithm="bench", features=fitted.encoding.as_json(),
            data_hash="-", metrics=fitted.metrics, file=files.store(content=raw, name="m"),
            file_hash=hashlib.sha256(raw).hexdigest(),
            card={
                "slope": fitted.slope, "offset": fitted.offset,
                "reference": drift.reference(frame, fitted.out_of_fold),
            },
        ),
        actor=system, at=at,
    )  # fmt: skip
    version = lifecycle.perform(record=version, name="propose", actor=system, at=at)
    # Nobody signs in here.
    with override_settings(CLM_REQUIRE_SECOND_FACTOR=False):
        return services.approve_model(version=version, actor=_second(), at=at)


def _second() -> Any:
    """Somebody else, who may approve."""
    from clm.demobank.staff import make_staff

    return make_staff()["maria"]


def _product(at: datetime) -> Product:
    return add_product(
        code="bench", name_da="Konto", name_en="Account", category="account",
        valid_from=date(2000, 1, 1), actor=actors.system_user(), at=at,
    )  # fmt: skip


def _customers(size: int, product: Product, at: datetime, say: Say) -> None:
    missing = size - Customer.objects.count()
    if missing <= 0:
        return
    say(f"Adding {missing} customers")
    rng = random.Random(size)
    found = people(rng, branch="aarhus", today=at.date())
    while missing > 0:
        part = [next(found) for _place in range(min(missing, PART))]
        made = drafts.store(
            drafts=[
                drafts.draft(
                    kind="person", given_names=one.given_names, family_name=one.family_name,
                    born_on=one.born_on, nationalities=["DK"], residence_country="DK",
                    stage="UNADMITTED",
                )
                for one in part
            ],
            actor=actors.system_user(), at=at, source="bench", validate=False,
        )  # fmt: skip
        _live([one.pk for one in made], product, at)
        missing -= len(part)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _live(keys: Sequence[Any], product: Product, at: datetime) -> None:
    """Holdings, consents, contacts and payments, past the services: they are not what is measured."""
    ids = [str(key) for key in keys]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET stage = 'ACTIVE', version = version + 1,"
            " customer_since = %s WHERE id = ANY(%s::uuid[])",
            [at.date() - timedelta(days=900), ids],
        )
        cursor.execute(
            "INSERT INTO customers_holding (id, version, created_at, updated_at, customer_id,"
            " product_id, reference, opened_on, currency, balance, income_per_year)"
            " SELECT gen_random_uuid(), 1, %s, %s, id, %s, id || '-' || n, %s, 'DKK', 0, 0"
            " FROM unnest(%s::uuid[]) AS one (id), generate_series(1, 2) AS n",
            [at, at, product.pk, at.date() - timedelta(days=800), ids],
        )
        cursor.execute(
            "INSERT INTO customers_transaction (id, booked_on, customer_id, holding_id, amount,"
            " currency, kind, source, external_id, batch_id)"
            " SELECT gen_random_uuid(), %s::date - n * 25, h.customer_id, h.id, n * 100 - 250,"
            " 'DKK', (ARRAY['card', 'salary', 'fee'])[1 + n %% 3], 'bench', h.id || '-' || n,"
            " gen_random_uuid() FROM customers_holding h, generate_series(1, 6) AS n"
            " WHERE h.customer_id = ANY(%s::uuid[]) AND h.reference LIKE '%%-1'",
            [at.date(), ids],
        )
        cursor.execute(
            "INSERT INTO customers_consententry (id, customer_id, purpose, channel, decision,"
            " source, wording_version, language, at, recorded_by_id) SELECT gen_random_uuid(), id,"
            " 'marketing', 'any', 'withdrawn', 'bench', '', '', %s, %s"
            " FROM unnest(%s::uuid[]) AS one (id)",
            [at, actors.system_user().pk, ids],
        )
    journey = journeys.journey_named(name="Bench", actor=actors.system_user(), at=at)
    rng = random.Random(len(ids))
    journeys.add_touchpoints(
        journey=journey,
        source="bench",
        rows=[
            journeys.NewTouchpoint(
                external_id=f"{key}:{days}", case_id=str(key), activity="Contact with the bank",
                at=at - timedelta(days=days), position=1, customer_id=key,
                sentiment=rng.choice((-2, -1, 0, 1, 2)),
            )
            for key in keys
            for days in (10, 80, 170)
        ],
    )  # fmt: skip
