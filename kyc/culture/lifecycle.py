"""The life of a version of a policy: written by one, published by another, replaced by the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, StateField, guard, transition

if TYPE_CHECKING:
    from kyc.models import PolicyText

PUBLISH = "kyc.policy"


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What lies outside the text and matters to its guards."""

    today: date


@guard(_("The day by which it is attested has not passed"))
def day_has_not_passed(policy: PolicyText, facts: PolicyFacts) -> bool:
    return policy.due_on >= facts.today


class PolicyLifecycle(models.Model):
    """DRAFT -> PENDING -> IN_FORCE -> RETIRED, when the next version is published, or given up."""

    state = StateField(_("state"), choices=RulesState.choices, default=RulesState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=RulesState.DRAFT,
        target=RulesState.PENDING,
        conditions=[day_has_not_passed],
        permission="kyc.add_policytext",
        custom={"label": _("Ask for approval"), "policy": "KY-30", "opens": PUBLISH},
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.DRAFT,
        permission="kyc.approve_policytext",
        custom={"label": _("Send back"), "policy": "KY-30", "reason_required": True, "voids": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.IN_FORCE,
        conditions=[day_has_not_passed],
        permission="kyc.approve_policytext",
        custom={"label": _("Publish"), "policy": "KY-30", "four_eyes": PUBLISH},
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=[RulesState.DRAFT, RulesState.PENDING],
        target=RulesState.RETIRED,
        permission="kyc.add_policytext",
        custom={"label": _("Give up"), "policy": "KY-30", "voids": True},
    )
    def withdraw(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.IN_FORCE,
        target=RulesState.RETIRED,
        permission="kyc.retire_policytext",
        custom={"label": _("Retire"), "policy": "KY-30", "automatic": True},
    )
    def retire(self) -> None: ...
