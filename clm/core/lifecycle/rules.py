"""Who may take which step now, and what stands in the way: asked by the gate and by every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _
from django_fsm import Transition

from clm.core import actors, approvals, second_factor
from clm.core.lifecycle.table import (
    Facts,
    Machine,
    guards_of,
    machine_of,
    needs_second_person,
)
from clm.core.models import Record, User


class TransitionRefused(Exception):
    """The state, a guard or the four-eyes rule says no; `reasons` are fit for the screen."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = [str(reason) for reason in reasons]
        super().__init__(" ".join(f"{reason}." for reason in self.reasons))


class StaleVersion(Exception):
    """The record was changed by someone else since it was read."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(_("Somebody changed this in the meantime."))


@dataclass(frozen=True)
class Offer:
    """A transition as someone sees it: may they, and if not, why not."""

    name: str
    label: str
    target: str
    allowed: bool
    reasons: list[str]
    from_here: bool
    policy: str = ""
    four_eyes: bool = False
    reason_required: bool = False
    guards: list[tuple[str, bool]] = field(default_factory=list)


def permits(*, model: type[models.Model], name: str, actor: User) -> bool:
    """Whether `actor` may take the transition from any state at all, whatever the record says."""
    return any(_permitted(step, actor) for step in machine_of(model).transitions().get(name, []))


def available(
    *, record: Record, actor: User, at: datetime, everywhere: bool = False
) -> list[Offer]:
    """
    What can be done with the record now, each with what stands in the way for `actor`.

    :param everywhere: also the transitions that do not start in the present state
    """
    machine = machine_of(type(record))
    state = machine.state_of(record)
    record.__dict__["_facts"] = machine.facts_of([record], at).get(record.pk)
    offers = []
    for name, steps in machine.transitions().items():
        step = machine.step(name, state)
        if step is None:
            if everywhere:
                offers.append(_elsewhere(machine, name, steps[0], state))
            continue
        guards = [(str(one.sentence), one(record)) for one in guards_of(step)]
        reasons = [sentence for sentence, met in guards if not met]
        reasons += _not_theirs(step, record, actor)
        offers.append(
            Offer(
                name=name,
                label=str(step.custom.get("label", name)),
                target=str(step.target),
                allowed=not reasons,
                reasons=reasons,
                from_here=True,
                policy=str(step.custom.get("policy", "")),
                four_eyes=needs_second_person(step),
                reason_required=bool(step.custom.get("reason_required")),
                guards=guards,
            )
        )
    return offers


def admit(
    machine: Machine,
    record: Record,
    name: str,
    actor: User,
    facts: Mapping[UUID, Facts],
    reason: str,
) -> Transition:
    """The transition to take, or an exception that says what stands in the way."""
    state = machine.state_of(record)
    step = machine.step(name, state)
    if step is None:
        raise TransitionRefused([_elsewhere_reason(machine, state)])
    if not _permitted(step, actor):
        raise PermissionDenied(_("You may not do this."))
    record.__dict__["_facts"] = facts.get(record.pk)
    reasons = [str(one.sentence) for one in guards_of(step) if not one(record)]
    if step.custom.get("reason_required") and not reason.strip():
        reasons.append(_("A reason is given"))
    reasons += _second_pair_of_eyes(step, record, actor)
    if reasons:
        raise TransitionRefused(reasons)
    return step


def _permitted(step: Transition, actor: User) -> bool:
    if step.custom.get("automatic") and not actors.is_system(actor):
        return False
    if needs_second_person(step) and actor.is_robot:
        return False
    return actors.may(actor=actor, permission=str(step.permission or ""))


def _not_theirs(step: Transition, record: Record, actor: User) -> list[str]:
    if step.custom.get("automatic") and not actors.is_system(actor):
        return [_("This happens by itself")]
    if not _permitted(step, actor):
        return [_("A permission that you do not have")]
    return _second_pair_of_eyes(step, record, actor)


def _second_pair_of_eyes(step: Transition, record: Record, actor: User) -> list[str]:
    if action := step.custom.get("four_eyes"):
        return approvals.objections(record=record, action=action, checker=actor)
    held = [getattr(record, f"{name}_id") for name in step.custom.get("not_by", ())]
    if actor.pk in held:
        return [_("Another person than the one who asked approves")]
    if held and not second_factor.may_decide(user=actor):
        return [_("You have set up a second factor for signing in")]
    return []


def _elsewhere(machine: Machine, name: str, step: Transition, state: str) -> Offer:
    return Offer(
        name=name,
        label=str(step.custom.get("label", name)),
        target=str(step.target),
        allowed=False,
        reasons=[_elsewhere_reason(machine, state)],
        from_here=False,
        policy=str(step.custom.get("policy", "")),
        four_eyes=needs_second_person(step),
        reason_required=bool(step.custom.get("reason_required")),
    )


def _elsewhere_reason(machine: Machine, state: str) -> str:
    return _("This is not possible while the state is “%(state)s”") % {
        "state": machine.state_label(state)
    }
