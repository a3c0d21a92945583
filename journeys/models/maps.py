"""
The canvas: steps and lanes, and the cards where they cross.

What is taken away stays in its table with `removed_at`, so that it can come back: by undo, by a
version, or because somebody else was working on it just then. All writing goes through
`journeys.services.maps`, one change of a map at a time.
"""

from decimal import Decimal

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record
from journeys.models.journeys import Journey
from journeys.models.personas import Persona

#: What a feeling may be, from the worst to the best.
WORST, BEST = Decimal("-2.0"), Decimal("2.0")
LONGEST_TEXT = 500


class JourneyMap(Record):
    """
    A journey as people draw it, as it is or as it is to be.

    `revision` grows with every change of anything on the map; it is what colleagues' pages ask
    for. `shared` opens the board: whoever may join may write cards, emotions and comments.
    """

    class Kind(models.TextChoices):
        AS_IS = "as-is", _("As-is")
        TO_BE = "to-be", _("To-be")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices, default=Kind.AS_IS)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    journey = models.ForeignKey(
        Journey,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="maps",
        verbose_name=_("measured journey"),
    )
    counterpart = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="futures",
        verbose_name=_("as-is of this to-be"),
    )
    owner = models.ForeignKey(
        "core.User", models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    personas = models.ManyToManyField(
        Persona, related_name="maps", blank=True, verbose_name=_("personas")
    )
    shared = models.BooleanField(_("shared board"), default=False)
    revision = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("journey map")
        verbose_name_plural = _("journey maps")
        permissions = [("join_journeymap", "Can write on shared journey maps")]

    def __str__(self) -> str:
        return self.name


class MapPart(Record):
    """What stands on a map, in an order, and may be taken away and come back."""

    order = models.BigIntegerField(_("order"), editable=False)
    removed_at = models.DateTimeField(_("removed at"), null=True, editable=False)

    class Meta:
        abstract = True


class MapStep(MapPart):
    """
    A column: what the customer goes through, bound to what is measured.

    :param phase: the heading above it; neighbours of the same phase share one
    :param activities: names of the measured journey's activities, as its events tell them
    :param origin: the step of the as-is map that this one was made from
    """

    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="steps")
    title = models.CharField(_("title"), max_length=120)
    phase = models.CharField(_("phase"), max_length=120, blank=True)
    activities = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, verbose_name=_("activities")
    )
    origin = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("step of a map")
        verbose_name_plural = _("steps of maps")

    def __str__(self) -> str:
        return self.title


class MapLane(MapPart):
    """A row: one way of looking at the steps."""

    class Kind(models.TextChoices):
        ACTION = "action", _("Customer does")
        DIGITAL = "digital", _("Digital touchpoint")
        PHYSICAL = "physical", _("Physical touchpoint")
        THOUGHTS = "thoughts", _("Thoughts and needs")
        EMOTIONAL = "emotional", _("Emotional needs")
        PRACTICAL = "practical", _("Practical needs")
        PAIN = "pain", _("Pain point")
        FRONT = "front", _("Front stage")
        BACK = "back", _("Back stage")
        SUPPORT = "support", _("Support process")
        IDEA = "idea", _("Idea")
        DNA = "dna", _("Bank DNA")
        SOLUTION = "solution", _("Shared solution")

    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="lanes")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    title = models.CharField(
        _("title"), max_length=120, blank=True, help_text=_("Left empty, the kind’s own name")
    )

    class Meta:
        verbose_name = _("lane of a map")
        verbose_name_plural = _("lanes of maps")

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())


class MapCard(MapPart):
    """
    One thought on the map, where a lane crosses a step.

    :param worded: the version at which its text was last written: moving a card is no conflict
        with writing it
    """

    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="cards")
    lane = models.ForeignKey(MapLane, models.CASCADE, related_name="cards", verbose_name=_("lane"))
    step = models.ForeignKey(MapStep, models.CASCADE, related_name="cards", verbose_name=_("step"))
    text = models.CharField(_("text"), max_length=LONGEST_TEXT)
    author = models.ForeignKey(
        "core.User", models.PROTECT, related_name="+", verbose_name=_("author")
    )
    worded = models.PositiveIntegerField(default=1, editable=False)
    # What it stands for, where it was placed from the bank's own lists.
    value = models.ForeignKey(
        "journeys.BankValue",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("value of the bank"),
    )
    solution = models.ForeignKey(
        "journeys.SharedSolution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("shared solution"),
    )

    class Meta:
        verbose_name = _("card of a map")
        verbose_name_plural = _("cards of maps")

    def __str__(self) -> str:
        return self.text


class MapEmotion(Record):
    """How a persona feels at a step, from -2 to +2 in tenths; None where that was taken back."""

    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="emotions")
    step = models.ForeignKey(
        MapStep, models.CASCADE, related_name="emotions", verbose_name=_("step")
    )
    persona = models.ForeignKey(
        Persona, models.CASCADE, related_name="emotions", verbose_name=_("persona")
    )
    value = models.DecimalField(_("emotion"), max_digits=2, decimal_places=1, null=True, blank=True)

    class Meta:
        verbose_name = _("emotion at a step")
        verbose_name_plural = _("emotions at steps")
        constraints = [
            models.UniqueConstraint(
                fields=["step", "persona"], name="journeys_one_emotion_a_step_and_persona"
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=WORST, value__lte=BEST),
                name="journeys_emotion_from_worst_to_best",
                violation_error_message=_("An emotion lies between −2 and +2."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)


class MapComment(Record):
    """What somebody says about a step or a card."""

    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="comments")
    step = models.ForeignKey(
        MapStep,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("step"),
    )
    card = models.ForeignKey(
        MapCard,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("card"),
    )
    text = models.TextField(_("comment"), max_length=2000)
    author = models.ForeignKey(
        "core.User", models.PROTECT, related_name="+", verbose_name=_("author")
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True, editable=False)
    resolved_by = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("resolved by"),
    )

    class Meta:
        verbose_name = _("comment on a map")
        verbose_name_plural = _("comments on maps")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(step__isnull=True) ^ models.Q(card__isnull=True),
                name="journeys_comment_on_a_step_or_a_card",
            )
        ]

    def __str__(self) -> str:
        return self.text


class MapVersion(Record):
    """
    A map as it was when somebody named it; never changed, which the database sees to.

    :param content: see `journeys.services.versions.picture`
    """

    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"), editable=False)
    name = models.CharField(_("name"), max_length=120)
    content = models.JSONField(_("content"), editable=False)
    author = models.ForeignKey(
        "core.User", models.PROTECT, related_name="+", verbose_name=_("author")
    )

    class Meta:
        verbose_name = _("version of a map")
        verbose_name_plural = _("versions of maps")
        triggers = [pgtrigger.Protect(name="map_version_stays", operation=pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(
                fields=["map", "number"], name="journeys_map_versions_are_numbered"
            )
        ]

    def __str__(self) -> str:
        return self.name


class MapChange(models.Model):
    """
    One change of a map as its author may take it back.

    :param before: fields of the part as they were; None for one that came into being
    :param undoes: it took another back itself
    """

    id = models.BigAutoField(primary_key=True)
    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="changes")
    actor = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    part = models.CharField(_("part"), max_length=20)
    part_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField()
    undoes = models.BooleanField(default=False)
    undone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("change of a map")
        verbose_name_plural = _("changes of maps")
        indexes = [models.Index(fields=["map", "actor", "-id"], name="journeys_change_of_whom")]

    def __str__(self) -> str:
        return f"{self.part} {self.part_id}"
