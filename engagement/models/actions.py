"""What the bank could do next for a customer, and what came of it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from engagement.lifecycle import ActionLifecycle, ActionState


class Group(models.TextChoices):
    """Who is proposed to an adviser, and who is left alone to see what would have happened."""

    SHOWN = "shown", _("Proposed")
    HELD_OUT = "held_out", _("Held out")


class Refusal(models.TextChoices):
    """Why an adviser says no; each keeps the offer away from the customer for its own time."""

    ELSEWHERE = "elsewhere", _("Has it at another bank")
    NO_NEED = "no_need", _("Does not need it")
    PRICE = "price", _("Too expensive")
    WRONG_TIME = "wrong_time", _("Not the time for it")
    UNSUITABLE = "unsuitable", _("Would not be right for the customer")
    UNHAPPY = "unhappy", _("The customer is unhappy with us")


class NextBestAction(Record, ActionLifecycle):
    """
    One offer proposed for one customer, with the reckoning behind it.

    `explanation` holds codes and numbers, never words: whoever shows it says it in the reader's
    language. Made of what sales may know (AMLR art. 76).
    """

    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="next_best_actions",
    )
    product = models.ForeignKey(
        "customers.Product", verbose_name=_("product"), on_delete=models.PROTECT, related_name="+"
    )
    group = models.CharField(_("group"), max_length=8, choices=Group.choices)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    propensity = models.FloatField(_("propensity"))
    context = models.FloatField(_("context"))
    score = models.DecimalField(_("score"), max_digits=14, decimal_places=2)
    explanation: "models.JSONField[dict[str, Any]]" = models.JSONField(
        _("explanation"), default=dict
    )
    channel = models.CharField(_("channel"), max_length=8, blank=True)
    proposed_on = models.DateField(_("proposed on"))
    expires_on = models.DateField(_("expires on"))
    deferred_until = models.DateField(_("deferred until"), null=True, blank=True)
    refusal = models.CharField(_("why not"), max_length=10, choices=Refusal.choices, blank=True)
    offer = models.ForeignKey(
        "customers.Offer", verbose_name=_("offer"), on_delete=models.PROTECT, null=True,
        blank=True, related_name="+",
    )  # fmt: skip
    taken_on = models.DateField(_("product taken on"), null=True, blank=True, editable=False)
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)

    class Meta:
        verbose_name = _("next best action")
        verbose_name_plural = _("next best actions")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(state__in=["PROPOSED", "DEFERRED"]),
                name="action_open_once",
                violation_error_message=_("This customer has a proposal already."),
            )
        ]
        indexes = [
            models.Index(fields=["product", "state"], name="action_learnt"),
            models.Index(fields=["-score"], name="action_best", condition=Q(state="PROPOSED")),
            models.Index(fields=["proposed_on", "group"], name="action_measured"),
        ]
        triggers = [state_trigger(ActionLifecycle, initial={ActionState.PROPOSED})]

    def __str__(self) -> str:
        return str(self.product)
