"""Taking in a list's file from a page or a client: a job reads it."""

from datetime import datetime
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clm.core import jobs
from clm.core.models import Job, User
from kyc.lists import formats

LOAD = "kyc.load_list"
_LONGEST_NAME = 80


def start_load(
    *,
    file: IO[bytes] | bytes,
    file_name: str,
    format: str,  # noqa: A002 (what everybody calls it)
    name: str = "",
    actor: User,
    at: datetime,
) -> Job:
    """
    Queue the load of a list; a list in doubt is held back for a person, as with every load.

    :param name: of the list; the format's usual one when empty
    :raises PermissionDenied: `actor` may not import lists
    :raises ValidationError: no such format, or no name for a list
    """
    if format not in formats():
        raise ValidationError(
            {
                "format": _("There is no format %(name)s; there are %(known)s.")
                % {"name": format[:40], "known": ", ".join(formats())}
            }
        )
    if len(name.strip()) > _LONGEST_NAME:
        raise ValidationError(
            {
                "list": _("The name of a list has at most %(most)d characters.")
                % {"most": _LONGEST_NAME}
            }
        )
    return jobs.start(
        kind=LOAD,
        parameters={"format": format, "list": name.strip()},
        actor=actor,
        at=at,
        file=file,
        file_name=file_name,
    )
