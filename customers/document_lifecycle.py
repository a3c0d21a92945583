"""
The life of a document: asked for, handed in, looked at by a person.

One row is one paper. A document that is rejected stays, with its file, as what was handed in;
what is asked for in its place is a row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from customers.models import Document


class DocumentState(models.TextChoices):
    REQUESTED = "REQUESTED", _("Asked for")
    UPLOADED = "UPLOADED", _("To be looked at")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REJECTED = "REJECTED", _("Rejected")
    EXPIRED = "EXPIRED", _("Expired")
    CANCELLED = "CANCELLED", _("Not needed")


State = DocumentState
#: In these a document stands for the customer: handed in, and not turned down or run out.
STANDING = (State.UPLOADED, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What lies outside the document and matters to its guards."""

    today: date


@guard(_("A file is attached"))
def file_is_attached(document: Document, facts: DocumentFacts) -> bool:
    return bool(document.file)


@guard(_("Its date of expiry is known, where such a document has one"))
def expiry_is_known(document: Document, facts: DocumentFacts) -> bool:
    return document.expires_on is not None or not document.must_expire


@guard(_("It has not expired"))
def has_not_expired(document: Document, facts: DocumentFacts) -> bool:
    return document.expires_on is None or document.expires_on >= facts.today


@guard(_("Its date of expiry has passed"))
def has_expired(document: Document, facts: DocumentFacts) -> bool:
    return document.expires_on is not None and document.expires_on < facts.today


class DocumentLifecycle(models.Model):
    """REQUESTED -> UPLOADED -> ACCEPTED | REJECTED; an accepted one may become EXPIRED."""

    state = StateField(_("state"), choices=State.choices, default=State.REQUESTED)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=State.REQUESTED,
        target=State.UPLOADED,
        conditions=[file_is_attached],
        permission="customers.upload_document",
        custom={"label": _("Hand in"), "policy": "DO-1"},
    )
    def upload(self) -> None: ...

    @transition(
        field=state,
        source=State.UPLOADED,
        target=State.ACCEPTED,
        conditions=[file_is_attached, expiry_is_known, has_not_expired],
        permission="customers.accept_document",
        custom={"label": _("Accept"), "policy": "DO-2"},
    )
    def accept(self) -> None: ...

    @transition(
        field=state,
        source=[State.UPLOADED, State.ACCEPTED],
        target=State.REJECTED,
        permission="customers.reject_document",
        custom={"label": _("Reject and ask again"), "policy": "DO-3", "reason_required": True},
    )
    def reject(self) -> None: ...

    @transition(
        field=state,
        source=State.ACCEPTED,
        target=State.EXPIRED,
        conditions=[has_expired],
        permission="customers.expire_document",
        custom={"label": _("Expire"), "policy": "DO-4", "automatic": True},
    )
    def expire(self) -> None: ...

    @transition(
        field=state,
        source=State.REQUESTED,
        target=State.CANCELLED,
        permission="customers.cancel_document",
        custom={"label": _("Not needed any more"), "policy": "DO-5"},
    )
    def cancel(self) -> None: ...
