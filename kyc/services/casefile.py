"""Asking for the file of a case."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.translation import gettext as _

from clm.core import jobs
from clm.core.models import Job, User
from kyc import selectors
from kyc.casefile.job import KIND
from kyc.models import Case


def start_case_file(*, case: Case, actor: User, at: datetime) -> Job:
    """
    Queue the file of a case, in the active language.

    :raises PermissionDenied: `actor` may not see the case
    """
    if not selectors.visible_cases(actor=actor).filter(pk=case.pk).exists():
        raise PermissionDenied(_("You may not do this."))
    return jobs.start(
        kind=KIND,
        parameters={"case_id": str(case.pk), "language": translation.get_language() or "da"},
        actor=actor,
        at=at,
    )
