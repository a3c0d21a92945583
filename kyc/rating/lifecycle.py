"""The life of a version of the risk model: drafted, back-tested, put in force by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, StateField, guard, transition

if TYPE_CHECKING:
    from kyc.models import RiskModel

GO_LIVE = "kyc.risk_model"


@guard(_("The draft is back-tested as it stands"))
def is_back_tested(model: RiskModel, facts: None) -> bool:
    return bool(model.back_test) and model.back_test.get("digest") == model.digest


class RiskModelLifecycle(models.Model):
    """DRAFT -> PENDING -> IN_FORCE -> RETIRED, when the next version is approved."""

    state = StateField(_("state"), choices=RulesState.choices, default=RulesState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=RulesState.DRAFT,
        target=RulesState.PENDING,
        conditions=[is_back_tested],
        permission="kyc.change_riskmodel",
        custom={"label": _("Ask for approval"), "policy": "KY-20", "opens": GO_LIVE},
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.DRAFT,
        permission="kyc.approve_riskmodel",
        custom={"label": _("Send back"), "policy": "KY-20", "reason_required": True, "voids": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.IN_FORCE,
        conditions=[is_back_tested],
        permission="kyc.approve_riskmodel",
        custom={"label": _("Put in force"), "policy": "KY-20", "four_eyes": GO_LIVE},
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.IN_FORCE,
        target=RulesState.RETIRED,
        permission="kyc.retire_riskmodel",
        custom={"label": _("Retire"), "policy": "KY-20", "automatic": True},
    )
    def retire(self) -> None: ...
