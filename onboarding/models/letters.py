"""Letters that say no."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record
from onboarding.models.applications import Application
from onboarding.refusals import OUTCOMES, Ground


class RefusalLetter(Record):
    """
    The letter that says no, as it was written; what the customer says against it, and the answer.

    `due_at` is the law's last moment for it, where there is one (a basic payment account).
    """

    application = models.OneToOneField(
        Application,
        verbose_name=_("application"),
        on_delete=models.CASCADE,
        related_name="refusal_letter",
    )
    ground = models.CharField(_("ground"), max_length=16, choices=Ground.choices, blank=True)
    text_da = models.TextField(_("in Danish"))
    text_en = models.TextField(_("in English"))
    written_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    contest_until = models.DateTimeField(_("may be contested until"))
    contested_at = models.DateTimeField(_("contested"), null=True, blank=True)
    contest = models.TextField(_("what the customer says"), blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looked at again by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    review_due_at = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=OUTCOMES, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    following = models.ForeignKey(
        Application,
        verbose_name=_("goes on as"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("letter of refusal")
        verbose_name_plural = _("letters of refusal")

    def __str__(self) -> str:
        return str(self.application)

    @property
    def text(self) -> str:
        """In the reader's language."""
        return self.text_da if (get_language() or "").startswith("da") else self.text_en

    @property
    def in_time(self) -> bool | None:
        """Whether it was written by the law's last moment; None where there is none."""
        return None if self.due_at is None else self.written_at <= self.due_at

    @property
    def is_contested(self) -> bool:
        """Whether somebody has to answer."""
        return self.contested_at is not None and self.answered_at is None
