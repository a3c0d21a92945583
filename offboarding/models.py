"""Closures and what stands in their way."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from offboarding.lifecycle import ENDED_STATES, ClosureLifecycle, ClosureState
from offboarding.obligations import ObligationKind


class Ground(models.TextChoices):
    """
    Why the relationship ends, as everybody who serves the customer may know it.

    An exit that anti-money-laundering rules demand is the bank's termination here; its own
    ground stands in the compliance case and nowhere else, so that nobody is tipped off.
    """

    CUSTOMER = "customer", _("Customer’s wish")
    LOST = "lost", _("Lost to another bank")
    BANK = "bank", _("Terminated by the bank")
    DEATH = "death", _("Death")
    DORMANT = "dormant", _("Dormant for 24 months")


#: What customers know of, since they said so themselves.
OWN_GROUNDS = (Ground.CUSTOMER, Ground.LOST)


class ExitReason(models.TextChoices):
    """The answer to the exit survey; one is mandatory."""

    PRICE = "price", _("Price and fees")
    SERVICE = "service", _("Service")
    OFFER = "offer", _("Better offer elsewhere")
    DIGITAL = "digital", _("Mobile or online bank")
    MOVED = "moved", _("Moved away")
    UNUSED = "unused", _("No longer used")
    DECEASED = "deceased", _("The customer died")
    BANK = "bank", _("The bank’s decision")
    UNSAID = "unsaid", _("Would not say")


@tracked(table="offboarding_closure", silent=["state", "state_since"])
class Closure(Record, ClosureLifecycle):
    """One customer's way out of the bank."""

    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="closures",
    )
    ground = models.CharField(_("ground"), max_length=10, choices=Ground.choices)
    note = models.TextField(_("what was said"), max_length=2000, blank=True)
    exit_reason = models.CharField(
        _("reason for leaving"), max_length=10, choices=ExitReason.choices, blank=True
    )
    exit_comment = models.TextField(_("in the customer’s words"), max_length=2000, blank=True)
    switching = models.BooleanField(_("account switching service"), default=False)
    new_bank = models.CharField(_("new bank"), max_length=120, blank=True)
    requested_at = models.DateTimeField(_("requested"), editable=False)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)
    # What the second person confirms is written here from the obligations; a change of it
    # voids the question.
    checklist: "models.JSONField[list[Any]]" = models.JSONField(
        _("checklist"), default=list, blank=True, editable=False
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True, editable=False)
    # The record whose event opened this one: opening twice for it finds the first.
    origin_id = models.UUIDField(_("origin"), null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=~Q(state__in=[str(state) for state in ENDED_STATES]),
                name="closure_open_once",
                violation_error_message=_("This customer has an open closure already."),
            ),
            models.CheckConstraint(
                name="closure_bank_says_why",
                condition=~Q(ground="bank") | ~Q(note=""),
                violation_error_message=_("A termination by the bank needs a written reason."),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="closure_queue")]
        triggers = [state_trigger(ClosureLifecycle, initial={ClosureState.REQUESTED})]

    def __str__(self) -> str:
        return f"{self.customer} · {self.get_ground_display()}"


class ObligationStatus(models.TextChoices):
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    WAIVED = "waived", _("Waived")


@tracked(table="offboarding_closureobligation")
class ClosureObligation(Record):
    """One thing to be out of the way: computed from a holding, confirmed or waived by a person."""

    closure = models.ForeignKey(
        Closure, verbose_name=_("closure"), on_delete=models.CASCADE, related_name="obligations"
    )
    holding = models.ForeignKey(
        "customers.Holding",
        verbose_name=_("holding"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.CharField(_("obligation"), max_length=10, choices=ObligationKind.choices)
    status = models.CharField(
        _("status"), max_length=6, choices=ObligationStatus.choices, default=ObligationStatus.OPEN
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    reason = models.TextField(_("reason for waiving"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.UniqueConstraint(fields=["closure", "holding"], name="obligation_once"),
            models.CheckConstraint(
                name="obligation_waived_says_why",
                condition=~Q(status="waived") | ~Q(reason=""),
                violation_error_message=_("A waiver needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.holding}"
