"""Scoring as a job: key ranges of customers, one bounded chunk a step."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics import selectors, services
from clm.core.jobs import JobFailed, registry
from clm.core.models import Job

_CHUNK = 2000


@registry.register
class ScoreChurn:
    """Scores everybody who is a customer; started twice on a day, the second finds nothing to do."""

    name = "analytics.score_churn"
    label = gettext_lazy("Score churn risk")
    permission = "analytics.score_customers"

    def step(self, *, job: Job, at: datetime) -> bool:
        version = selectors.model_in_use()
        if version is None:
            raise JobFailed(_("No churn model is in use: train one, and have it approved."))
        if job.total is None:
            job.total = selectors.count_to_score()
        after = UUID(job.cursor["after"]) if "after" in job.cursor else None
        stages = selectors.customers_to_score(after=after, limit=_CHUNK)
        scored = services.score_customers(
            version=version,
            stages=stages,
            on=date.fromisoformat(job.parameters["on"]),
            as_of=datetime.fromisoformat(job.parameters["as_of"]),
            at=at,
        )
        job.done += len(stages)
        job.outcome = {
            "created": job.outcome.get("created", 0) + scored,
            "unchanged": job.outcome.get("unchanged", 0) + len(stages) - scored,
        }
        if stages:
            job.cursor = {"after": str(max(stages))}
        return len(stages) < _CHUNK
