"""The links by which customers come to their application."""

from datetime import datetime

from clm.core import crypto
from customers.lifecycle import Stage
from onboarding.models import Application, ApplicationLink

_PURPOSE = "application link"


def digest_of(*, secret: str) -> bytes:
    """What is kept of a secret."""
    return crypto.blind_index(value=secret, purpose=_PURPOSE)


def link_in_force(*, secret: str, at: datetime) -> ApplicationLink | None:
    """The link of a secret, unless it has run out, was taken back, or its customer is no more."""
    if not secret or len(secret) > 200:
        return None
    return (
        ApplicationLink.objects.filter(
            digest=digest_of(secret=secret),
            revoked_at=None,
            expires_at__gt=at,
            application__customer__merged_into=None,
        )
        .exclude(application__customer__stage=Stage.ERASED)
        .select_related("application__customer", "application__template", "application__product")
        .first()
    )


def link_of(*, application: Application, at: datetime) -> ApplicationLink | None:
    """The link that is in force for an application."""
    return (
        ApplicationLink.objects.filter(application=application, revoked_at=None, expires_at__gt=at)
        .select_related("created_by")
        .order_by("-created_at")
        .first()
    )
