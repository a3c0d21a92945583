"""Risk models to try things on."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from clm.core import actors
from kyc import services
from kyc.models import RiskModel


def content(like: RiskModel | None = None) -> dict[str, Any]:
    """What a version says, to be changed: by default what is in force."""
    model = like or RiskModel.objects.get(state="IN_FORCE")
    return deepcopy(
        {"factors": model.factors, "levels": model.levels, "diligence": model.diligence}
    )


def risk_draft(
    *, at: datetime, like: RiskModel | None = None, actor: Any = None, **changes: Any
) -> RiskModel:
    """A draft of the next version, with `changes` of its content."""
    return services.draft_risk_model(
        **{**content(like), **changes}, note="why", actor=actor or actors.system_user(), at=at
    )
