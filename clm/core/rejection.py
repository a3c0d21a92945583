"""The other answer to a question of four eyes: no, with the reason."""

from datetime import datetime
from typing import Any, cast

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records, second_factor
from clm.core.approvals import ApprovalRefused
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Approval, Record, User


def may_reject(*, approval: Approval, actor: User) -> bool:
    """Whether `actor` may decide this question at all, whatever the answer."""
    if actor.is_robot or approval.maker_id == actor.pk:
        return False
    return any(
        actors.may(actor=actor, permission=str(step.permission))
        for step in _steps(approval)
        if step.custom.get("four_eyes") == approval.action and step.permission
    )


def reject(*, approval: Approval, actor: User, at: datetime, reason: str) -> Approval:
    """
    Answer an open question with no, as second person.

    Where the machine has a way back from here (a transition marked `voids`) that `actor` may
    take, the record takes it; otherwise it stays, and its event `reject_approval` says why.

    :raises PermissionDenied: `actor` asked the question, or may not decide it
    :raises ApprovalRefused: it is decided already
    :raises TransitionRefused: without a reason, or without a second factor
    """
    if not may_reject(approval=approval, actor=actor):
        raise PermissionDenied(_("Another person with the permission decides this."))
    if not reason.strip():
        raise TransitionRefused([_("A reason is given")])
    if not second_factor.may_decide(user=actor):
        raise TransitionRefused([_("You have set up a second factor for signing in")])
    model = cast("type[Record]", apps.get_model(approval.record_type))
    with transaction.atomic():
        # The record first, as every transition does.
        record = (
            model._default_manager.select_for_update(of=("self",))
            .filter(pk=approval.record_id)
            .first()
        )
        locked = Approval.objects.select_for_update().get(pk=approval.pk)
        if locked.decision:
            raise ApprovalRefused(_("There is no open question to decide."))
        if record is None:
            raise ApprovalRefused(_("The record of this question is gone."))
        locked.checker = actor
        locked.decided_at = at
        locked.decision = Approval.Decision.REJECTED
        locked.save(update_fields=["checker", "decided_at", "decision"])
        facts = {"approval_id": str(locked.pk), "maker_id": str(locked.maker_id)}
        back = _way_back(record, actor)
        if back is not None:
            lifecycle.perform(
                record=record, name=back, actor=actor, at=at, reason=reason, payload=facts
            )
        else:
            records.note(
                record=record, action="reject_approval", actor=actor, at=at, reason=reason,
                payload={**facts, "action": locked.action},
            )  # fmt: skip
    return locked


def _steps(approval: Approval) -> list[Any]:
    model = apps.get_model(approval.record_type)
    if not lifecycle.has_machine(model):
        return []
    found = lifecycle.machine_of(model).transitions().values()
    return [step for steps in found for step in steps]


def _way_back(record: Record, actor: User) -> str | None:
    machine = lifecycle.machine_of(type(record))
    for name in machine.transitions():
        step = machine.step(name, machine.state_of(record))
        if step is None or not step.custom.get("voids"):
            continue
        if actors.may(actor=actor, permission=str(step.permission or "")):
            return name
    return None
