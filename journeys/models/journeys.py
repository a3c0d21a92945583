"""Journeys, their touchpoints, and how far the life-cycle events have been read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record

LIFE_CYCLE = "life-cycle"


class Journey(Record):
    """A process that cases go through: the built-in life cycle, or what logs and channels tell."""

    class Source(models.TextChoices):
        LIFE_CYCLE = "life-cycle", _("The platform’s own events")
        IMPORTED = "imported", _("Imported")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    source = models.CharField(
        _("source"), max_length=12, choices=Source.choices, default=Source.IMPORTED
    )
    description = models.TextField(_("description"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")

    def __str__(self) -> str:
        return str(_("Customer life cycle")) if self.slug == LIFE_CYCLE else self.name


class JourneyFeed(models.Model):
    """
    How much a journey holds, and up to where the event stream was read.

    `revision` grows with every write of touchpoints, so a report computed before is known
    to be old.
    """

    journey = models.OneToOneField(
        Journey, models.CASCADE, primary_key=True, related_name="feed", verbose_name=_("journey")
    )
    events = models.PositiveBigIntegerField(_("events"), default=0)
    revision = models.PositiveBigIntegerField(default=0)
    read_xact = models.BigIntegerField(null=True)
    read_event = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("journey feed")
        verbose_name_plural = _("journey feeds")

    def __str__(self) -> str:
        return str(self.journey_id)


class Touchpoint(models.Model):
    """
    One event of a case.

    Partitioned by month on `at`; the table is made in a migration by hand (Django cannot
    declare partitions), hence `managed`. Its id is derived from (journey, source, external id).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    journey = models.ForeignKey(
        Journey, models.DO_NOTHING, related_name="touchpoints", verbose_name=_("journey")
    )
    case_id = models.CharField(_("case"), max_length=200)
    customer = models.ForeignKey(
        "customers.Customer",
        models.DO_NOTHING,
        null=True,
        related_name="touchpoints",
        verbose_name=_("customer"),
    )
    activity = models.CharField(_("activity"), max_length=200)
    transition = models.CharField(_("transition"), max_length=40, blank=True)
    channel = models.CharField(_("channel"), max_length=80, blank=True)
    actor = models.CharField(_("who"), max_length=200, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, null=True)
    sentiment = models.SmallIntegerField(_("sentiment"), null=True)
    attributes = models.JSONField(_("attributes"), default=dict)
    source = models.CharField(_("source"), max_length=120)
    external_id = models.CharField(_("id at the source"), max_length=200)
    position = models.BigIntegerField(_("position"))
    # KYC steps: shown to compliance only, and never seen by the churn model (AMLR art. 76).
    restricted = models.BooleanField(_("restricted"), default=False)

    class Meta:
        managed = False
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")

    def __str__(self) -> str:
        return f"{self.case_id} {self.activity}"


class TouchpointKey(models.Model):
    """
    Makes a touchpoint unique across partitions.

    A unique index on a partitioned table must contain the partition's column; the same event
    under a corrected time would slip through.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="+", db_index=False)
    # Of what it said: the same id with other content is told, and the first stays.
    content = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("touchpoint key")
        verbose_name_plural = _("touchpoint keys")

    def __str__(self) -> str:
        return str(self.pk)


class TouchedCase(models.Model):
    """
    A case of which touchpoints were changed or taken away, written by a trigger.

    With the transaction that wrote each touchpoint it tells which cases the columns beside the
    table (`journeys.columns`) have to read again.
    """

    id = models.BigAutoField(primary_key=True)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="+", db_index=False)
    case_id = models.CharField(_("case"), max_length=200)
    xact_id = models.BigIntegerField(editable=False, db_default=0)

    class Meta:
        verbose_name = _("changed case")
        verbose_name_plural = _("changed cases")
        indexes = [models.Index(fields=["journey", "xact_id"], name="journeys_touched_since")]

    def __str__(self) -> str:
        return self.case_id


class ColumnMapping(Record):
    """What the columns of somebody's CSV logs mean, saved by name."""

    name = models.SlugField(_("name"), max_length=60, unique=True)
    columns = models.JSONField(
        _("columns"),
        help_text=_("Column name to meaning, such as {“Ticket”: “case_id”, “Step”: “activity”}"),
    )

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")

    def __str__(self) -> str:
        return self.name
