"""Playbooks and the cases worked by them."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from retention.lifecycle import CLOSED_STATES, SaveCaseLifecycle, SaveCaseState


class Reason(models.TextChoices):
    """Why customers leave, as playbooks answer it."""

    FEE = "fee", _("Price and fees")
    SALARY = "salary", _("Income moved away")
    ACTIVITY = "activity", _("Uses the bank less")
    CONTACT = "contact", _("Nobody has been in touch")
    SERVICE = "service", _("Unhappy with the service")
    PRODUCTS = "products", _("Few or closing products")
    OTHER = "other", _("Other")


@tracked(table="retention_playbook")
class Playbook(Record):
    """
    What to do about one reason: steps, a suggested offer, a budget.

    `texts` is `{"da": …, "en": …}` with `name`, `offer` and `steps` (a list) in each.
    """

    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, unique=True)
    # Words in the names of churn features that speak of this reason.
    features = ArrayField(
        models.CharField(max_length=60), verbose_name=_("features"), default=list, blank=True
    )
    texts: "models.JSONField[dict[str, Any]]" = models.JSONField(_("texts"))
    offer_kind = models.CharField(_("kind of offer"), max_length=40)
    budget = models.DecimalField(_("budget"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="DKK")

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        constraints = [
            models.CheckConstraint(
                name="playbook_budget_not_negative",
                condition=Q(budget__gte=0),
                violation_error_message=_("A budget cannot be negative."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self._text("name"))

    @property
    def suggestion(self) -> str:
        """The offer it suggests, in the reader's language."""
        return str(self._text("offer"))

    @property
    def steps(self) -> list[str]:
        return [str(step) for step in self._text("steps")]

    def _text(self, key: str) -> Any:
        language = (get_language() or "en")[:2]
        texts = self.texts.get(language) or self.texts["en"]
        return texts[key]


class Stayed(models.TextChoices):
    UNKNOWN = "", _("Not known yet")
    STAYED = "stayed", _("Still a customer")
    LEFT = "left", _("Left")


@tracked(table="retention_savecase", silent=["state", "state_since"])
class SaveCase(Record, SaveCaseLifecycle):
    """
    One attempt to keep one customer who may be about to leave.

    Made from the churn score and the playbook; knows nothing of risk ratings or KYC
    (AMLR art. 76).
    """

    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="save_cases",
    )
    reason_code = models.CharField(_("main reason"), max_length=10, choices=Reason.choices)
    reasons: "models.JSONField[list[Any]]" = models.JSONField(
        _("reasons"), default=list, blank=True
    )
    probability = models.FloatField(_("churn risk when flagged"), null=True, blank=True)
    value = models.DecimalField(
        _("value at stake"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    playbook = models.ForeignKey(
        Playbook, verbose_name=_("playbook"), on_delete=models.PROTECT, related_name="cases"
    )
    budget = models.DecimalField(_("budget"), max_digits=12, decimal_places=2, default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3, default="DKK", editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    offer = models.ForeignKey(
        "customers.Offer",
        verbose_name=_("offer"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)
    due_at = models.DateTimeField(_("contact due"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("spoken with"), null=True, blank=True, editable=False)
    # The conversation is another stage's record: its id is kept, its words are not.
    interaction_id = models.UUIDField(_("conversation"), null=True, blank=True, editable=False)
    wants_to_leave = models.BooleanField(_("the customer asked to close"), default=False)
    review_30_on = models.DateField(_("look again after 30 days"), null=True, editable=False)
    review_90_on = models.DateField(_("look again after 90 days"), null=True, editable=False)
    outcome_30 = models.CharField(
        _("after 30 days"), max_length=6, choices=Stayed.choices, blank=True, editable=False
    )
    outcome_90 = models.CharField(
        _("after 90 days"), max_length=6, choices=Stayed.choices, blank=True, editable=False
    )
    # The score whose event opened the case: opening twice for it finds the first.
    origin_id = models.UUIDField(_("origin"), null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("save case")
        verbose_name_plural = _("save cases")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=~Q(state__in=[str(state) for state in CLOSED_STATES]),
                name="save_case_open_once",
                violation_error_message=_("This customer has an open save case already."),
            )
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="save_case_queue"),
            models.Index(fields=["owner", "state"], name="save_case_owner"),
        ]
        triggers = [state_trigger(SaveCaseLifecycle, initial={SaveCaseState.FLAGGED})]

    def __str__(self) -> str:
        return f"{self.customer} · {self.get_reason_code_display()}"
