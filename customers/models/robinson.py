"""The Robinson list as loaded: which lists there were, and whom the one being read names."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.models import Job
from customers.models.party import Customer


class RobinsonList(models.Model):
    """
    One load of the list that CPR makes every quarter (markedsføringsloven § 10, stk. 4).

    Without `applied_at` it is being read, or was refused or tried only: it says nothing yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.OneToOneField(Job, models.PROTECT, related_name="+")
    listed_on = models.DateField(_("date of the list"))
    file_name = models.CharField(_("file"), max_length=255)
    people = models.PositiveIntegerField(_("people on the list"), default=0)
    customers = models.PositiveIntegerField(_("customers on the list"), default=0)
    added = models.PositiveIntegerField(_("new on the list"), default=0)
    removed = models.PositiveIntegerField(_("no longer on the list"), default=0)
    begun_at = models.DateTimeField(_("begun at"))
    applied_at = models.DateTimeField(_("in force since"), null=True, blank=True)

    class Meta:
        verbose_name = _("Robinson list")
        verbose_name_plural = _("Robinson lists")
        ordering = ["-begun_at"]
        permissions = [("import_robinson", _("Can import the Robinson list"))]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.listed_on}"

    @property
    def source(self) -> str:
        """How lines of the consent ledger name the list."""
        return f"Robinson list of {self.listed_on}"


class RobinsonMark(models.Model):
    """A customer found on a list that is being read; afterwards the ledger says it."""

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(RobinsonList, models.CASCADE, related_name="marks")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("customer on a Robinson list")
        verbose_name_plural = _("customers on Robinson lists")
        constraints = [
            models.UniqueConstraint(fields=["list", "customer"], name="robinson_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.customer_id}"
