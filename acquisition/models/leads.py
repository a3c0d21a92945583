"""Leads: people and organisations who may become customers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acquisition.lifecycle import OPEN_STATES, LeadLifecycle, LeadState
from acquisition.models.campaigns import Campaign, Channel
from clm.core.history import tracked
from clm.core.lifecycle import state_trigger
from clm.core.models import Record


@tracked(
    table="acquisition_lead",
    exclude=["cpr_token", "cpr_index", "source", "external_id", "erased_at"],
    silent=["state", "state_since"],
)
class Lead(Record, LeadLifecycle):
    """
    Somebody who may become a customer.

    The CPR number is optional here (it is asked for in the application) and is
    held encrypted, with a blind index so that an existing customer is recognised.
    """

    given_names = models.CharField(_("given names"), max_length=120, blank=True)
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("da", _("Danish")), ("en", _("English"))],
        default="da",
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("campaign"),
        on_delete=models.PROTECT,
        related_name="leads",
        null=True,
        blank=True,
    )
    product = models.ForeignKey(
        "customers.Product",
        verbose_name=_("product of interest"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    branch = models.ForeignKey(
        "core.Branch",
        verbose_name=_("branch"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("adviser"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="leads",
        null=True,
        blank=True,
        editable=False,
    )
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)
    # Who told us, and what they call it: the same lead told twice is one.
    source = models.CharField(_("source"), max_length=60, blank=True, editable=False)
    external_id = models.CharField(
        _("id at the source"), max_length=120, blank=True, editable=False
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    cpr_token = models.TextField(blank=True, editable=False)
    cpr_index = models.BinaryField(null=True, blank=True, editable=False, db_index=True)
    cpr_masked = models.CharField(_("CPR number"), max_length=16, blank=True, editable=False)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        permissions = [("import_leads", _("Can import leads"))]
        indexes = [
            models.Index(fields=["branch", "state"], name="lead_branch_state"),
            models.Index(fields=["adviser", "state"], name="lead_adviser_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(family_name="") | ~Q(organisation_name=""),
                name="lead_has_a_name",
                violation_error_message=_("Give a family name or the name of an organisation."),
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="lead_told_once",
                violation_error_message=_("This source has told of this lead already."),
            ),
        ]
        triggers = [state_trigger(LeadLifecycle, initial={LeadState.NEW})]

    def __str__(self) -> str:
        return self.organisation_name or f"{self.given_names} {self.family_name}".strip()

    @property
    def kind(self) -> str:
        return "organisation" if self.organisation_name else "person"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
