"""
The life of a customer and of an offer: every state, every way between them and what each way asks for.

Guards look at the record and at facts that a selector filled in; they neither query nor write.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from customers.models import Customer

DORMANT_AFTER_MONTHS = 24


class Stage(models.TextChoices):
    UNADMITTED = "UNADMITTED", _("Awaiting admission")
    PROSPECT = "PROSPECT", _("Prospect")
    ONBOARDING = "ONBOARDING", _("Onboarding")
    ACTIVE = "ACTIVE", _("Active")
    AT_RISK = "AT_RISK", _("At risk")
    DORMANT = "DORMANT", _("Dormant")
    OFFBOARDING = "OFFBOARDING", _("Offboarding")
    CLOSED = "CLOSED", _("Closed")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    ERASED = "ERASED", _("Erased")


#: Stages in which there is a running customer relationship.
RELATIONSHIP = (Stage.ACTIVE, Stage.AT_RISK, Stage.DORMANT)
#: Stages in which the record only waits for its retention date.
ENDED = (Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN)


@dataclass(frozen=True)
class CustomerFacts:
    """What guards need to know beside the record itself, filled in bulk by `selectors.customer_facts`."""

    today: date
    open_holdings: int = 0
    import_released: bool = False


@guard(_("KYC is cleared"))
def kyc_is_cleared(customer: "Customer", facts: CustomerFacts) -> bool:
    return customer.kyc_cleared_at is not None


@guard(_("The KYC review is not overdue"))
def kyc_review_is_not_overdue(customer: "Customer", facts: CustomerFacts) -> bool:
    return customer.kyc_review_on is None or customer.kyc_review_on >= facts.today


@guard(_("No restriction stands on the customer"))
def is_unrestricted(customer: "Customer", facts: CustomerFacts) -> bool:
    return not customer.restriction


@guard(_("No holding is open"))
def no_holding_is_open(customer: "Customer", facts: CustomerFacts) -> bool:
    return facts.open_holdings == 0


@guard(_("No transaction for 24 months"))
def no_transaction_for_two_years(customer: "Customer", facts: CustomerFacts) -> bool:
    # Where no transaction is known, as in a bank that sends none here, silence says nothing.
    last = customer.last_transaction_on
    return last is not None and months_between(last, facts.today) >= DORMANT_AFTER_MONTHS


@guard(_("The retention date has passed"))
def retention_has_ended(customer: "Customer", facts: CustomerFacts) -> bool:
    return customer.retention_until is not None and customer.retention_until < facts.today


@guard(_("A second person has released the import"))
def import_is_released(customer: "Customer", facts: CustomerFacts) -> bool:
    return facts.import_released


def months_between(earlier: date, later: date) -> int:
    """Whole months from `earlier` to `later`; a month counts when its day of the month is reached."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months if later.day >= earlier.day else months - 1


class CustomerLifecycle(models.Model):
    """UNADMITTED | PROSPECT -> … -> CLOSED -> ERASED (product.md: the five stages of the business)."""

    stage = StateField(_("stage"), choices=Stage.choices, default=Stage.PROSPECT)

    class Meta:
        abstract = True

    @transition(
        field=stage,
        source=Stage.UNADMITTED,
        target=Stage.ACTIVE,
        conditions=[import_is_released],
        permission="customers.admit_customer",
        custom={"label": _("Admit existing customer"), "policy": "CU-1", "automatic": True},
    )
    def admit_existing(self) -> None: ...

    @transition(
        field=stage,
        source=Stage.PROSPECT,
        target=Stage.ONBOARDING,
        conditions=[is_unrestricted],
        permission="customers.start_onboarding_customer",
        custom={"label": _("Start onboarding"), "policy": "ON-1"},
    )
    def start_onboarding(self) -> None: ...

    @transition(
        field=stage,
        source=Stage.ONBOARDING,
        target=Stage.ACTIVE,
        conditions=[kyc_is_cleared, kyc_review_is_not_overdue, is_unrestricted],
        permission="customers.activate_customer",
        custom={"label": _("Activate"), "policy": "ON-4"},
    )
    def activate(self) -> None: ...

    @transition(
        field=stage,
        source=[Stage.PROSPECT, Stage.ONBOARDING],
        target=Stage.DECLINED,
        permission="customers.decline_customer",
        custom={"label": _("Decline"), "policy": "ON-6", "reason_required": True},
    )
    def decline(self) -> None: ...

    @transition(
        field=stage,
        source=[Stage.PROSPECT, Stage.ONBOARDING],
        target=Stage.WITHDRAWN,
        permission="customers.withdraw_customer",
        custom={"label": _("Withdraw"), "policy": "ON-7"},
    )
    def withdraw(self) -> None: ...

    @transition(
        field=stage,
        source=Stage.ACTIVE,
        target=Stage.AT_RISK,
        permission="customers.flag_at_risk_customer",
        custom={"label": _("Flag at risk"), "policy": "RE-1"},
    )
    def flag_at_risk(self) -> None: ...

    @transition(
        field=stage,
        source=Stage.AT_RISK,
        target=Stage.ACTIVE,
        permission="customers.retain_customer",
        custom={"label": _("Back to active"), "policy": "RE-3"},
    )
    def retain(self) -> None: ...

    @transition(
        field=stage,
        source=[Stage.ACTIVE, Stage.AT_RISK],
        target=Stage.DORMANT,
        conditions=[no_transaction_for_two_years],
        permission="customers.mark_dormant_customer",
        custom={"label": _("Mark dormant"), "policy": "RE-5", "automatic": True},
    )
    def mark_dormant(self) -> None: ...

    @transition(
        field=stage,
        source=Stage.DORMANT,
        target=Stage.ACTIVE,
        conditions=[kyc_is_cleared, kyc_review_is_not_overdue, is_unrestricted],
        permission="customers.reactivate_customer",
        custom={"label": _("Reactivate"), "policy": "RE-6"},
    )
    def reactivate(self) -> None: ...

    @transition(
        field=stage,
        source=list(RELATIONSHIP),
        target=Stage.OFFBOARDING,
        permission="customers.start_offboarding_customer",
        custom={"label": _("Start offboarding"), "policy": "OF-1"},
    )
    def start_offboarding(self) -> None: ...

    @transition(
        field=stage,
        source=Stage.OFFBOARDING,
        target=Stage.ACTIVE,
        permission="customers.cancel_offboarding_customer",
        custom={"label": _("Cancel offboarding"), "policy": "OF-2"},
    )
    def cancel_offboarding(self) -> None: ...

    @transition(
        field=stage,
        source=Stage.OFFBOARDING,
        target=Stage.CLOSED,
        conditions=[no_holding_is_open],
        permission="customers.close_customer",
        custom={"label": _("Close"), "policy": "OF-5", "automatic": True},
    )
    def close(self) -> None: ...

    @transition(
        field=stage,
        source=list(ENDED),
        target=Stage.PROSPECT,
        conditions=[is_unrestricted],
        permission="customers.win_back_customer",
        custom={"label": _("Win back"), "policy": "OF-8"},
    )
    def win_back(self) -> None: ...

    @transition(
        field=stage,
        source=list(ENDED),
        target=Stage.ERASED,
        conditions=[retention_has_ended],
        permission="customers.erase_customer",
        custom={
            "label": _("Erase"),
            "policy": "OF-9",
            "four_eyes": "customers.erase",
            "reason_required": True,
        },
    )
    def erase(self) -> None: ...


class OfferState(models.TextChoices):
    OFFERED = "OFFERED", _("Offered")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    EXPIRED = "EXPIRED", _("Expired")


class OfferLifecycle(models.Model):
    """OFFERED -> ACCEPTED | DECLINED | EXPIRED."""

    state = StateField(_("state"), choices=OfferState.choices, default=OfferState.OFFERED)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=OfferState.OFFERED,
        target=OfferState.ACCEPTED,
        permission="customers.accept_offer",
        custom={"label": _("Accepted by the customer"), "policy": "EN-2"},
    )
    def accept(self) -> None: ...

    @transition(
        field=state,
        source=OfferState.OFFERED,
        target=OfferState.DECLINED,
        permission="customers.decline_offer",
        custom={"label": _("Declined by the customer"), "policy": "EN-2"},
    )
    def decline(self) -> None: ...

    @transition(
        field=state,
        source=OfferState.OFFERED,
        target=OfferState.EXPIRED,
        permission="customers.expire_offer",
        custom={"label": _("Expired"), "policy": "EN-2", "automatic": True},
    )
    def expire(self) -> None: ...


class BatchState(models.TextChoices):
    LOADING = "LOADING", _("Loading")
    PENDING = "PENDING", _("Awaiting release")
    RELEASED = "RELEASED", _("Released")
    REFUSED = "REFUSED", _("Refused")


class ImportBatchLifecycle(models.Model):
    """LOADING -> PENDING -> RELEASED | REFUSED; whoever loaded it cannot release it."""

    state = StateField(_("state"), choices=BatchState.choices, default=BatchState.LOADING)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=BatchState.LOADING,
        target=BatchState.PENDING,
        permission="customers.import_customers",
        custom={
            "label": _("Ask for release"),
            "policy": "CU-1",
            "opens": "customers.release_import",
        },
    )
    def ask_release(self) -> None: ...

    @transition(
        field=state,
        source=BatchState.PENDING,
        target=BatchState.RELEASED,
        permission="customers.admit_customer",
        custom={
            "label": _("Release"),
            "policy": "CU-1",
            "four_eyes": "customers.release_import",
        },
    )
    def release(self) -> None: ...

    @transition(
        field=state,
        source=BatchState.PENDING,
        target=BatchState.REFUSED,
        permission="customers.admit_customer",
        custom={"label": _("Refuse"), "policy": "CU-1", "reason_required": True, "voids": True},
    )
    def refuse(self) -> None: ...
