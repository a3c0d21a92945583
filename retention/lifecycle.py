"""The save case's machine: keeping a customer who may be about to leave."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from retention.models import SaveCase


class SaveCaseState(models.TextChoices):
    FLAGGED = "FLAGGED", _("Flagged")
    ASSIGNED = "ASSIGNED", _("Assigned")
    CONTACTED = "CONTACTED", _("Contacted")
    OFFERED = "OFFERED", _("Offer made")
    SAVED = "SAVED", _("Saved")
    LOST = "LOST", _("Lost")
    FALSE_ALARM = "FALSE_ALARM", _("False alarm")


State = SaveCaseState

OPEN_STATES = (State.FLAGGED, State.ASSIGNED, State.CONTACTED, State.OFFERED)
CLOSED_STATES = (State.SAVED, State.LOST, State.FALSE_ALARM)


@dataclass(frozen=True, slots=True)
class SaveCaseFacts:
    """What lies outside the case and matters to its guards."""

    offer_cost: Decimal | None = None


@guard(_("The case has an owner"))
def has_an_owner(case: SaveCase, facts: SaveCaseFacts) -> bool:
    return case.owner_id is not None


@guard(_("A conversation since the case was assigned is recorded"))
def was_contacted(case: SaveCase, facts: SaveCaseFacts) -> bool:
    return (
        case.contacted_at is not None
        and case.state_since is not None
        and case.contacted_at >= case.state_since
    )


@guard(_("An offer is attached"))
def offer_is_attached(case: SaveCase, facts: SaveCaseFacts) -> bool:
    return case.offer_id is not None


@guard(_("The offer is within the budget"))
def offer_is_within_budget(case: SaveCase, facts: SaveCaseFacts) -> bool:
    return facts.offer_cost is None or facts.offer_cost <= case.budget


class SaveCaseLifecycle(models.Model):
    """FLAGGED -> ASSIGNED -> CONTACTED -> OFFERED -> SAVED | LOST | FALSE_ALARM."""

    state = StateField(_("state"), choices=State.choices, default=State.FLAGGED)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=State.FLAGGED,
        target=State.ASSIGNED,
        conditions=[has_an_owner],
        permission="retention.assign_savecase",
        custom={"label": _("Assign"), "policy": "RE-2"},
    )
    def assign(self) -> None: ...

    @transition(
        field=state,
        source=State.ASSIGNED,
        target=State.CONTACTED,
        conditions=[was_contacted],
        permission="retention.contact_savecase",
        custom={"label": _("Contacted"), "policy": "RE-2"},
    )
    def contact(self) -> None: ...

    @transition(
        field=state,
        source=State.CONTACTED,
        target=State.OFFERED,
        conditions=[offer_is_attached, offer_is_within_budget],
        permission="retention.offer_savecase",
        # The record's own field is called `offer`.
        custom={"label": _("Offer made"), "policy": "RE-3", "name": "offer"},
    )
    def make_offer(self) -> None: ...

    @transition(
        field=state,
        source=State.OFFERED,
        target=State.SAVED,
        permission="retention.save_savecase",
        # Django's models have a `save` of their own.
        custom={"label": _("Saved"), "policy": "RE-4", "name": "save"},
    )
    def save_customer(self) -> None: ...

    @transition(
        field=state,
        source=list(OPEN_STATES),
        target=State.LOST,
        permission="retention.lose_savecase",
        custom={"label": _("Lost"), "policy": "RE-4", "reason_required": True},
    )
    def lose(self) -> None: ...

    @transition(
        field=state,
        source=[State.FLAGGED, State.ASSIGNED, State.CONTACTED],
        target=State.FALSE_ALARM,
        permission="retention.dismiss_savecase",
        custom={"label": _("False alarm"), "policy": "RE-4", "reason_required": True},
    )
    def dismiss(self) -> None: ...
