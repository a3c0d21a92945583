"""The life of a pair that may be one customer, and of a version of the survivorship rules."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, StateField, guard, transition

if TYPE_CHECKING:
    from customers.models import DuplicatePair


class PairState(models.TextChoices):
    OPEN = "OPEN", _("To be decided")
    REOPENED = "REOPENED", _("To be decided again")
    CONFIRMED = "CONFIRMED", _("Merged")
    DISMISSED = "DISMISSED", _("Two customers")


#: States in which somebody is to decide.
UNDECIDED = (PairState.OPEN, PairState.REOPENED)


@dataclass(frozen=True)
class PairFacts:
    """What the guards of a pair need to know, filled in by `selectors.duplicates.pair_facts`."""

    merged: bool = False


@guard(_("The two records are merged"))
def records_are_one(pair: "DuplicatePair", facts: PairFacts) -> bool:
    return facts.merged


@guard(_("The two records are not merged"))
def records_are_two(pair: "DuplicatePair", facts: PairFacts) -> bool:
    return not facts.merged


class PairLifecycle(models.Model):
    """OPEN | REOPENED -> CONFIRMED (merged) | DISMISSED -> REOPENED when facts change or the merge is undone."""

    state = StateField(_("state"), choices=PairState.choices, default=PairState.OPEN)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=list(UNDECIDED),
        target=PairState.CONFIRMED,
        conditions=[records_are_one],
        permission="customers.merge_customer",
        custom={"label": _("One customer"), "policy": "CU-3"},
    )
    def confirm(self) -> None: ...

    @transition(
        field=state,
        source=list(UNDECIDED),
        target=PairState.DISMISSED,
        conditions=[records_are_two],
        permission="customers.dismiss_duplicatepair",
        custom={"label": _("Two customers"), "policy": "CU-3", "reason_required": True},
    )
    def dismiss(self) -> None: ...

    @transition(
        field=state,
        source=[PairState.DISMISSED, PairState.CONFIRMED],
        target=PairState.REOPENED,
        conditions=[records_are_two],
        permission="customers.reopen_duplicatepair",
        custom={"label": _("Look again"), "policy": "CU-3", "automatic": True},
    )
    def reopen(self) -> None: ...


class RulesLifecycle(models.Model):
    """DRAFT -> PENDING -> IN_FORCE -> RETIRED; whoever proposed cannot approve."""

    state = StateField(_("state"), choices=RulesState.choices, default=RulesState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=RulesState.DRAFT,
        target=RulesState.PENDING,
        permission="customers.change_survivorshiprules",
        custom={
            "label": _("Ask for approval"),
            "policy": "CU-2",
            "opens": "customers.survivorship",
        },
    )
    def propose(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.DRAFT,
        permission="customers.approve_survivorshiprules",
        custom={"label": _("Send back"), "policy": "CU-2", "reason_required": True},
    )
    def send_back(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.PENDING,
        target=RulesState.IN_FORCE,
        permission="customers.approve_survivorshiprules",
        custom={
            "label": _("Put in force"),
            "policy": "CU-2",
            "four_eyes": "customers.survivorship",
        },
    )
    def approve(self) -> None: ...

    @transition(
        field=state,
        source=RulesState.IN_FORCE,
        target=RulesState.RETIRED,
        permission="customers.retire_survivorshiprules",
        custom={"label": _("Retire"), "policy": "CU-2", "automatic": True},
    )
    def retire(self) -> None: ...
