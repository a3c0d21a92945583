"""What customers think: surveys, the links that ask, answers, notes from elsewhere, themes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.models import Record


class Measure(models.TextChoices):
    NPS = "nps", _("Recommendation (NPS)")
    CSAT = "csat", _("Satisfaction (CSAT)")
    CES = "ces", _("Effort (CES)")
    TRUST = "trust", _("Trust")


#: The lowest and highest answer of each measure.
SCALES = {Measure.NPS: (0, 10), Measure.CSAT: (1, 5), Measure.CES: (1, 7), Measure.TRUST: (1, 5)}
#: Answers up to this are a bad experience, which somebody is to call about; from the other on, good.
BAD_TO = {Measure.NPS: 6, Measure.CSAT: 2, Measure.CES: 3, Measure.TRUST: 2}
GOOD_FROM = {Measure.NPS: 9, Measure.CSAT: 4, Measure.CES: 5, Measure.TRUST: 4}


class Survey(Record):
    """One question with a scale, and a why; in both languages."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    measure = models.CharField(_("what it measures"), max_length=6, choices=Measure.choices)
    question_da = models.CharField(_("question in Danish"), max_length=300)
    question_en = models.CharField(_("question in English"), max_length=300)
    days = models.PositiveSmallIntegerField(_("days a link lasts"), default=14)
    is_open = models.BooleanField(_("open"), default=True)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(
                name="survey_days",
                condition=Q(days__range=(1, 90)),
                violation_error_message=_("A link lasts from 1 to 90 days."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def question(self) -> str:
        """The question in the reader's language."""
        return self.question_in(get_language() or "en")

    def question_in(self, language: str) -> str:
        return self.question_da if language.startswith("da") else self.question_en

    @property
    def scale(self) -> range:
        low, high = SCALES[Measure(self.measure)]
        return range(low, high + 1)


class Sending(models.TextChoices):
    WAITING = "waiting", _("To come")
    SENT = "sent", _("Sent")
    HANDED = "handed", _("Handed over")
    SKIPPED = "skipped", _("Not needed or not allowed")
    FAILED = "failed", _("Could not be sent")


class SurveyInvitation(models.Model):
    """One customer asked once; the link's secret is a signature over the id, and is kept nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(
        Survey, verbose_name=_("survey"), on_delete=models.PROTECT, related_name="invitations"
    )
    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="survey_invitations",
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    channel = models.CharField(_("channel"), max_length=8, blank=True)
    sending = models.CharField(
        _("sending"), max_length=8, choices=Sending.choices, default=Sending.WAITING
    )
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("invitation to a survey")
        verbose_name_plural = _("invitations to surveys")
        constraints = [
            models.UniqueConstraint(fields=["survey", "customer"], name="survey_asked_once")
        ]
        indexes = [
            models.Index(fields=["customer", "-made_at"], name="survey_asked_last"),
            models.Index(fields=["due_at"], name="survey_to_send", condition=Q(sending="waiting")),
        ]

    def __str__(self) -> str:
        return str(self.survey)


class Origin(models.TextChoices):
    """Where somebody's opinion was heard."""

    SURVEY = "survey", _("Survey")
    FOCUS_GROUP = "focus_group", _("Focus group")
    INTERVIEW = "interview", _("Interview")
    SOCIAL = "social", _("Social media")
    APP_REVIEW = "app_review", _("App review")


class Theme(models.Model):
    """What many texts are about, by the words that weigh most; made anew by each run of the job."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    words = models.JSONField(_("words"), default=list)
    count = models.PositiveIntegerField(_("texts"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["-count", "id"]

    def __str__(self) -> str:
        return ", ".join(self.words[:3])


class Feedback(Record):
    """
    One opinion: an answer to a survey, or a note that was brought in.

    `text` is somebody's own words: kept off events, blanked when the customer is erased.
    """

    origin = models.CharField(_("where from"), max_length=12, choices=Origin.choices)
    survey = models.ForeignKey(
        Survey, verbose_name=_("survey"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="answers",
    )  # fmt: skip
    invitation = models.OneToOneField(
        SurveyInvitation, verbose_name=_("invitation"), on_delete=models.PROTECT, null=True,
        blank=True, related_name="answer",
    )  # fmt: skip
    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="feedback",
    )
    measure = models.CharField(
        _("what it measures"), max_length=6, choices=Measure.choices, blank=True
    )
    score = models.SmallIntegerField(_("score"), null=True, blank=True)
    text = models.TextField(_("in their words"), max_length=4000, blank=True)
    said_at = models.DateTimeField(_("said"), db_index=True)
    external_id = models.CharField(_("id at the source"), max_length=120, blank=True)
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.SET_NULL, null=True, blank=True,
        related_name="texts",
    )  # fmt: skip

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "external_id"],
                condition=~Q(external_id=""),
                name="feedback_once_at_source",
            ),
            models.CheckConstraint(
                name="feedback_score_measured",
                condition=Q(score__isnull=True) | ~Q(measure=""),
                violation_error_message=_("A score is a score of something."),
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-said_at"], name="feedback_of_customer"),
            models.Index(fields=["measure", "said_at"], name="feedback_measured"),
        ]

    def __str__(self) -> str:
        return str(self.get_origin_display())

    @property
    def band(self) -> str:
        """`good`, `bad` or `between`; empty without a score."""
        return band_of(self.measure, self.score)


def band_of(measure: str, score: int | None) -> str:
    """How an answer is counted: for NPS promoter, detractor and passive."""
    if score is None or not measure:
        return ""
    if score <= BAD_TO[Measure(measure)]:
        return "bad"
    return "good" if score >= GOOD_FROM[Measure(measure)] else "between"
