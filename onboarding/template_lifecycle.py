"""The life of a version of a template: drafted, tried on the past, put in force by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, StateField, guard, transition

if TYPE_CHECKING:
    from onboarding.models import ApplicationTemplate

GO_LIVE = "onboarding.application_template"


@guard(_("The draft is tried on past applications as it stands"))
def is_tried(template: ApplicationTemplate, facts: None) -> bool:
    return bool(template.simulation) and template.simulation.get("digest") == template.digest


class TemplateLifecycle(models.Model):
    """DRAFT -> PENDING -> IN_FORCE -> RETIRED, when the next version of its kind is approved."""

    state = StateField(_("state"), choices=RulesState.choices, default=RulesState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=RulesState.DRAFT,
        target=RulesState.PENDING,
        conditions=[is_tried],
        permission="onboarding.change_applicationtemplate",
        custom={"label": _("Ask for approval"), "policy": "ON-20", "opens": GO_LIVE},
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.DRAFT,
        permission="onboarding.approve_applicationtemplate",
        custom={"label": _("Send back"), "policy": "ON-20", "reason_required": True, "voids": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.IN_FORCE,
        conditions=[is_tried],
        permission="onboarding.approve_applicationtemplate",
        custom={"label": _("Put in force"), "policy": "ON-20", "four_eyes": GO_LIVE},
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.IN_FORCE,
        target=RulesState.RETIRED,
        permission="onboarding.retire_applicationtemplate",
        custom={"label": _("Retire"), "policy": "ON-20", "automatic": True},
    )
    def retire(self) -> None: ...
