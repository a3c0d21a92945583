"""The job that makes what a project hands over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from clm.core import access, files, jobs
from clm.core.models import Job, User
from clm.core.sayings import gettext as _
from journeys import selectors
from journeys.deliverables import deck, reports, sheets
from journeys.models import MappingProject

KIND = "journeys.deliverable"


@dataclass(frozen=True)
class Deliverable:
    """One thing that is handed over: what it is called, its ending, and who makes it."""

    label: Any
    ending: str
    make: Callable[..., bytes]


DELIVERABLES = {
    "insights": Deliverable(gettext_lazy("Insights and recommendations (PDF)"), "pdf", reports.insights),
    "plan": Deliverable(gettext_lazy("Action plan (PDF)"), "pdf", reports.plan),
    "plan-xlsx": Deliverable(gettext_lazy("Action plan (XLSX)"), "xlsx", sheets.plan),
    "workshop": Deliverable(gettext_lazy("Workshop materials (PPTX)"), "pptx", deck.workshop),
    "impact": Deliverable(gettext_lazy("Business impact (PDF)"), "pdf", reports.impact),
}  # fmt: skip


@jobs.registry.register
class ProjectDeliverable:
    """One deliverable of one project. Parameters: `project_id`, `what`, `language`."""

    name = KIND
    label = gettext_lazy("Deliverable of a mapping project")
    permission = "journeys.view_mappingproject"

    def step(self, *, job: Job, at: datetime) -> bool:
        """All of it in one step: what a project holds is bounded."""
        project = self._project(job, job.created_by)
        if project is None:
            raise jobs.JobFailed(_("You may not see this project any more."))
        wanted = DELIVERABLES[job.parameters["what"]]
        language = job.parameters["language"]
        with translation.override(language):
            made = wanted.make(project=project, actor=job.created_by, language=language, at=at)
        job.total = job.done = 1
        job.result_file = files.store(content=made)
        name = slugify(project.title) or "project"
        job.result_name = f"{name[:60]}-{job.parameters['what']}.{wanted.ending}"
        access.write(
            actor=job.created_by, kind="export", route=self.name,
            record_type=MappingProject._meta.label, record_ids=[str(project.pk)],
            reason=job.parameters["what"], at=at,
        )  # fmt: skip
        return True

    def may_fetch(self, *, job: Job, actor: User) -> bool:
        """Only whoever had it made: measured numbers are of their reach."""
        return (
            actor.is_active
            and actor.pk == job.created_by_id
            and self._project(job, actor) is not None
        )

    def _project(self, job: Job, actor: User) -> MappingProject | None:
        found = selectors.visible_projects(actor=actor)
        return found.filter(pk=UUID(job.parameters["project_id"])).first()
