"""Work of onboarding that the calendar brings."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from clm.core import actors, messages
from clm.core.schedule import periodic
from onboarding import services
from onboarding.models import WelcomeMessage


@periodic("onboarding.expire_abandoned", every=timedelta(days=1), offset=timedelta(hours=1))
def expire_abandoned(*, at: datetime) -> None:
    services.expire_abandoned(actor=actors.system_user(), at=at)


@periodic("onboarding.link_abandoned", every=timedelta(hours=1))
def note_abandoned(*, at: datetime) -> None:
    while services.note_abandoned(at=at):
        pass


@shared_task(name="onboarding.send_message")  # type: ignore[untyped-decorator]
def send_message(message_id: str) -> None:
    services.send_message(message_id=UUID(message_id), clock=timezone.now)


@periodic("onboarding.welcome_messages", every=timedelta(minutes=1))
def send_messages(*, at: datetime) -> None:
    """Hand every message that is due to a worker; the ids travel once this is committed."""
    for message_id in messages.claim(model=WelcomeMessage, at=at):
        transaction.on_commit(partial(send_message.delay, str(message_id)))


@periodic("onboarding.milestones", every=timedelta(hours=1))
def note_milestones(*, at: datetime) -> None:
    last = services.note_milestones(at=at)
    while last is not None:
        last = services.note_milestones(at=at, after=last)
