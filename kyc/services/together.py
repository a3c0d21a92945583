"""The same step for many cases, each through its ordinary gate; and what it would do, beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import lifecycle
from clm.core.approvals import ApprovalRefused
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import User
from kyc.models import Case, Hit, HitState, ReasonCode
from kyc.services.cases import LIKELY
from kyc.services.hits import decide_hit

DISMISS, PROPOSE, CLEAR = "dismiss", "propose_clearance", "clear"
ACTIONS = (DISMISS, PROPOSE, CLEAR)
#: As many as a person can look over at once.
MOST = 100


@dataclass(frozen=True)
class Line:
    """What became of one case, in a sentence; where nothing did, the reasons."""

    case: Case
    done: str = ""
    refused: tuple[str, ...] = ()


def act_on_cases(
    *,
    cases: Sequence[Case],
    action: str,
    actor: User,
    at: datetime,
    reason_code: str = "",
    reason: str = "",
    versions: Mapping[UUID, int] | None = None,
) -> list[Line]:
    """
    Dismiss the hits of cases, propose their clearance, or clear them as second person.

    Each case goes by itself through the gate that it would go through alone: guards, permission,
    four eyes. What one is refused changes nothing for the others.

    :param action: `dismiss`, `propose_clearance` or `clear`
    :param reason_code: why the hits are other people; the same for all
    :param versions: the cases as the person saw them; one that changed since is refused
    :raises LookupError: no such action
    """
    if action not in ACTIONS:
        raise LookupError(action)
    return [
        _one(case, action, actor, at, reason_code, reason, (versions or {}).get(case.pk))
        for case in cases[:MOST]
    ]


def preview_of(
    *, cases: Sequence[Case], action: str, actor: User, at: datetime
) -> list[Line]:  # fmt: skip
    """
    What `act_on_cases` would do now: it is done, looked at, and taken back.

    So the preview cannot say anything else than what will happen, whoever changes the rules.
    """
    with transaction.atomic():
        lines = act_on_cases(
            cases=cases, action=action, actor=actor, at=at, reason_code=ReasonCode.NAME, reason="…"
        )
        transaction.set_rollback(True)
    return lines


def _one(
    case: Case, action: str, actor: User, at: datetime, code: str, reason: str, version: int | None
) -> Line:
    try:
        with transaction.atomic():
            locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            if version is not None and locked.version != version:
                return Line(case, refused=(_("The case is as you saw it"),))
            if action == DISMISS:
                return Line(case, done=_dismiss(locked, code, reason, actor, at))
            lifecycle.perform(record=locked, name=action, actor=actor, at=at, reason=reason)
    except TransitionRefused as refusal:
        return Line(case, refused=tuple(str(one) for one in refusal.reasons))
    except (PermissionDenied, ApprovalRefused, StaleVersion) as refusal:
        return Line(case, refused=(str(refusal) or _("You may not do this."),))
    told = {
        PROPOSE: _("Clearance is proposed; a second person is asked"),
        CLEAR: _("The case is cleared"),
    }
    return Line(case, done=told[action])


def _dismiss(case: Case, code: str, comment: str, actor: User, at: datetime) -> str:
    hits = list(Hit.objects.filter(case=case, status=HitState.OPEN).order_by("-score", "pk"))
    reasons = []
    if not hits:
        reasons.append(_("A hit is open"))
    # What is nearly certain is looked at by itself, side by side with the listed party.
    if any(float(one.score) >= LIKELY for one in hits):
        reasons.append(
            _("No hit has a score of %(score)d or more: those are looked at one by one")
            % {"score": round(LIKELY * 100)}
        )
    if reasons:
        raise TransitionRefused(reasons)
    for hit in hits:
        decide_hit(
            hit=hit, decision=HitState.FALSE_MATCH, reason_code=code, comment=comment,
            actor=actor, at=at,
        )  # fmt: skip
    told = ngettext("%(n)d hit is another person", "%(n)d hits are other people", len(hits))
    return told % {"n": len(hits)}
