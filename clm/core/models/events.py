"""The event log: audit trail, outbox and source of life-cycle analytics at once."""

from typing import Any, cast

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7


class Event(models.Model):
    """
    Who did what to which record, when, and from which state to which.

    Append-only, partitioned by month on its UUIDv7, chained by hash per record. The table
    is made in a migration by hand (Django cannot declare partitions), hence `managed`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    record_type = models.CharField(_("record type"), max_length=80)
    record_id = models.UUIDField(_("record"))
    action = models.CharField(_("action"), max_length=80)
    source = models.CharField(_("from state"), max_length=50, blank=True)
    target = models.CharField(_("to state"), max_length=50, blank=True)
    payload = models.JSONField(_("facts"), default=dict)
    detail_mac = models.BinaryField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    cause_id = models.UUIDField(null=True)
    sequence = models.PositiveIntegerField(_("number"))
    prev_hash = models.BinaryField()
    hash = models.BinaryField()
    xact_id = models.BigIntegerField(editable=False, db_default=0)

    class Meta:
        managed = False
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [("verify_audit", _("Can verify the audit trail"))]

    def __str__(self) -> str:
        return f"{self.record_type} {self.action}"

    @cached_property
    def detail(self) -> dict[str, Any]:
        """The personal or free-text part, `{}` when there is none or it was erased."""
        row = EventDetail.objects.filter(event_id=self.pk).first()
        return cast("dict[str, Any]", row.content) if row else {}

    def record(self) -> models.Model:
        """The record this event is about."""
        return cast(
            "models.Model",
            apps.get_model(self.record_type)._default_manager.get(pk=self.record_id),
        )


class EventDetail(models.Model):
    """
    What erasure may take away from an event: its words and its personal data.

    The event keeps an HMAC of `content` under `key`; once this row is gone the HMAC tells
    nothing, and the chain stays valid.
    """

    event_id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField(db_index=True)
    key = models.BinaryField()
    content = models.JSONField()

    class Meta:
        verbose_name = _("event detail")
        verbose_name_plural = _("event details")

    def __str__(self) -> str:
        return str(self.event_id)


class ChainHead(models.Model):
    """The newest link of a record's chain; its row lock gives each event its number."""

    record_id = models.UUIDField(primary_key=True)
    record_type = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField(default=0)
    hash = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("chain head")
        verbose_name_plural = _("chain heads")

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} #{self.sequence}"


class Delivery(models.Model):
    """What is still to be done about an event, and how often it was tried."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    reaction = models.CharField(_("reaction"), max_length=160)
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True)
    dead_at = models.DateTimeField(_("given up at"), null=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["event_id", "reaction"], name="delivery_once_per_event")
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="delivery_open",
                condition=models.Q(done_at=None, dead_at=None),
            )
        ]
        permissions = [("replay_delivery", _("Can send a dead letter again"))]

    def __str__(self) -> str:
        return f"{self.reaction} ← {self.event_id}"


def append_only(name: str) -> pgtrigger.Trigger:
    """Refuses UPDATE and DELETE of rows; the seal catches whoever may drop the trigger."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class Seal(models.Model):
    """
    A signed Merkle root over the chain heads that changed since the seal before.

    Covers transactions with `from_xact <= id < to_xact`; what committed later waits for
    the next seal.
    """

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField(_("at"))
    from_xact = models.BigIntegerField()
    to_xact = models.BigIntegerField()
    events = models.PositiveIntegerField(_("events"))
    access_entries = models.PositiveIntegerField(_("access entries"))
    access_digest = models.BinaryField()
    prev_root = models.BinaryField()
    root = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        triggers = [append_only("seal_append_only")]

    def __str__(self) -> str:
        return f"#{self.number}"


class SealLeaf(models.Model):
    """One sealed chain head."""

    id = models.BigAutoField(primary_key=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="leaves")
    record_type = models.CharField(max_length=80)
    record_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("sealed head")
        verbose_name_plural = _("sealed heads")
        triggers = [append_only("seal_leaf_append_only")]
        constraints = [models.UniqueConstraint(fields=["seal", "record_id"], name="seal_leaf_once")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} #{self.sequence}"
