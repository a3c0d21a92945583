"""Four eyes: the maker is not the checker, for decisions and for configuration."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Max
from django.utils.translation import gettext as _

from clm.core import second_factor
from clm.core.canonical import canonical, plain
from clm.core.models import Approval, Record, User


class ApprovalRefused(Exception):
    """Nobody asked, it is decided already, or what was shown has changed."""


def snapshot(record: Record) -> dict[str, Any]:
    """What the maker saw: the record's plain fields, without those that are encrypted."""
    hidden = (models.BinaryField,)
    skipped = {"ciphertext", "updated_at"}
    return {
        field.attname: plain(field.value_from_object(record))
        for field in record._meta.concrete_fields
        if not isinstance(field, hidden) and field.attname not in skipped
    }


def open_approval(
    *,
    record: Record,
    action: str,
    actor: User,
    at: datetime,
    shown: Mapping[str, Any],
    reason: str = "",
) -> Approval:
    """Ask for a second person; an open question on the same action is voided first."""
    label = record._meta.label
    void(record=record, at=at, action=action)
    past = Approval.objects.filter(record_id=record.pk, action=action)
    last = past.aggregate(last=Max("round"))["last"] or 0
    return Approval.objects.create(
        record_type=label,
        record_id=record.pk,
        action=action,
        round=last + 1,
        shown=plain(shown),
        digest=_digest(shown),
        reason=reason,
        maker=actor,
        made_at=at,
    )


def objections(*, record: Record, action: str, checker: User) -> list[str]:
    """Why `checker` may not decide now, in sentences that say what must hold."""
    approval = Approval.objects.filter(record_id=record.pk, action=action, decision="").first()
    if approval is None:
        return [_("Somebody has asked for approval")]
    if approval.maker_id == checker.pk:
        return [_("Another person than the one who asked approves")]
    if bytes(approval.digest) != _digest(snapshot(record)):
        return [_("Nothing was changed since approval was asked for")]
    if not second_factor.may_decide(user=checker):
        return [_("You have set up a second factor for signing in")]
    return []


def decide(*, record: Record, action: str, checker: User, at: datetime) -> Approval:
    """Approve the open question; the caller holds the record's lock and asked `objections`."""
    if checker.is_robot:
        raise PermissionDenied(_("A robot may propose, never approve."))
    approval = (
        Approval.objects.select_for_update()
        .filter(record_id=record.pk, action=action, decision="")
        .first()
    )
    if approval is None:
        raise ApprovalRefused(_("There is no open question to decide."))
    approval.checker = checker
    approval.decided_at = at
    approval.decision = Approval.Decision.APPROVED
    approval.save(update_fields=["checker", "decided_at", "decision"])
    return approval


def void(*, record: Record, at: datetime, action: str | None = None) -> int:
    """Close open questions that no longer fit the record; how many there were."""
    still_open = Approval.objects.filter(record_id=record.pk, decision="")
    if action is not None:
        still_open = still_open.filter(action=action)
    return still_open.update(decision=Approval.Decision.VOIDED, decided_at=at)


def waiting() -> models.QuerySet[Approval]:
    """Every open question, oldest first; who may decide is the record's transition's rule."""
    return Approval.objects.filter(decision="").select_related("maker").order_by("made_at")


def _digest(shown: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical(shown)).digest()
