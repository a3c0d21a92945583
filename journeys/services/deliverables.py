"""Having something made that a project hands over."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clm.core import jobs
from clm.core.models import Job, User
from journeys.deliverables.job import DELIVERABLES, KIND
from journeys.models import MappingProject


def start_deliverable(
    *, project: MappingProject, what: str, language: str, actor: User, at: datetime
) -> Job:
    """
    Queue the making of a deliverable.

    :param what: a name of `journeys.deliverables.job.DELIVERABLES`
    :raises PermissionDenied: `actor` may not see mapping projects
    :raises ValidationError: there is no such deliverable or language
    """
    if what not in DELIVERABLES:
        raise ValidationError({"what": _("There is no such deliverable.")})
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("Danish or English.")})
    return jobs.start(
        kind=KIND,
        parameters={"project_id": str(project.pk), "what": what, "language": language},
        actor=actor,
        at=at,
    )
