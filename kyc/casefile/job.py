"""The job that makes a case file."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy

from clm.core import access, files, jobs
from clm.core.models import Job, User
from clm.core.sayings import gettext as _
from kyc import selectors
from kyc.casefile.archive import archive
from kyc.models import Case

KIND = "kyc.case_file"


@jobs.registry.register
class CaseFile:
    """One case's file. Parameters: `case_id`, `language`."""

    name = KIND
    label = gettext_lazy("Case file")
    permission = "kyc.view_case"

    def step(self, *, job: Job, at: datetime) -> bool:
        case = selectors.visible_cases(actor=job.created_by).filter(
            pk=UUID(job.parameters["case_id"])
        ).first()  # fmt: skip
        if case is None:
            raise jobs.JobFailed(_("You may not see this case any more."))
        job.total = job.done = 1
        job.result_file = files.store(
            content=archive(case=case, language=job.parameters["language"])
        )
        job.result_name = f"{case.reference}.zip"
        access.write(
            actor=job.created_by, kind="export", route=self.name, record_type=Case._meta.label,
            record_ids=[str(case.pk)], reason=_("Case file"), at=at,
        )  # fmt: skip
        return True

    def may_fetch(self, *, job: Job, actor: User) -> bool:
        """The case is still within the actor's reach."""
        found = selectors.visible_cases(actor=actor).filter(pk=UUID(job.parameters["case_id"]))
        return actor.is_active and found.exists()
