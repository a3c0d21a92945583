"""A mapping project, and what its modules bring forth."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from journeys.lifecycle import Depth, ProjectLifecycle, ProjectState
from journeys.models.journeys import Journey
from journeys.models.maps import JourneyMap, MapStep
from journeys.models.personas import Persona

_ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


@tracked(table="journeys_mappingproject", silent=["state", "state_since"])
class MappingProject(Record, ProjectLifecycle):
    """A journey looked into by people: from the briefing to actions whose effect is measured."""

    title = models.CharField(_("title"), max_length=120)
    depth = models.CharField(
        _("depth"),
        max_length=8,
        choices=Depth.choices,
        default=Depth.STANDARD,
        help_text=_("Decides what each module asks for before the next one begins"),
    )
    goal = models.TextField(_("goal"), max_length=2000, blank=True)
    scope = models.TextField(
        _("scope"), max_length=2000, blank=True, help_text=_("What belongs to it and what does not")
    )
    journey = models.ForeignKey(
        Journey,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("measured journey"),
    )
    as_is = models.ForeignKey(
        JourneyMap,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("map of today"),
    )
    to_be = models.ForeignKey(
        JourneyMap,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("map of tomorrow"),
    )
    owner = models.ForeignKey(
        "core.User", models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    team = models.ManyToManyField("core.User", related_name="+", blank=True, verbose_name=_("team"))
    personas = models.ManyToManyField(
        Persona, related_name="projects", blank=True, verbose_name=_("personas")
    )
    # Assumptions of the business impact; empty means: as measured at the bank.
    customer_value = models.DecimalField(
        _("what a customer is worth a year, kr."),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Left empty: what customers earn the bank on average"),
    )
    customer_years = models.DecimalField(
        _("years a customer stays"),
        max_digits=4,
        decimal_places=1,
        default=7,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
    )
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)

    class Meta:
        verbose_name = _("mapping project")
        verbose_name_plural = _("mapping projects")
        permissions = [
            ("move_mappingproject", _("Can take mapping projects from module to module")),
            ("cancel_mappingproject", _("Can cancel mapping projects")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(as_is=None) | Q(to_be=None) | ~Q(as_is=models.F("to_be")),
                name="journeys_project_two_maps",
                violation_error_message=_("The maps of today and of tomorrow are two maps."),
            )
        ]
        triggers = [state_trigger(ProjectLifecycle, initial={ProjectState.BRIEFING})]

    def __str__(self) -> str:
        return self.title


class ProjectPart(Record):
    """Something a module brought forth; what is taken out again stays for the audit."""

    removed_at = models.DateTimeField(_("removed at"), null=True, editable=False)

    class Meta:
        abstract = True


class BriefingPoint(ProjectPart):
    """A goal, a moment believed to be critical, or data that there is already."""

    class Kind(models.TextChoices):
        GOAL = "goal", _("Goal")
        MOMENT = "moment", _("Critical moment")
        DATA = "data", _("Existing data")

    project = models.ForeignKey(MappingProject, models.CASCADE, related_name="points")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=500)

    class Meta:
        verbose_name = _("point of a briefing")
        verbose_name_plural = _("points of briefings")

    def __str__(self) -> str:
        return self.text


class ResearchNote(ProjectPart):
    """
    What somebody said, or how many answered what.

    Nobody is named: there is no reference to a customer, and the words are asked for without.
    Where somebody is named all the same, `services.erase_words` empties the words for good: no
    history of them is kept (the events name fields, never what stood in them), and the themes,
    which are counted, stay.
    """

    class Kind(models.TextChoices):
        INTERVIEW = "interview", _("Interview")
        SURVEY = "survey", _("Survey")
        ADVISER = "adviser", _("Adviser feedback")
        FOCUS_GROUP = "focus-group", _("Focus group")

    project = models.ForeignKey(MappingProject, models.CASCADE, related_name="notes")
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    held_on = models.DateField(_("date"))
    persona = models.ForeignKey(
        Persona, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("persona")
    )
    text = models.TextField(
        _("what was said"),
        max_length=8000,
        blank=True,
        help_text=_("No names, numbers or addresses: who it was does not matter here"),
    )
    quotation = models.CharField(_("in their own words"), max_length=500, blank=True)
    themes = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("themes"),
        default=list,
        blank=True,
        help_text=_("A few words each, with commas between"),
    )
    # Of a survey: the question, and how many gave which answer.
    question = models.CharField(_("question"), max_length=300, blank=True)
    answers: "models.JSONField[dict[str, int]]" = models.JSONField(
        _("answers"), default=dict, blank=True
    )
    erased_at = models.DateTimeField(_("words erased at"), null=True, editable=False)

    class Meta:
        verbose_name = _("research note")
        verbose_name_plural = _("research notes")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_on}"

    @property
    def people(self) -> int:
        """How many people stand behind it."""
        return sum(self.answers.values()) if self.answers else 1


class MomentOfTruth(ProjectPart):
    """
    A step of the map at which a customer is won or lost.

    :param measured: what was measured of the step's activities when it was written down, see
        `journeys.selectors.step_measures`; empty where nothing was
    """

    project = models.ForeignKey(MappingProject, models.CASCADE, related_name="moments")
    step = models.ForeignKey(
        MapStep, models.PROTECT, related_name="moments", verbose_name=_("step")
    )
    why = models.TextField(_("why it decides"), max_length=2000)
    evidence = models.TextField(_("evidence"), max_length=2000, blank=True)
    measured: "models.JSONField[dict[str, Any]]" = models.JSONField(
        default=dict, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("moment of truth")
        verbose_name_plural = _("moments of truth")

    def __str__(self) -> str:
        return str(self.step)


class Insight(ProjectPart):
    """Something learnt, and what is recommended because of it."""

    project = models.ForeignKey(MappingProject, models.CASCADE, related_name="insights")
    text = models.TextField(_("insight"), max_length=2000)
    recommendation = models.TextField(_("recommendation"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("insight")
        verbose_name_plural = _("insights")

    def __str__(self) -> str:
        return self.text[:80]


class Opportunity(ProjectPart):
    """
    Something that could be done better, rated by value and effort.

    :param money: what the friction behind it costs a year, where that is measured
    """

    project = models.ForeignKey(MappingProject, models.CASCADE, related_name="opportunities")
    title = models.CharField(_("opportunity"), max_length=200)
    moment = models.ForeignKey(
        MomentOfTruth,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("moment of truth"),
    )
    worth = models.PositiveSmallIntegerField(_("value, 1 to 5"), validators=_ONE_TO_FIVE)
    effort = models.PositiveSmallIntegerField(_("effort, 1 to 5"), validators=_ONE_TO_FIVE)

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        constraints = [
            models.CheckConstraint(
                condition=Q(worth__range=(1, 5), effort__range=(1, 5)),
                name="journeys_opportunity_ratings",
                violation_error_message=_("Value and effort lie between 1 and 5."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class PlannedAction(ProjectPart):
    """
    What somebody does by when, what it is expected to change, and how that is measured.

    :param activity: of the measured journey; which step the wait is measured after
    :param expected: how much the metric is to change: days, or percentage points
    :param group_by: what tells those whom the action reaches from the comparison group
    :param group: whom it reaches: a branch, a channel, a segment or a kind of customer
    :param versus: the comparison group; empty means everybody else
    """

    class Metric(models.TextChoices):
        DURATION = "duration", _("Median days from first to last step")
        WAIT = "wait", _("Median days of waiting after a step")
        GIVEN_UP = "given-up", _("Percentage given up")

    class GroupBy(models.TextChoices):
        BRANCH = "branch", _("Branch")
        CHANNEL = "channel", _("Channel")
        SEGMENT = "segment", _("Segment")
        KIND = "kind", _("Kind of customer")

    project = models.ForeignKey(MappingProject, models.CASCADE, related_name="actions")
    title = models.CharField(_("action"), max_length=200)
    opportunity = models.ForeignKey(
        Opportunity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("opportunity"),
    )
    owner = models.ForeignKey(
        "core.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)
    metric = models.CharField(
        _("what it is to change"), max_length=8, choices=Metric.choices, blank=True
    )
    expected = models.DecimalField(
        _("expected change"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("In days or percentage points; less is negative"),
    )
    activity = models.CharField(_("activity"), max_length=200, blank=True)
    group_by = models.CharField(
        _("who is reached is told by"), max_length=8, choices=GroupBy.choices, blank=True
    )
    group = models.CharField(_("who is reached"), max_length=120, blank=True)
    versus = models.CharField(
        _("compared with"), max_length=120, blank=True, help_text=_("Left empty: everybody else")
    )

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")

    def __str__(self) -> str:
        return self.title

    @property
    def is_measurable(self) -> bool:
        """Whether it says what is to be measured, and of whom."""
        return bool(self.metric and self.group_by and self.group)
