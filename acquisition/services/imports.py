"""Starting an import of leads."""

from datetime import datetime
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from acquisition.models import Campaign
from clm.core import jobs
from clm.core.models import Job, User
from clm.core.tables import is_table
from customers.services.imports import source_named


def start_import(
    *,
    file: IO[bytes] | bytes,
    file_name: str,
    source: str,
    actor: User,
    at: datetime,
    campaign: Campaign | None = None,
    dry_run: bool = False,
) -> Job:
    """
    Queue an import of leads.

    :param campaign: of the rows that name none
    :raises PermissionDenied: `actor` may not import leads
    :raises ValidationError: no source, the one that forms have, or a file that cannot be read
    """
    source = source_named(source)
    if source == "form":
        raise ValidationError({"source": _("This name is the public forms’.")})
    if not is_table(file_name):
        raise ValidationError({"file": _("Only CSV, XLSX and JSON Lines files can be read.")})
    return jobs.start(
        kind="acquisition.leads",
        parameters={
            "source": source,
            "campaign": str(campaign.pk) if campaign else "",
            "dry_run": dry_run,
        },
        actor=actor,
        at=at,
        file=file,
        file_name=file_name,
    )
