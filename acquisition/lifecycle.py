"""The lead's machine: who may move a lead where, and what must be true first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from uuid import UUID

    from acquisition.models import Lead


class LeadState(models.TextChoices):
    NEW = "NEW", _("New")
    CONTACTED = "CONTACTED", _("Contacted")
    QUALIFIED = "QUALIFIED", _("Qualified")
    OFFERED = "OFFERED", _("Offered")
    CONVERTED = "CONVERTED", _("Converted")
    LOST = "LOST", _("Lost")
    DUPLICATE = "DUPLICATE", _("Duplicate")


OPEN_STATES = (LeadState.NEW, LeadState.CONTACTED, LeadState.QUALIFIED, LeadState.OFFERED)
# The way to a customer, in order; a lead that left on the way counts as far as it came.
FUNNEL = (*OPEN_STATES, LeadState.CONVERTED)


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """What lies outside the lead and matters to its guards."""

    same_customers: tuple[UUID, ...] = ()


@guard(_("An e-mail address or a telephone number is given"))
def can_be_reached(lead: Lead, facts: LeadFacts) -> bool:
    return bool(lead.email or lead.phone)


@guard(_("A product of interest is chosen"))
def product_is_chosen(lead: Lead, facts: LeadFacts) -> bool:
    return lead.product_id is not None


@guard(_("A branch is responsible"))
def branch_is_set(lead: Lead, facts: LeadFacts) -> bool:
    return lead.branch_id is not None


@guard(_("No customer has this CPR number or e-mail address"))
def is_no_customer_yet(lead: Lead, facts: LeadFacts) -> bool:
    return not facts.same_customers


class LeadLifecycle(models.Model):
    state = StateField(_("state"), choices=LeadState.choices, default=LeadState.NEW)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=LeadState.NEW,
        target=LeadState.CONTACTED,
        conditions=[can_be_reached],
        permission="acquisition.contact_lead",
        custom={"label": _("Note contact"), "policy": "AC-1"},
    )
    def contact(self) -> None: ...

    @transition(
        field=state,
        source=LeadState.CONTACTED,
        target=LeadState.QUALIFIED,
        conditions=[product_is_chosen],
        permission="acquisition.qualify_lead",
        custom={"label": _("Qualify"), "policy": "AC-2"},
    )
    def qualify(self) -> None: ...

    @transition(
        field=state,
        source=LeadState.QUALIFIED,
        target=LeadState.OFFERED,
        conditions=[product_is_chosen, can_be_reached],
        permission="acquisition.offer_lead",
        custom={"label": _("Note offer"), "policy": "AC-3"},
    )
    def offer(self) -> None: ...

    @transition(
        field=state,
        source=[LeadState.QUALIFIED, LeadState.OFFERED],
        target=LeadState.CONVERTED,
        conditions=[product_is_chosen, branch_is_set, is_no_customer_yet],
        permission="acquisition.convert_lead",
        custom={"label": _("Convert to customer"), "policy": "AC-4"},
    )
    def convert(self) -> None: ...

    @transition(
        field=state,
        source=list(OPEN_STATES),
        target=LeadState.LOST,
        permission="acquisition.lose_lead",
        custom={"label": _("Mark as lost"), "policy": "AC-5", "reason_required": True},
    )
    def lose(self) -> None: ...

    @transition(
        field=state,
        source=list(OPEN_STATES),
        target=LeadState.DUPLICATE,
        permission="acquisition.mark_duplicate_lead",
        custom={"label": _("Mark as duplicate"), "policy": "AC-6", "reason_required": True},
    )
    def mark_duplicate(self) -> None: ...


class ErasureState(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PENDING = "PENDING", _("Awaiting release")
    RELEASED = "RELEASED", _("Released")
    DONE = "DONE", _("Done")
    REFUSED = "REFUSED", _("Refused")


class LeadErasureLifecycle(models.Model):
    """DRAFT -> PENDING -> RELEASED -> DONE, or REFUSED; whoever asks cannot release it."""

    state = StateField(_("state"), choices=ErasureState.choices, default=ErasureState.DRAFT)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=ErasureState.DRAFT,
        target=ErasureState.PENDING,
        permission="acquisition.add_leaderasure",
        custom={
            "label": _("Ask for release"),
            "policy": "AC-7",
            "opens": "acquisition.release_erasure",
        },
    )
    def ask_release(self) -> None: ...

    @transition(
        field=state,
        source=ErasureState.PENDING,
        target=ErasureState.RELEASED,
        permission="acquisition.release_leaderasure",
        custom={
            "label": _("Release the erasure"),
            "policy": "AC-7",
            "four_eyes": "acquisition.release_erasure",
        },
    )
    def release(self) -> None: ...

    @transition(
        field=state,
        source=ErasureState.PENDING,
        target=ErasureState.REFUSED,
        permission="acquisition.release_leaderasure",
        custom={"label": _("Refuse"), "policy": "AC-7", "reason_required": True, "voids": True},
    )
    def refuse(self) -> None: ...

    @transition(
        field=state,
        source=ErasureState.RELEASED,
        target=ErasureState.DONE,
        permission="acquisition.finish_leaderasure",
        custom={"label": _("All are erased"), "policy": "AC-7", "automatic": True},
    )
    def finish(self) -> None: ...
