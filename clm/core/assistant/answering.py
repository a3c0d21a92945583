"""
A question in, an answer out: with its source, or what it may be about, or that it is not known.

From `SURE` on, and clearly nearer than the next, a source answers. The three borders were set on
the questions for tuning, each asked of a knowledge base without itself: at most 3 % of them may be
answered wrongly. docs/assistant.md has the figures, those of the questions held apart as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clm.core.assistant import model, redaction, selectors
from clm.core.assistant.models import Answer, Article, Outcome
from clm.core.assistant.retrieval import Found, Index, Source, language_of
from clm.core.assistant.topics import topics
from clm.core.assistant.words import stem, telling

SURE = 0.6
CLEARLY = 0.03
PERHAPS = 0.35
LONGEST = 500


class QuestionRefused(Exception):
    """It is empty or too long; `str()` says so."""


@dataclass(frozen=True)
class Reply:
    """
    What is said to a question.

    :param paragraphs: plain text
    :param title: of the source it comes from, "" where there is none
    :param version: of the article
    :param suggestions: names and titles of what it may be about
    :param reworded: whether a language model chose the words
    """

    outcome: str
    language: str
    paragraphs: tuple[str, ...] = ()
    source: str = ""
    title: str = ""
    version: int | None = None
    suggestions: tuple[tuple[str, str], ...] = ()
    reworded: bool = False
    id: UUID | None = field(default=None, compare=False)


def ask(
    *,
    question: str,
    subject: Any,
    place: str,
    language: str,
    at: datetime,
    names: Iterable[str] = (),
    about: str = "",
) -> Reply:
    """
    Answer a question and keep count of it.

    :param subject: the record that it is asked beside, None for none; topics tell of it alone
    :param place: from where it is asked, for the count
    :param language: answered in where the question does not tell
    :param names: of whom it is about; they are kept out of the count and from a model
    :param about: the source that was chosen among suggestions
    :raises QuestionRefused: nothing, or more than 500 characters
    """
    began = perf_counter()
    text = redaction.plain(question)
    if not text:
        raise QuestionRefused(_("Write a question."))
    if len(text) > LONGEST:
        raise QuestionRefused(_("Write it shorter: at most 500 characters."))
    names = list(names)
    spoken = language_of(text, otherwise=language)
    knowledge = _knowledge()
    # Who it is about tells nothing of what it is about.
    found = knowledge.index.near(redaction.without_identifiers(text, names=names, guess=False))
    if about in knowledge.index.names:
        found = [Found(about, 1.0)]
    with translation.override(spoken):
        reply = _reply(found, knowledge, text, spoken, subject, names)
    kept = "" if reply.outcome == Outcome.ANSWERED else text
    line = Answer.objects.create(
        at=at, place=place, language=spoken, outcome=reply.outcome, source=reply.source,
        score=found[0].score if found else 0.0, seconds=round(perf_counter() - began, 4),
        words=redaction.without_identifiers(kept, names=names)[:500],
    )  # fmt: skip
    return Reply(**{**reply.__dict__, "id": line.pk})


def nearest(*, question: str) -> list[tuple[str, float]]:
    """The nearest sources with their scores, for who writes articles; nothing is counted."""
    found = _knowledge().index.near(redaction.plain(question)[:LONGEST])
    return [(one.name, one.score) for one in found]


def judge(found: Sequence[Found]) -> str:
    """What comes of scores: answered, suggested or unknown."""
    best = found[0].score if found else 0.0
    second = found[1].score if len(found) > 1 else 0.0
    if best >= SURE and best - second >= CLEARLY:
        return Outcome.ANSWERED
    return Outcome.SUGGESTED if best >= PERHAPS else Outcome.UNKNOWN


@dataclass(frozen=True)
class _Knowledge:
    articles: dict[str, Article]
    index: Index
    stems: frozenset[str]


_built: tuple[Any, _Knowledge] | None = None


def _knowledge() -> _Knowledge:
    """Articles in force and topics, indexed; built anew when another article is in force."""
    global _built
    articles = list(selectors.articles_in_force())
    key = (tuple((one.pk, one.version) for one in articles), tuple(one.name for one in topics))
    if _built is None or _built[0] != key:
        sources = [source_of(one) for one in articles] + [
            Source(one.name, asked=one.asked, named=one.named) for one in topics
        ]
        texts = [text for one in sources for text in (*one.asked, *one.named, *one.mentioned)]
        stems = frozenset(stem(word) for text in texts for word in telling(text))
        knowledge = _Knowledge({one.name: one for one in articles}, Index(sources), stems)
        _built = (key, knowledge)
    return _built[1]


def source_of(article: Article) -> Source:
    return Source(
        article.name,
        asked=article.asked,
        named=[article.title_da, article.title_en, *article.keywords],
        mentioned=[article.body_da, article.body_en],
    )


def _reply(
    found: Sequence[Found],
    knowledge: _Knowledge,
    text: str,
    language: str,
    subject: Any,
    names: Sequence[str],
) -> Reply:
    match judge(found):
        case Outcome.ANSWERED:
            return _from(found[0].name, knowledge, text, language, subject, names)
        case Outcome.SUGGESTED:
            near = [one.name for one in found if one.score >= PERHAPS]
            offered = tuple((name, _title(name, knowledge, language)) for name in near)
            return Reply(
                Outcome.SUGGESTED, language, (_("I am not sure what you mean. Is it this?"),),
                suggestions=offered,
            )  # fmt: skip
    return _unknown(language)


def _from(
    name: str,
    knowledge: _Knowledge,
    text: str,
    language: str,
    subject: Any,
    names: Sequence[str],
) -> Reply:
    topic = topics.get(name)
    if topic is not None:
        said = topic.answer(subject)
        if said is None:
            return _unknown(language)
        return Reply(Outcome.ANSWERED, language, tuple(said), name, str(topic.title))
    article = knowledge.articles[name]
    body = article.body_in(language)
    paragraphs = tuple(one.strip() for one in body.split("\n\n") if one.strip())
    reworded = None
    if (used := model.in_use()) is not None:
        asked = redaction.known_words_only(text, known=knowledge.stems, names=names)
        reworded = model.reworded(question=asked, article=body, language=language, model=used)
    return Reply(
        Outcome.ANSWERED, language, (reworded,) if reworded else paragraphs, name,
        article.title_in(language), article.number, reworded=reworded is not None,
    )  # fmt: skip


def _unknown(language: str) -> Reply:
    words = _("I do not know the answer to that. A person can answer you.")
    return Reply(Outcome.UNKNOWN, language, (words,))


def _title(name: str, knowledge: _Knowledge, language: str) -> str:
    topic = topics.get(name)
    return str(topic.title) if topic else knowledge.articles[name].title_in(language)
