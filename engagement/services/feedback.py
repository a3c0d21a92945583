"""Starting the jobs of feedback."""

from datetime import datetime
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clm.core import jobs
from clm.core.models import Job, User
from clm.core.tables import is_table
from engagement.models import Origin


def start_feedback_import(
    *,
    file: IO[bytes] | bytes,
    file_name: str,
    origin: str,
    actor: User,
    at: datetime,
    dry_run: bool = False,
) -> Job:
    """
    Queue an import of notes, posts or reviews.

    :param origin: of rows that name none
    :raises PermissionDenied: `actor` may not
    :raises ValidationError: no such origin, or a kind of file that cannot be read
    """
    if origin not in Origin.values or origin == Origin.SURVEY:
        raise ValidationError({"origin": _("There is no such origin.")})
    if not is_table(file_name):
        raise ValidationError({"file": _("Only CSV, XLSX and JSON Lines files can be read.")})
    return jobs.start(
        kind="engagement.feedback",
        parameters={"origin": origin, "dry_run": dry_run},
        actor=actor,
        at=at,
        file=file,
        file_name=file_name,
    )


def start_themes(*, actor: User, at: datetime) -> Job:
    """Queue the search for themes in the newest texts."""
    return jobs.start(kind="engagement.themes", parameters={}, actor=actor, at=at)
