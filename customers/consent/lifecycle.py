"""The life of a wording of a consent: drafted by one, put in force by another, replaced by the next."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, StateField, transition


class WordingLifecycle(models.Model):
    """DRAFT -> PENDING -> IN_FORCE -> RETIRED, when the next version of its purpose is approved."""

    state = StateField(_("state"), choices=RulesState.choices, default=RulesState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=RulesState.DRAFT,
        target=RulesState.PENDING,
        permission="customers.change_consentwording",
        custom={
            "label": _("Ask for approval"),
            "policy": "CU-4",
            "opens": "customers.consent_wording",
        },
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.DRAFT,
        permission="customers.approve_consentwording",
        custom={"label": _("Send back"), "policy": "CU-4", "reason_required": True, "voids": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.IN_FORCE,
        permission="customers.approve_consentwording",
        custom={
            "label": _("Put in force"),
            "policy": "CU-4",
            "four_eyes": "customers.consent_wording",
        },
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.IN_FORCE,
        target=RulesState.RETIRED,
        permission="customers.retire_consentwording",
        custom={"label": _("Retire"), "policy": "CU-4", "automatic": True},
    )
    def retire(self) -> None: ...
