"""Work of engagement that the calendar brings."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from clm.core import actors, messages
from clm.core.schedule import periodic
from engagement import services
from engagement.models import SurveyInvitation


@shared_task(name="engagement.send_invitation")  # type: ignore[untyped-decorator]
def send_invitation(invitation_id: str) -> None:
    services.send_invitation(invitation_id=UUID(invitation_id), clock=timezone.now)


@periodic("engagement.survey_invitations", every=timedelta(minutes=1))
def send_invitations(*, at: datetime) -> None:
    """Hand every invitation that is due to a worker; the ids travel once this is committed."""
    for invitation_id in messages.claim(model=SurveyInvitation, at=at):
        transaction.on_commit(partial(send_invitation.delay, str(invitation_id)))


@periodic("engagement.themes", every=timedelta(days=7), offset=timedelta(hours=5))
def find_themes(*, at: datetime) -> None:
    services.start_themes(actor=actors.system_user(), at=at)


@periodic("engagement.next_best_actions", every=timedelta(days=1), offset=timedelta(hours=5))
def propose(*, at: datetime) -> None:
    """What was taken is noted, what nobody answered ends, and what is best now is proposed."""
    services.note_taken(at=at)
    while services.expire_actions(at=at):
        pass
    services.start_proposing(actor=actors.system_user(), at=at)
