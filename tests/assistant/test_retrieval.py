"""The labelled questions: what is answered, and what is not."""

import pytest

from benchmarks.assistant import measure, sources
from clm.core.assistant.retrieval import Index, Source, language_of

pytestmark = pytest.mark.django_db


def test_the_questions_held_apart_are_answered_as_the_documentation_says() -> None:
    """The articles knew none of these when they were measured; docs/assistant.md tells how."""
    index = Index(sources())
    found = measure(half="held", index_for=lambda _asked: index)
    assert (found.inside, found.outside) == (50, 16)
    assert found.nearest >= 38
    assert found.right + found.offered >= 40
    assert found.wrong <= 4
    assert found.outside_answered <= 2


def test_nothing_is_found_where_nothing_is_asked() -> None:
    index = Index([Source("opening", asked=["When are you open?"], named=["hours"])])
    for nothing in ("", "🙂🙂", "hvad er det", "\x00", "????"):
        assert index.near(nothing) == []
    assert Index([]).near("opening hours") == []
    assert index.near("hours")[0].name == "opening"
    # Compounds and mistyped words are known by their parts and letters.
    card = Index([Source("card", named=["kort", "pinkode"]), Source("other", named=["klage"])])
    assert card.near("pinkoed til hævekortet")[0].name == "card"


@pytest.mark.parametrize(
    ("text", "language"),
    [("hvad mangler jeg", "da"), ("what is missing", "en"), ("Åbningstider?", "da"), ("pdf", "en")],
)
def test_a_question_is_answered_in_its_own_language(text: str, language: str) -> None:
    assert language_of(text, otherwise="en") == language
