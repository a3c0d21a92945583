"""Back a step: the customer answers it anew, and nothing they said is lost."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import lifecycle
from clm.core.models import User
from onboarding import blueprint
from onboarding.models import Application, ApplicationTask, TaskKind
from onboarding.services.asked import note_opened, open_again


def go_back(*, task: ApplicationTask, reason: str, actor: User, at: datetime) -> list[str]:
    """
    Take an application back to a step: the task and what rests on it are opened again, and the
    customer is asked. Every answer is kept; the clock stands still meanwhile.

    :returns: the keys of the tasks that are opened again
    :raises ValidationError: it is no task of answers, or it is not said why
    :raises TransitionRefused: the application is not with the bank, or nobody has it
    """
    if task.kind != TaskKind.ANSWERS:
        raise ValidationError(_("Only what the customer answered is answered anew."))
    if not reason.strip():
        raise ValidationError(_("Say to the customer what is to be answered anew, and why."))
    with transaction.atomic():
        application = Application.objects.select_related("template").get(pk=task.application_id)
        lifecycle.perform(
            record=application, name="request_information", actor=actor, at=at,
            reason=reason.strip()[:2000],
        )  # fmt: skip
        rests = blueprint.task_named(application.template.data, task.key).reopens
        opened = open_again(application=application, keys=[task.key, *rests], actor=actor, at=at)
        note_opened(application=application, because=task.key, opened=opened, actor=actor, at=at)
    return opened
