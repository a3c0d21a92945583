"""
State machines: the table an app writes in its `lifecycle.py`, and the one gate through it.

`perform` is the only way a state changes (and `perform_many` its bulk twin): lock the row,
check version, permission, guards and four eyes, change, save, append the event. Reactions to
the event run after commit. The database refuses an illegal jump as well (`state_trigger`).
"""

from clm.core.lifecycle.gate import BulkOutcome, perform, perform_many
from clm.core.lifecycle.rules import (
    Offer,
    StaleVersion,
    TransitionRefused,
    available,
    permits,
)
from clm.core.lifecycle.table import (
    Guard,
    Machine,
    StateField,
    guard,
    has_machine,
    machine_of,
    machines,
    needs_second_person,
    register,
    transition,
)
from clm.core.lifecycle.trigger import birth_trigger, state_trigger
from clm.core.lifecycle.versions import RulesState

__all__ = [
    "BulkOutcome",
    "Guard",
    "Machine",
    "Offer",
    "RulesState",
    "StaleVersion",
    "StateField",
    "TransitionRefused",
    "available",
    "birth_trigger",
    "guard",
    "has_machine",
    "machine_of",
    "machines",
    "needs_second_person",
    "perform",
    "perform_many",
    "permits",
    "register",
    "state_trigger",
    "transition",
]
