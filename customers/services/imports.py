"""Starting imports and admitting what they brought."""

from datetime import date, datetime
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clm.core import actors, jobs
from clm.core.models import Event, Job, User
from clm.core.tables import is_table


def source_named(source: str) -> str:
    """The name of a source system, trimmed. :raises ValidationError: none, or too long"""
    source = source.strip()
    if not source or len(source) > 60:
        raise ValidationError({"source": _("Name the source system, in at most 60 characters.")})
    return source


def start_import(
    *,
    file: IO[bytes] | bytes,
    file_name: str,
    source: str,
    actor: User,
    at: datetime,
    mapping: str = "",
    dry_run: bool = False,
    review_on: date | None = None,
) -> Job:
    """
    Queue an import of customers.

    :raises PermissionDenied: `actor` may not import
    :raises ValidationError: no source, or a kind of file that cannot be read
    """
    source = source_named(source)
    if not is_table(file_name):
        raise ValidationError({"file": _("Only CSV, XLSX and JSON Lines files can be read.")})
    return jobs.start(
        kind="customers.import",
        parameters={
            "source": source,
            "mapping": mapping,
            "dry_run": dry_run,
            "review_on": review_on.isoformat() if review_on else "",
        },
        actor=actor,
        at=at,
        file=file,
        file_name=file_name,
    )


def admit_batch(*, event: Event, at: datetime) -> None:
    """After a batch's `release`: start the job that admits its customers, once."""
    parameters = {"batch_id": str(event.record_id)}
    if not Job.objects.filter(kind="customers.admit", parameters=parameters).exists():
        jobs.start(kind="customers.admit", parameters=parameters, actor=actors.system_user(), at=at)
