import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7


class Approval(models.Model):
    """
    A request for a second pair of eyes on one action upon one record.

    Bound to a digest of what was shown; an edit of the record voids it. The database
    itself refuses a checker who is the maker, and a decision that is taken twice.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        VOIDED = "voided", _("Voided")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record_type = models.CharField(_("record type"), max_length=80)
    record_id = models.UUIDField(_("record"))
    action = models.CharField(_("action"), max_length=80)
    round = models.PositiveSmallIntegerField(_("round"))
    shown = models.JSONField(_("what was shown"))
    digest = models.BinaryField()
    reason = models.TextField(_("reason"), blank=True)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        related_name="approvals_made",
    )
    made_at = models.DateTimeField(_("asked at"))
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="approvals_checked",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["record_id", "action", "round"], name="approval_round_once"
            ),
            models.UniqueConstraint(
                fields=["record_id", "action"],
                condition=Q(decision=""),
                name="approval_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(decision="approved")
                | (Q(checker__isnull=False) & ~Q(checker=F("maker"))),
                name="approval_checker_is_not_maker",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="approval_decided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__decision=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.action} #{self.round}"
