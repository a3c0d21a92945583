"""The assistant's key figures."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.assistant import selectors
from clm.core.kpis import Kpi, kpis

SEES = "assistant.view_article"


def seconds(*, at: datetime) -> float | None:
    return selectors.figures(at=at).seconds


def handed_over(*, at: datetime) -> float | None:
    return selectors.figures(at=at).handed_over


def unknown(*, at: datetime) -> float | None:
    return selectors.figures(at=at).unknown


def _page() -> str:
    return reverse("assistant:articles")


def register_all() -> None:
    kpis.register(
        Kpi(
            name="assistant.answer_time",
            label=_("Answer time of the assistant"),
            definition=_("How long the assistant takes to answer a question."),
            unit="seconds",
            formula=_("Median time from question to answer, in 90 days"),
            source=_("The answers of the assistant"),
            owner="manager",
            better="less",
            compute=seconds,
            url=_page,
            permission=SEES,
        )
    )
    kpis.register(
        Kpi(
            name="assistant.hand_over_rate",
            label=_("Handed over to a person"),
            definition=_(
                "How many of the questions to the assistant a person was asked to answer."
            ),
            unit="share",
            formula=_("Questions handed over, of all questions in 90 days"),
            source=_("The answers of the assistant"),
            owner="manager",
            better="less",
            compute=handed_over,
            url=_page,
            permission=SEES,
        )
    )
    kpis.register(
        Kpi(
            name="assistant.unknown_rate",
            label=_("Not known by the assistant"),
            definition=_("How many of the questions the assistant said it did not know."),
            unit="share",
            formula=_("Questions not known, of all questions in 90 days"),
            source=_("The answers of the assistant"),
            owner="manager",
            better="less",
            compute=unknown,
            url=_page,
            permission=SEES,
        )
    )
