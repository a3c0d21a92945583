"""Starting imports and admitting what they brought."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import IO

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from clm.core import actors, jobs
from clm.core.models import Event, Job, User
from clm.core.tables import is_table
from customers.imports.columns import ALIASES
from customers.models import ImportMapping


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


def save_mapping(*, name: str, columns: Mapping[str, str], actor: User) -> ImportMapping:
    """
    Keep what a source system's columns mean, under a name; the name again replaces it.

    :param columns: our column by the file's, or "" for one that is not used
    :raises PermissionDenied: `actor` may not import
    :raises ValidationError: no name, no such column of ours, or one that two columns are to fill
    """
    if not actors.may(actor=actor, permission="customers.import_customers"):
        raise PermissionDenied(_("You may not import customers."))
    own = [one for one in columns.values() if one]
    for one in own:
        if one not in ALIASES:
            raise ValidationError(_("There is no column “%(name)s” to fill.") % {"name": one})
        if own.count(one) > 1:
            raise ValidationError(
                _("Two columns of the file are to fill “%(name)s”; choose one.") % {"name": one}
            )
    if not {"family_name", "name"} & set(own):
        raise ValidationError(_("One column must fill family_name or name."))
    mapping = ImportMapping(
        name=name.strip(),
        columns={column.strip().lower(): one for column, one in columns.items()},
    )
    mapping.clean_fields()
    mapping, _new = ImportMapping.objects.update_or_create(
        name=mapping.name, defaults={"columns": mapping.columns}
    )
    return mapping


def admit_batch(*, event: Event, at: datetime) -> None:
    """After a batch's `release`: start the job that admits its customers, once."""
    parameters = {"batch_id": str(event.record_id)}
    if not Job.objects.filter(kind="customers.admit", parameters=parameters).exists():
        jobs.start(kind="customers.admit", parameters=parameters, actor=actors.system_user(), at=at)
