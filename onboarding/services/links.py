"""Links for customers: made, taken back, used, left."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records
from clm.core.models import User
from customers import services as customers
from customers.models import Decision
from onboarding.lifecycle import ANSWERABLE_STATES, CLOSED_STATES
from onboarding.models import Application, ApplicationLink
from onboarding.selectors.links import digest_of

LASTS = timedelta(days=14)
#: Who was away this long has come back; who stays away this long has left it lying.
PAUSE = timedelta(minutes=30)
AWAY = timedelta(hours=24)
_SOURCE = "application-link"


def make_link(
    *, application: Application, actor: User, at: datetime
) -> tuple[ApplicationLink, str]:
    """
    A new link; an earlier one of the application works no more.

    :returns: the link and its secret, which nobody can be told again
    :raises PermissionDenied: `actor` may not
    :raises TransitionRefused: the application is closed
    """
    _permitted(actor)
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        if locked.state in CLOSED_STATES:
            raise lifecycle.TransitionRefused([_("The application is still open")])
        _take_back(locked, at)
        secret = secrets.token_urlsafe(32)
        link = ApplicationLink.objects.create(
            application=locked,
            digest=digest_of(secret=secret),
            created_at=at,
            created_by=actor,
            expires_at=at + LASTS,
        )
        records.note(
            record=locked, action="link_made", actor=actor, at=at,
            payload={"link_id": str(link.pk), "expires_at": link.expires_at.isoformat()},
        )  # fmt: skip
    return link, secret


def revoke_link(*, application: Application, actor: User, at: datetime) -> bool:
    """
    Take the application's link back; whether there was one.

    :raises PermissionDenied: `actor` may not
    """
    _permitted(actor)
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        taken = _take_back(locked, at)
        if taken:
            records.note(record=locked, action="link_revoked", actor=actor, at=at)
    return taken


def note_visit(*, link: ApplicationLink, actor: User, at: datetime) -> None:
    """The customer is here: event `link_opened` at first, `link_returned` after a pause."""
    if link.seen_at is not None and at - link.seen_at < timedelta(minutes=1):
        return
    with transaction.atomic():
        locked = ApplicationLink.objects.select_for_update().get(pk=link.pk)
        before = locked.seen_at
        if before is not None and before >= at:
            return
        ApplicationLink.objects.filter(pk=link.pk).update(seen_at=at)
        if before is None or at - before >= PAUSE:
            _note(link, "link_opened" if before is None else "link_returned", actor, at)


def note_leaving(*, link: ApplicationLink, actor: User, at: datetime) -> None:
    """The customer says that they go on later."""
    with transaction.atomic():
        _note(link, "link_left", actor, at)


def note_abandoned(*, at: datetime, limit: int = 500) -> int:
    """
    Event `link_abandoned` where a customer began and stayed away for a day, once an absence.

    :returns: how many
    """
    with transaction.atomic():
        found = list(
            ApplicationLink.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(
                Q(away_since=None) | Q(away_since__lt=F("seen_at")),
                seen_at__lt=at - AWAY,
                revoked_at=None,
                application__state__in=ANSWERABLE_STATES,
            )
            .select_related("application")
            .order_by("seen_at", "id")[:limit]
        )
        for link in found:
            _note(link, "link_abandoned", actors.system_user(), at)
            ApplicationLink.objects.filter(pk=link.pk).update(away_since=link.seen_at)
    return len(found)


def answer_consents(
    *,
    link: ApplicationLink,
    given: Mapping[tuple[str, str], str],
    language: str,
    actor: User,
    at: datetime,
) -> bool:
    """
    Take in what the customer agrees to; a link does this once.

    :param given: by purpose and channel, the name of the wording that was shown
    :returns: False where it was answered already, and nothing is written
    :raises ValidationError: a wording is no longer in force; then nothing is kept
    """
    with transaction.atomic():
        locked = ApplicationLink.objects.select_for_update().get(pk=link.pk)
        if locked.consented_at is not None or locked.revoked_at is not None:
            return False
        for (purpose, channel), wording in given.items():
            customers.record_consent(
                customer=link.application.customer,
                purpose=purpose,
                channel=channel,
                decision=Decision.GIVEN,
                source=_SOURCE,
                wording_version=wording,
                language=language,
                actor=actor,
                at=at,
            )
        ApplicationLink.objects.filter(pk=link.pk).update(consented_at=at)
    return True


def _permitted(actor: User) -> None:
    if actors.is_customer(actor) or not actors.may(
        actor=actor, permission="onboarding.change_application"
    ):
        raise PermissionDenied(_("You may not do this."))


def _take_back(application: Application, at: datetime) -> bool:
    found = ApplicationLink.objects.filter(
        application=application, revoked_at=None, expires_at__gt=at
    )
    return found.update(revoked_at=at) > 0


def _note(link: ApplicationLink, action: str, actor: User, at: datetime) -> None:
    records.note(
        record=link.application,
        action=action,
        actor=actor,
        at=at,
        payload={"customer_id": str(link.application.customer_id), "channel": "link"},
    )
