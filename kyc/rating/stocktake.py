"""Going through all files: what is missing, which reviews are due, and what a new model brings forward."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from clm.core import actors, jobs
from clm.core.models import Job
from customers import services as customers_services
from customers.models import Customer
from kyc.checks import Subject
from kyc.models import FileGap, RiskModel, Trigger
from kyc.rating.back_test import compare
from kyc.rating.files import checks_ran, gaps_of, keep_gaps
from kyc.rating.selectors import STOCKTAKE, portfolio, risk_model_in_force
from kyc.rating.subjects import subjects
from kyc.services.opening import ask

CHUNK = 500
#: Reviews that a new model makes due are spread by this many a day and level, over at most so
#: many days: who is high now comes first.
A_DAY = 10
SPANS = {"high": 30, "medium": 60, "low": 90}
#: A review is begun so long before its day, so that it is done in time.
LEAD = timedelta(days=30)


@jobs.registry.register
class Stocktake:
    """
    One step goes through the next 500 files in the order of their keys.

    Every night, and after a new risk model with `model_id` and `before_id`: then the reviews that
    the new model brings forward are brought forward first, to days that share the work out.
    """

    name = STOCKTAKE
    label = gettext_lazy("Look through all KYC files")
    permission = "kyc.add_case"

    def step(self, *, job: Job, at: datetime) -> bool:
        """One range; running a range again opens no second case."""
        customers = portfolio()
        if job.total is None:
            job.total = customers.count()
            job.outcome = {"gaps": 0, "cases": 0, "brought_forward": 0}
            FileGap.objects.exclude(customer__in=customers.order_by().values("pk")).delete()
        if after := job.cursor.get("after"):
            customers = customers.filter(pk__gt=UUID(after))
        part = list(customers[:CHUNK])
        if part:
            self._look(job, part, at)
            job.cursor = {"after": str(part[-1].pk)}
            job.done += len(part)
        return len(part) < CHUNK

    def _look(self, job: Job, part: Sequence[Customer], at: datetime) -> None:
        today = timezone.localdate(at)
        model = risk_model_in_force()
        before = _before(job, model)
        known = subjects(
            customers=part, on=today, factors=[one.factors for one in (model, before) if one]
        )
        causes: dict[UUID, dict[str, Any]] = {}
        if before is not None:
            causes = _bring_forward(part, known, before, model, today, at)
        ran = checks_ran(customers=part)
        found = {
            one.pk: gaps_of(
                customer=one, subject=known[one.pk], model=model, ran=ran.get(one.pk, set()),
                today=today,
            )
            for one in part
        }  # fmt: skip
        gaps = keep_gaps(customers=part, found=found, at=at)
        opened = sum(
            _review(one, causes.get(one.pk), at)
            for one in part
            if one.kyc_review_on is not None and one.kyc_review_on <= today + LEAD
        )
        outcome = job.outcome
        job.outcome = {
            "gaps": outcome["gaps"] + gaps,
            "cases": outcome["cases"] + opened,
            "brought_forward": outcome["brought_forward"] + len(causes),
        }


def _before(job: Job, model: RiskModel) -> RiskModel | None:
    """The version that the job's model replaced, while that model is the one in force."""
    if job.parameters.get("model_id") != str(model.pk) or not job.parameters.get("before_id"):
        return None
    return RiskModel.objects.get(pk=UUID(job.parameters["before_id"]))


def _bring_forward(
    part: Sequence[Customer],
    known: dict[UUID, Subject],
    before: RiskModel,
    model: RiskModel,
    today: date,
    at: datetime,
) -> dict[UUID, dict[str, Any]]:
    """Set the reviews that come earlier now; by customer the reason, which its case will say."""
    causes = {}
    for one in part:
        move = compare(
            subject=known[one.pk], now=before, draft=model, review=one.kyc_review_on, today=today
        )
        soon = spread(key=one.pk, level=move.after, model=model, today=today)
        review = soon if move.due else move.review
        if review is None or one.kyc_review_on is None or review >= one.kyc_review_on:
            continue
        changed = customers_services.set_risk(
            customer=one, level=one.risk_level, review_on=review, actor=actors.system_user(), at=at
        )
        one.kyc_review_on, one.version = changed.kyc_review_on, changed.version
        causes[one.pk] = {
            "code": "rules_changed",
            "facts": {"number": model.number, "before": move.before, "after": move.after},
        }
    return causes


def spread(*, key: UUID, level: str, model: RiskModel, today: date) -> date:
    """
    The day of a review that a model makes due: today while they are few, else one of the days that
    they are spread over, the same for a customer whenever it is asked.
    """
    many = int(model.back_test.get("due", {}).get(level, 0)) if model.back_test else 0
    days = max(1, min(SPANS[level], ceil(many / A_DAY)))
    return today + timedelta(days=int.from_bytes(sha256(key.bytes).digest()[:4]) % days)


def _review(customer: Customer, cause: dict[str, Any] | None, at: datetime) -> bool:
    """A case with all checks for a review that is due, once for its day."""
    day = str(customer.kyc_review_on)
    return ask(
        customer=customer,
        trigger=Trigger.RULES_CHANGED if cause else Trigger.REVIEW,
        asked=(),
        reason=cause or {"code": "review_due", "facts": {"on": day}},
        cause=UUID(bytes=sha256(b"review" + day.encode()).digest()[:16]),
        at=at,
    )
