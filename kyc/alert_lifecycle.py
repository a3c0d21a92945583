"""The machines of transaction monitoring: an alert, and a version of a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, StateField, guard, transition

if TYPE_CHECKING:
    from kyc.models import MonitoringRule

GO_LIVE = "kyc.monitoring_rule"


class AlertState(models.TextChoices):
    OPEN = "OPEN", _("Open")
    CASE = "CASE", _("In a case")
    DISMISSED = "DISMISSED", _("Dismissed")


class AlertLifecycle(models.Model):
    """OPEN -> CASE | DISMISSED; a dismissed one may still become a case."""

    state = StateField(_("state"), choices=AlertState.choices, default=AlertState.OPEN)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=[AlertState.OPEN, AlertState.DISMISSED],
        target=AlertState.CASE,
        permission="kyc.escalate_alert",
        custom={"label": _("Open a case"), "policy": "TM-1"},
    )
    def escalate(self) -> None: ...

    @transition(
        field=state,
        source=AlertState.OPEN,
        target=AlertState.DISMISSED,
        permission="kyc.dismiss_alert",
        custom={"label": _("Dismiss"), "policy": "TM-2", "reason_required": True},
    )
    def dismiss(self) -> None: ...


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What lies outside the version and matters to its guards."""

    replayed: bool = False


@guard(_("It was replayed on history, or switches the rule off"))
def was_replayed(rule: MonitoringRule, facts: RuleFacts) -> bool:
    return facts.replayed or not rule.switched_on


class RuleLifecycle(models.Model):
    """DRAFT -> PENDING -> IN_FORCE -> RETIRED; whoever asked cannot approve."""

    state = StateField(_("state"), choices=RulesState.choices, default=RulesState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=RulesState.DRAFT,
        target=RulesState.PENDING,
        conditions=[was_replayed],
        permission="kyc.change_monitoringrule",
        custom={"label": _("Ask for approval"), "policy": "TM-3", "opens": GO_LIVE},
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.DRAFT,
        permission="kyc.change_monitoringrule",
        custom={"label": _("Send back"), "policy": "TM-3", "reason_required": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.IN_FORCE,
        permission="kyc.approve_monitoringrule",
        custom={"label": _("Put in force"), "policy": "TM-3", "four_eyes": GO_LIVE},
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.IN_FORCE,
        target=RulesState.RETIRED,
        permission="kyc.retire_monitoringrule",
        custom={"label": _("Retire"), "policy": "TM-3", "automatic": True},
    )
    def retire(self) -> None: ...
