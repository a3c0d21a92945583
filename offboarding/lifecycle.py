"""The closure's machine: a customer leaves, in good order and under four eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from offboarding.models import Closure

#: The question to a second person that `propose` opens and `settle` decides.
CLOSE_CUSTOMER = "offboarding.close_customer"


class ClosureState(models.TextChoices):
    REQUESTED = "REQUESTED", _("Requested")
    CHECKING = "CHECKING", _("Obligations being checked")
    PENDING_APPROVAL = "PENDING_APPROVAL", _("Waiting for a second person")
    SETTLING = "SETTLING", _("Being settled")
    CLOSED = "CLOSED", _("Closed")
    CANCELLED = "CANCELLED", _("Cancelled")
    BLOCKED = "BLOCKED", _("Blocked")


State = ClosureState

# In these the next step is the machine's, and a page waits for it by itself.
PENDING_STATES = (State.REQUESTED, State.SETTLING)
ENDED_STATES = (State.CLOSED, State.CANCELLED)
OPEN_STATES = tuple(state for state in State if state not in ENDED_STATES)


@dataclass(frozen=True, slots=True)
class ClosureFacts:
    """How the customer's holdings and the checklist stand now."""

    listed: int = 0
    unmet: int = 0
    open_holdings: int = 0


@guard(_("Every obligation is met"))
def every_obligation_is_met(closure: Closure, facts: ClosureFacts) -> bool:
    return facts.unmet == 0


@guard(_("The reason for leaving is recorded"))
def exit_reason_is_recorded(closure: Closure, facts: ClosureFacts) -> bool:
    return bool(closure.exit_reason)


@guard(_("No holding is open"))
def no_holding_is_open(closure: Closure, facts: ClosureFacts) -> bool:
    return facts.open_holdings == 0


class ClosureLifecycle(models.Model):
    """REQUESTED -> CHECKING -> PENDING_APPROVAL -> SETTLING -> CLOSED | CANCELLED, BLOCKED."""

    state = StateField(_("state"), choices=State.choices, default=State.REQUESTED)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=State.REQUESTED,
        target=State.CHECKING,
        permission="offboarding.check_closure",
        # Django's models have a `check` of their own.
        custom={"label": _("Check obligations"), "policy": "OF-1", "name": "check"},
    )
    def start_check(self) -> None: ...

    @transition(
        field=state,
        source=State.CHECKING,
        target=State.PENDING_APPROVAL,
        conditions=[every_obligation_is_met, exit_reason_is_recorded],
        permission="offboarding.propose_closure",
        custom={"label": _("Send to confirm"), "policy": "OF-3", "opens": CLOSE_CUSTOMER},
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=State.PENDING_APPROVAL,
        target=State.CHECKING,
        permission="offboarding.propose_closure",
        custom={"label": _("Send back"), "policy": "OF-3", "reason_required": True, "voids": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=State.PENDING_APPROVAL,
        target=State.SETTLING,
        conditions=[every_obligation_is_met],
        permission="offboarding.settle_closure",
        custom={"label": _("Confirm and settle"), "policy": "OF-4", "four_eyes": CLOSE_CUSTOMER},
    )
    def settle(self) -> None: ...

    @transition(
        field=state,
        source=State.SETTLING,
        target=State.CLOSED,
        conditions=[every_obligation_is_met, no_holding_is_open],
        permission="offboarding.close_closure",
        custom={"label": _("Close"), "policy": "OF-5"},
    )
    def close(self) -> None: ...

    @transition(
        field=state,
        source=[State.REQUESTED, State.CHECKING, State.PENDING_APPROVAL, State.BLOCKED],
        target=State.CANCELLED,
        permission="offboarding.cancel_closure",
        custom={"label": _("Customer stays"), "policy": "OF-2"},
    )
    def cancel(self) -> None: ...

    @transition(
        field=state,
        source=[State.REQUESTED, State.CHECKING, State.PENDING_APPROVAL, State.SETTLING],
        target=State.BLOCKED,
        permission="offboarding.block_closure",
        custom={"label": _("Block"), "policy": "OF-6", "reason_required": True},
    )
    def block(self) -> None: ...

    @transition(
        field=state,
        source=State.BLOCKED,
        target=State.CHECKING,
        permission="offboarding.unblock_closure",
        custom={"label": _("Take up again"), "policy": "OF-6", "reason_required": True},
    )
    def unblock(self) -> None: ...
