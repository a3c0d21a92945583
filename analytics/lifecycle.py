"""The life of a model version: nothing scores customers that a second person has not approved."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, transition

APPROVAL = "approve_model"


class ModelState(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PROPOSED = "PROPOSED", _("Awaiting approval")
    APPROVED = "APPROVED", _("In use")
    RETIRED = "RETIRED", _("Retired")


class ModelLifecycle(models.Model):
    """
    DRAFT -> PROPOSED -> APPROVED -> RETIRED; a rejected proposal goes back to DRAFT.

    Rolling back is bringing a retired version back: it is proposed again, and a second person
    puts it into use, which retires the one that was.
    """

    state = StateField(_("state"), choices=ModelState.choices, default=ModelState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=ModelState.DRAFT,
        target=ModelState.PROPOSED,
        permission="analytics.train_model",
        custom={"label": _("Propose"), "policy": "AN-1", "opens": APPROVAL},
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=ModelState.PROPOSED,
        target=ModelState.APPROVED,
        permission="analytics.approve_model",
        custom={"label": _("Approve"), "policy": "AN-2", "four_eyes": APPROVAL},
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=ModelState.PROPOSED,
        target=ModelState.DRAFT,
        permission="analytics.approve_model",
        custom={"label": _("Send back"), "policy": "AN-2", "voids": True, "reason_required": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=ModelState.APPROVED,
        target=ModelState.RETIRED,
        permission="analytics.approve_model",
        custom={"label": _("Retire"), "policy": "AN-3", "reason_required": True},
    )
    def retire(self) -> None: ...

    @transition(
        field=state,
        source=ModelState.RETIRED,
        target=ModelState.PROPOSED,
        permission="analytics.train_model",
        custom={
            "label": _("Bring back"), "policy": "AN-4", "opens": APPROVAL, "reason_required": True,
        },
    )  # fmt: skip
    def bring_back(self) -> None: ...
