"""Starting an export of customers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from clm.core import actors, jobs
from clm.core.models import Job, User
from clm.core.tables import FORMATS
from customers.exports.columns import chosen
from customers.exports.job import PERMISSION, reach_now


def start_export(
    *,
    format: str,  # noqa: A002 -- what it is called to everybody
    filters: Mapping[str, str],
    columns: Sequence[str] = (),
    actor: User,
    at: datetime,
) -> Job:
    """
    Queue an export of the customers within the actor's reach that the filters leave.

    :param columns: names of `customers.exports.columns`; none means all that the actor may have
    :raises PermissionDenied: `actor` may not export
    :raises ValidationError: an unknown format or column
    """
    if not actors.may(actor=actor, permission=PERMISSION):
        raise PermissionDenied(_("You may not export customers."))
    if format not in FORMATS:
        raise ValidationError({"format": _("The format is csv, xlsx or jsonl.")})
    known = {column.name for column in chosen(names=(), actor=actor)}
    if unknown := sorted(set(columns) - known):
        raise ValidationError(
            {"columns": _("There is no column “%(name)s”.") % {"name": unknown[0]}}
        )
    return jobs.start(
        kind="customers.export",
        parameters={
            "format": format,
            "filters": {name: str(value) for name, value in filters.items() if value},
            "columns": list(columns),
            "reach": reach_now(actor=actor),
        },
        actor=actor,
        at=at,
    )
