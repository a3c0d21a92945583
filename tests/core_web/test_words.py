"""Deadlines, moments and numbers as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from clm.core.web import words

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)  # 10:00 in Copenhagen


@pytest.mark.parametrize(
    ("language", "due", "kind", "text"),
    [
        ("en", NOW - timedelta(hours=2), "over", "2 h late"),
        ("en", NOW - timedelta(days=3), "over", "3 days late"),
        ("en", NOW + timedelta(hours=1, minutes=18), "today", "Today 11:18"),
        ("en", NOW + timedelta(days=1), "later", "Tomorrow 10:00"),
        ("da", NOW - timedelta(hours=2), "over", "2 t. for sent"),
        ("da", NOW + timedelta(hours=1), "today", "I dag 11:00"),
    ],
)
def test_a_deadline_says_how_it_stands(language: str, due: datetime, kind: str, text: str) -> None:
    with translation.override(language):
        face = words.clock_face(due=due, now=NOW)
    assert face is not None
    assert (face.kind, face.text) == (kind, text)


def test_paused_and_done_come_before_late() -> None:
    due = NOW - timedelta(days=1)
    paused = words.clock_face(due=due, now=NOW, paused=True)
    done = words.clock_face(due=due, now=NOW, paused=True, done=True)
    assert paused is not None
    assert done is not None
    assert (paused.kind, done.kind) == ("paused", "done")
    assert words.clock_face(due=None, now=NOW) is None


@pytest.mark.parametrize(
    ("language", "text"), [("da", "−1.234.567,50 kr."), ("en", "−1,234,567.50 kr.")]
)
def test_money_is_written_in_the_readers_way(language: str, text: str) -> None:
    with translation.override(language):
        assert words.money(-1234567.5, places=2) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(30, "30 s"), (1140, "19 min"), (7200, "2.0 h"), (466560, "5.4 d"), (None, "–")],
)
def test_waits_have_one_unit(seconds: float | None, text: str) -> None:
    with translation.override("en"):
        assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(1.96, 1, "2.0"), (0.5, 0, "1"), (-0.4, 0, "0"), (-1234.567, 2, "−1,234.57"), (None, 0, "–")],
)
def test_numbers_are_rounded_not_cut_off(value: float | None, places: int, text: str) -> None:
    with translation.override("en"):
        assert words.number(value, places) == text


def test_a_share_is_rounded() -> None:
    with translation.override("da"):
        assert words.percent(0.6789, 1) == "67,9 %"
        assert words.percent(0.999) == "100 %"


@pytest.mark.parametrize(
    ("month", "danish", "english"),
    [(5, "1. maj 2026", "1 May 2026"), (7, "1. jul. 2026", "1 Jul 2026")],
)
def test_short_months_are_small_in_danish(month: int, danish: str, english: str) -> None:
    day = date(2026, month, 1)
    with translation.override("da"):
        assert words.dated(day, "j M Y") == danish
    with translation.override("en"):
        assert words.dated(day, "j M Y") == english


@pytest.mark.parametrize(("language", "text"), [("da", "5. marts 2026"), ("en", "5 March 2026")])
def test_a_day_is_written_in_the_readers_way(language: str, text: str) -> None:
    from django.template import engines

    with translation.override(language):
        assert words.exactly(NOW).startswith(text)
        shown = engines["django"].from_string('{% load clm %}{{ at|date:"j F Y" }}')
        assert shown.render({"at": NOW}) == text
