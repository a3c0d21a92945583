"""Scoring and training as jobs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics import selectors, services
from analytics.models import ModelVersion
from clm.core import jobs
from clm.core.jobs import JobFailed, registry
from clm.core.models import Job

_CHUNK = 5_000


@registry.register
class ScoreChurn:
    """
    Scores the customers of a range of keys, a bounded chunk a step.

    Started twice on a day, the second finds nothing to do; killed, it goes on from its cursor,
    which is saved together with the scores.
    """

    name = services.SCORING
    label = gettext_lazy("Score churn risk")
    permission = "analytics.score_customers"

    def step(self, *, job: Job, at: datetime) -> bool:
        version = self._model(job)
        on = date.fromisoformat(job.parameters["on"])
        begin = job.cursor.get("after") or job.parameters.get("after")
        after = UUID(begin) if begin else None
        upto = UUID(job.parameters["upto"]) if "upto" in job.parameters else None
        if job.total is None:
            job.total = selectors.count_to_score(after=after, upto=upto)
        scorable = selectors.customers_to_score(after=after, upto=upto, limit=_CHUNK)
        batch = services.score_customers(
            version=version,
            scorable=scorable,
            on=on,
            as_of=datetime.fromisoformat(job.parameters["as_of"]),
            at=at,
        )
        job.done += len(scorable)
        job.outcome = {
            "created": job.outcome.get("created", 0) + batch.created,
            "unchanged": job.outcome.get("unchanged", 0) + len(scorable) - batch.created,
        }
        job.cursor = {
            "model": str(version.pk),
            "after": str(scorable[-1].id) if scorable else begin,
            "seen": services.added(job.cursor.get("seen", {}), batch),
        }
        if len(scorable) == _CHUNK:
            return False
        services.note_drift(version=version, on=on, seen=job.cursor["seen"])
        return True

    def _model(self, job: Job) -> ModelVersion:
        """The version that this job began with, even if another is in use by now."""
        kept = job.cursor.get("model")
        version = (
            ModelVersion.objects.get(pk=kept) if kept is not None else selectors.model_in_use()
        )
        if version is None:
            raise JobFailed(_("No churn model is in use: train one, and have it approved."))
        return version


@registry.register
class TrainChurn:
    """Trains a challenger on the bank's own history, in one step: half a model is none."""

    name = services.TRAINING
    label = gettext_lazy("Train the churn model")
    permission = "analytics.train_model"

    def step(self, *, job: Job, at: datetime) -> bool:
        from analytics.churn.table import UnfitTable

        try:
            version = services.train_challenger(
                actor=job.created_by, at=datetime.fromisoformat(job.parameters["at"])
            )
        except UnfitTable as error:
            raise JobFailed(str(error)) from None
        job.done = job.total = 1
        job.outcome = {"model": str(version.pk), "created": 1}
        words: dict[str, Any] = {"number": version.number}
        if version.state == "PROPOSED":
            sentence = _("Version %(number)d is trained and awaits a second person.") % words
        else:
            sentence = (
                _(
                    "Version %(number)d is trained and kept as a draft: no better than the one in use."
                )
                % words
            )
        jobs.say(job, sentence)
        return True
