"""The trial of a draft on past applications, in ranges of keys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import clocks, jobs
from clm.core.models import Job
from onboarding import selectors, trial
from onboarding.lifecycle import ApplicationState
from onboarding.models import Application, ApplicationTemplate
from onboarding.selectors.templates import TRIAL
from onboarding.services.templates import keep_trial

CHUNK = 500


@jobs.registry.register
class Trial:
    """
    One step looks at the next 500 applications that were sent in, under the template in force and
    under the draft. What is kept are counts and a few ids; who may see those is asked on the page.
    """

    name = TRIAL
    label = gettext_lazy("Trial of an application template")
    permission = "onboarding.change_applicationtemplate"

    def step(self, *, job: Job, at: datetime) -> bool:
        """One range of keys; the last writes the result on the draft."""
        draft = ApplicationTemplate.objects.get(pk=UUID(job.parameters["template_id"]))
        if draft.digest != job.parameters["digest"]:
            raise jobs.JobFailed(_("The draft was changed while it was tried; try it again."))
        now = selectors.templates_in_force().get(draft.kind)
        against = str(now.pk) if now else ""
        past = past_applications(kind=draft.kind, since=job.parameters["since"])
        if job.total is None:
            job.total = past.count()
            job.cursor = {"against": against}
        elif job.cursor["against"] != against:
            raise jobs.JobFailed(_("Another version came into force meanwhile; try it again."))
        if after := job.cursor.get("after"):
            past = past.filter(pk__gt=UUID(after))
        part = list(past[:CHUNK])
        tally = trial.add(
            trial.Tally.from_json(job.cursor.get("tally", {})),
            now=now.data if now else {},
            draft=draft.data,
            pasts=[_past(one, draft.data) for one in part],
        )
        job.done += len(part)
        if len(part) == CHUNK:
            job.cursor = {**job.cursor, "after": str(part[-1].pk), "tally": tally.as_json()}
            return False
        job.cursor = {}
        job.outcome = {"applications": tally.applications}
        found = {
            **tally.as_json(),
            "against": now.number if now else 0,
            "days": job.parameters["days"],
            "digest": job.parameters["digest"],
            "at": at.isoformat(),
        }
        if not keep_trial(template=draft, found=found, actor=job.created_by, at=at):
            raise jobs.JobFailed(_("The draft was changed while it was tried; try it again."))
        return True


def past_applications(*, kind: str, since: str) -> QuerySet[Application]:
    """What was sent in since then by customers of a kind, in the order of the keys."""
    return (
        Application.objects.filter(template__kind=kind, submitted_at__gte=parse_datetime(since))
        .select_related("customer", "product", "template")
        .prefetch_related("tasks", "customer__contact_points", "customer__identifiers")
        .order_by("pk")
    )


def _past(application: Application, data: dict[str, Any]) -> trial.Past:
    customer = application.customer
    tasks = list(application.tasks.all())
    known = selectors.known_of_customer(customer=customer)
    facts: dict[str, Any] = {}
    # Answers of questions that only one of the two versions has are known to both.
    for content in (application.template.data, data):
        facts |= selectors.facts_of(
            data=content,
            customer=customer,
            product=application.product,
            answers={one.key: one.answers for one in tasks},
            known=known,
            on=application.created_at.date(),
        )
    decided = application.decided_at
    approved = application.state in (ApplicationState.APPROVED, ApplicationState.ACTIVATED)
    return trial.Past(
        key=str(application.pk),
        facts=facts,
        done=frozenset(one.key for one in tasks if one.done_at),
        straight_through=application.straight_through and approved,
        low_risk=customer.risk_level == "low",
        hours=clocks.business_hours_between(start=application.submitted_at, end=decided)
        if decided and application.submitted_at
        else None,
    )
