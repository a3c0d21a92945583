"""The officer's checks: done, and taken back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import lifecycle, records
from clm.core.models import User
from onboarding.lifecycle import CLOSED_STATES
from onboarding.models import Application, ApplicationTask, TaskKind
from onboarding.services.guardians import record_guardians


def complete_check(
    *,
    task: ApplicationTask,
    note: str = "",
    actor: User,
    at: datetime,
    version: int | None = None,
) -> ApplicationTask:
    """
    The officer has checked; their note is kept with the task. What follows from it is recorded:
    a guardian who showed who they are, and was checked, is the young person's from today.

    :raises TransitionRefused: the application is closed
    """
    with transaction.atomic():
        done = _check(task, {"answers": {"note": note[:2000]}, "done_at": at}, actor, at, version)
        record_guardians(task=done, at=at)
    return done


def reopen_check(
    *, task: ApplicationTask, actor: User, at: datetime, version: int | None = None
) -> ApplicationTask:
    """Take a check back; the note stays to be read."""
    return _check(task, {"done_at": None}, actor, at, version)


def _check(
    task: ApplicationTask, changes: dict[str, Any], actor: User, at: datetime, version: int | None
) -> ApplicationTask:
    if task.kind != TaskKind.CHECK:
        raise lifecycle.TransitionRefused([_("This is a check by the officer")])
    with transaction.atomic():
        application = Application.objects.select_for_update(of=("self",)).get(
            pk=task.application_id
        )
        if application.state in CLOSED_STATES:
            raise lifecycle.TransitionRefused([_("The application is still open")])
        return records.change(record=task, changes=changes, actor=actor, at=at, version=version)
