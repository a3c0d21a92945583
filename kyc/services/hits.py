"""Deciding hits: each once, by a person, under the lock of its case."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import User
from kyc.lifecycle import AT_WORK, CaseState
from kyc.models import Case, Hit, HitState, ReasonCode


def decide_hit(
    *,
    hit: Hit,
    decision: str,
    reason_code: str,
    comment: str = "",
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Hit:
    """
    Say whether a hit is the listed party or another.

    :param decision: `HitState.TRUE_MATCH` or `FALSE_MATCH`
    :raises TransitionRefused: decided already, the case is not being worked on, or a reason
        code is missing (with the code "other" a comment as well)
    :raises PermissionDenied: not for `actor`; robots never decide
    """
    _permit(actor)
    reasons = []
    if decision not in (HitState.TRUE_MATCH, HitState.FALSE_MATCH):
        reasons.append(_("It is decided who the hit is"))
    if reason_code not in ReasonCode.values:
        reasons.append(_("A reason is chosen"))
    if reason_code == ReasonCode.OTHER and not comment.strip():
        reasons.append(_("A comment says what the reason is"))
    with transaction.atomic():
        locked = _locked(hit)
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        if locked.status != HitState.OPEN:
            reasons.append(_("Nobody has decided this hit yet"))
        if locked.case.state not in AT_WORK:
            reasons.append(_("The case is being worked on"))
        if reasons:
            raise TransitionRefused(reasons)
        return records.change(
            record=locked,
            changes={
                "status": decision,
                "reason_code": reason_code,
                "comment": comment.strip(),
                "decided_by": actor,
                "decided_at": at,
            },
            actor=actor,
            at=at,
            payload={"decision": decision, "reason_code": reason_code},
        )


def undo_hit(*, hit: Hit, actor: User, at: datetime) -> Hit:
    """
    Take a decision back, until the second person acts: what they were asked is then void.

    :raises TransitionRefused: it is open, or the case is decided
    :raises PermissionDenied: not for `actor`; robots never decide
    """
    _permit(actor)
    with transaction.atomic():
        locked = _locked(hit)
        reasons = []
        if locked.status == HitState.OPEN:
            reasons.append(_("The hit is decided"))
        asked = locked.case.state == CaseState.PENDING_APPROVAL
        if not asked and locked.case.state not in AT_WORK:
            reasons.append(_("The case is being worked on"))
        if reasons:
            raise TransitionRefused(reasons)
        if asked:
            lifecycle.perform(record=locked.case, name="investigate", actor=actor, at=at)
        return records.change(
            record=locked,
            changes={
                "status": HitState.OPEN,
                "reason_code": "",
                "comment": "",
                "decided_by": None,
                "decided_at": None,
            },
            actor=actor,
            at=at,
            payload={"decision": "undone"},
        )


def _locked(hit: Hit) -> Hit:
    # The case first: a proposal locks it too, so a decision and a proposal cannot cross.
    case = Case.objects.select_for_update(of=("self",)).get(pk=hit.case_id)
    locked = Hit.objects.select_for_update(of=("self",)).get(pk=hit.pk)
    locked.case = case
    return locked


def _permit(actor: User) -> None:
    if actor.is_robot or not actors.may(actor=actor, permission="kyc.decide_hit"):
        raise PermissionDenied(_("You may not do this."))
