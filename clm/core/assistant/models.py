"""What the assistant may say, version by version, and how it did."""

from collections.abc import Sequence

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.assistant.lifecycle import ArticleLifecycle
from clm.core.ids import uuid7
from clm.core.lifecycle import RulesState, state_trigger
from clm.core.models import Record


class Article(ArticleLifecycle, Record):
    """
    One version of an answer, in Danish and in English, with the ways in which people ask for it.

    What was in force once never changes and never goes: answers cite it. The texts are plain;
    an empty line begins a paragraph.
    """

    class Origin(models.TextChoices):
        OWN = "own", _("Written by the bank")
        SHIPPED = "shipped", _("Came with the platform")

    name = models.SlugField(_("name"), max_length=40, db_index=False)
    number = models.PositiveIntegerField(_("version"), editable=False)
    title_da = models.CharField(_("title in Danish"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    body_da = models.TextField(_("answer in Danish"), max_length=3000)
    body_en = models.TextField(_("answer in English"), max_length=3000)
    asked_da = models.TextField(_("how people ask in Danish"), max_length=4000, blank=True)
    asked_en = models.TextField(_("how people ask in English"), max_length=4000, blank=True)
    keywords_da = models.TextField(_("words for it in Danish"), max_length=2000, blank=True)
    keywords_en = models.TextField(_("words for it in English"), max_length=2000, blank=True)
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    origin = models.CharField(
        _("origin"), max_length=7, choices=Origin.choices, default=Origin.OWN, editable=False
    )
    in_force_from = models.DateTimeField(_("in force from"), null=True, editable=False)
    in_force_until = models.DateTimeField(_("in force until"), null=True, editable=False)

    class Meta:
        verbose_name = _("article of the assistant")
        verbose_name_plural = _("articles of the assistant")
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="article_version_once"),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(state=RulesState.IN_FORCE),
                name="article_one_in_force",
            ),
        ]
        triggers = [
            state_trigger(ArticleLifecycle, initial={RulesState.DRAFT, RulesState.IN_FORCE}),
            # What the bank writes itself takes the whole way, past a second person.
            pgtrigger.Protect(
                name="own_begins_as_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.origin = 'own' AND NEW.state <> 'DRAFT'"),
            ),
            pgtrigger.Protect(
                name="article_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('IN_FORCE', 'RETIRED') AND (OLD.name, OLD.number, OLD.title_da,"
                    " OLD.title_en, OLD.body_da, OLD.body_en, OLD.asked_da, OLD.asked_en,"
                    " OLD.keywords_da, OLD.keywords_en, OLD.origin)"
                    " IS DISTINCT FROM (NEW.name, NEW.number, NEW.title_da, NEW.title_en,"
                    " NEW.body_da, NEW.body_en, NEW.asked_da, NEW.asked_en, NEW.keywords_da,"
                    " NEW.keywords_en, NEW.origin)"
                ),
            ),
            pgtrigger.Protect(
                name="article_never_goes",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state IN ('IN_FORCE', 'RETIRED')"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_in((get_language() or 'en')[:2])} · {self.number}"

    def title_in(self, language: str) -> str:
        return self.title_da if language == "da" else self.title_en

    def body_in(self, language: str) -> str:
        return self.body_da if language == "da" else self.body_en

    @property
    def asked(self) -> Sequence[str]:
        """Whole questions of people, in both languages."""
        return [
            one.strip() for one in f"{self.asked_da}\n{self.asked_en}".splitlines() if one.strip()
        ]

    @property
    def keywords(self) -> Sequence[str]:
        """Words and phrases for it, in both languages."""
        found = f"{self.keywords_da},{self.keywords_en}".replace("\n", ",").split(",")
        return [one.strip() for one in found if one.strip()]


class Outcome(models.TextChoices):
    ANSWERED = "answered", _("Answered")
    SUGGESTED = "suggested", _("Offered what it may be about")
    UNKNOWN = "unknown", _("Did not know")


class Answer(models.Model):
    """
    How one question went. Nothing here leads to who asked it.

    `words` are kept only of what was not answered, without identifiers and names, for the authors
    of articles, and go after 90 days.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("at"), db_index=True)
    place = models.CharField(_("asked from"), max_length=20)
    language = models.CharField(_("language"), max_length=2)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    source = models.CharField(_("source"), max_length=60, blank=True)
    score = models.FloatField(_("nearness"))
    seconds = models.FloatField(_("seconds"))
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    words = models.CharField(_("what was asked"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("answer of the assistant")
        verbose_name_plural = _("answers of the assistant")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.source}".strip()
