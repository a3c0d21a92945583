"""Reading risk models, their back-tests, and the gaps in files."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import timezone

from clm.core import actors
from clm.core.lifecycle import RulesState
from clm.core.models import Job, User
from customers.lifecycle import Stage
from customers.models import Customer
from customers.selectors import law_on, reach_q
from customers.selectors.laws import laws_to_come
from kyc.models import FileGap, RiskModel
from kyc.rating.policy import Limit, limits

BACK_TEST = "kyc.back_test"
STOCKTAKE = "kyc.stocktake"
#: The customers the bank has: what rules are tried on and files are looked at.
PORTFOLIO = (Stage.ACTIVE, Stage.AT_RISK, Stage.DORMANT)


def visible_risk_models(*, actor: User) -> QuerySet[RiskModel]:
    """Every version, for those who may see them: they hold nothing of anybody."""
    if not actors.may(actor=actor, permission="kyc.view_riskmodel"):
        return RiskModel.objects.none()
    return RiskModel.objects.all()


def risk_model_in_force() -> RiskModel:
    """:raises RiskModel.DoesNotExist: there is none, which a migrated database never has"""
    return RiskModel.objects.get(state=RulesState.IN_FORCE)


def portfolio() -> QuerySet[Customer]:
    """The customers the bank has, in the order of their keys."""
    return Customer.objects.filter(stage__in=PORTFOLIO, merged_into=None).order_by("pk")


def review_limits(*, on: date) -> dict[str, Limit]:
    """The most years between reviews by the law in force and by those to come, level by level."""
    country = settings.CLM_COUNTRY
    return limits([law_on(country=country, on=on), *laws_to_come(country=country, on=on)])


def review_years(*, level: str, on: date) -> int:
    """After how many years a level is reviewed: as the model in force says, within the law of a day."""
    law = law_on(country=settings.CLM_COUNTRY, on=on).review_years(level)
    policy = risk_model_in_force().diligence
    return min(law, int(policy[level]["years"])) if level in policy else law


def back_test_jobs(*, model: RiskModel) -> QuerySet[Job]:
    """The simulations of a draft, newest first."""
    found = Job.objects.filter(kind=BACK_TEST, parameters__model_id=str(model.pk))
    return found.order_by("-created_at")


def back_test_job(*, model: RiskModel) -> Job | None:
    """The job whose result stands on the model, while its files are kept."""
    key = model.back_test.get("job_id") if model.back_test else None
    return Job.objects.filter(pk=UUID(key), kind=BACK_TEST).first() if key else None


def visible_gaps(*, actor: User) -> QuerySet[FileGap]:
    """Gaps of files within the actor's reach; nothing without the permission."""
    if not actors.may(actor=actor, permission="kyc.view_filegap"):
        return FileGap.objects.none()
    return FileGap.objects.filter(reach_q(actor=actor, prefix="customer__")).select_related(
        "customer", "customer__adviser"
    )


def gap_counts(*, actor: User) -> dict[str, int]:
    """How many files lack what, the most frequent first."""
    rows = (
        visible_gaps(actor=actor)
        .order_by()
        .values_list("code")
        .annotate(count=Count("pk"))
        .order_by("-count", "code")
    )
    return {str(code): int(count) for code, count in rows}


def last_stocktake() -> datetime | None:
    """When the files were last gone through to the end."""
    done = Job.objects.filter(kind=STOCKTAKE, state=Job.State.DONE)
    found: Any = done.order_by("-finished_at").values_list("finished_at", flat=True).first()
    return timezone.localtime(found) if found else None
