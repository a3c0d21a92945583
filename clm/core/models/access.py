from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7


class AccessLog(models.Model):
    """
    Who looked at which records; one row a request, sealed in batches.

    Append-only and partitioned by month like `Event`.
    """

    class Kind(models.TextChoices):
        READ = "read", _("Read")
        LIST = "list", _("Listed")
        REVEAL = "reveal", _("Revealed")
        EXPORT = "export", _("Exported")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    route = models.CharField(_("route"), max_length=160)
    record_type = models.CharField(_("record type"), max_length=80)
    record_ids = models.JSONField(_("records"), default=list)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    xact_id = models.BigIntegerField(editable=False, db_default=0)

    class Meta:
        managed = False
        verbose_name = _("access")
        verbose_name_plural = _("access log")

    def __str__(self) -> str:
        return f"{self.kind} {self.record_type}"


class SignInAttempts(models.Model):
    """How often a user name was tried since the window began; its row lock makes the count exact."""

    name = models.CharField(primary_key=True, max_length=64)  # a blind index: no name is kept
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("attempts to sign in")
        verbose_name_plural = _("attempts to sign in")

    def __str__(self) -> str:
        return str(self.count)
