"""What a company register says of a customer otherwise than the customer did."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record
from customers.models import Customer


class RegisterDiscrepancy(Record):
    """
    One difference between a register and the customer's record, with its fourteen days.

    Open until somebody says what came of it; the same difference is open once.
    """

    class Kind(models.TextChoices):
        OWNER_UNTOLD = "owner_untold", _("Owner in the register whom the customer did not name")
        OWNER_UNREGISTERED = "owner_unregistered", _("Owner who is not in the register")
        OWNER_SHARE = "owner_share", _("Owner with another share in the register")
        DIRECTOR_UNTOLD = "director_untold", _("Director in the register whom we do not know")
        DIRECTOR_UNREGISTERED = "director_unregistered", _("Director who is not in the register")
        ADDRESS = "address", _("Another registered address")
        NAME = "name", _("Another name in the register")
        STATUS = "status", _("Not in business as before, by the register")

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", _("Our record was corrected")
        REPORTED = "reported", _("Reported to the register")
        REGISTER_CORRECTED = "register_corrected", _("The register was corrected")

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="+"
    )
    register = models.CharField(_("register"), max_length=60)
    kind = models.CharField(_("what differs"), max_length=24, choices=Kind.choices)
    ours = models.CharField(_("our record"), max_length=300, blank=True)
    theirs = models.CharField(_("the register"), max_length=300, blank=True)
    found_at = models.DateTimeField(_("found at"))
    due_on = models.DateField(_("to be settled by"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("settled by"),
    )  # fmt: skip
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("register discrepancy")
        verbose_name_plural = _("register discrepancies")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "register", "kind", "ours", "theirs"],
                condition=Q(outcome=""),
                name="discrepancy_open_once",
            ),
            models.CheckConstraint(
                name="discrepancy_settled_whole",
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(outcome="") & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
