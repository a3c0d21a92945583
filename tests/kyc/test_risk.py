"""The rating: points that add up, levels that overrides can only raise."""

from datetime import date
from typing import Any

import pytest

from kyc import risk, seed, words
from kyc.checks import Subject


def subject(**fields: Any) -> Subject:
    return Subject(
        **{
            "kind": "person",
            "today": date(2026, 3, 5),
            "nationalities": ("DK",),
            "residence_country": "DK",
            "has_identifier": True,
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("fields", "level", "score"),
    [
        ({}, "low", 0),
        ({"kind": "organisation"}, "low", 10),
        ({"residence_country": "US"}, "low", 20),
        ({"residence_country": "US", "kind": "organisation"}, "medium", 30),
        ({"open_hits": 1}, "medium", 30),
        ({"nationalities": ("DK", "IR")}, "high", 60),
        ({"true_hits": 1}, "high", 100),
    ],
)
def test_the_first_model(fields: dict[str, Any], level: str, score: float) -> None:
    rating = risk.rate(subject=subject(**fields), factors=seed.FACTORS, levels=seed.LEVELS)
    assert (rating.level, rating.score) == (level, score)
    assert sum(one["points"] for one in rating.factors) == score
    for one in rating.factors:
        assert words.factor(one["code"], one["facts"]) != one["code"]


def test_a_level_given_by_a_factor_is_a_floor() -> None:
    factors = [{"code": "organisation", "points": 1, "level": "high"}]
    rating = risk.rate(subject=subject(kind="organisation"), factors=factors, levels=seed.LEVELS)
    assert rating.level == "high"


def test_an_unknown_factor_is_an_error() -> None:
    with pytest.raises(KeyError):
        risk.rate(subject=subject(), factors=[{"code": "mood", "points": 1}], levels=seed.LEVELS)


@pytest.mark.parametrize(
    ("years", "expected"),
    [(1, date(2025, 2, 28)), (3, date(2027, 2, 28)), (4, date(2028, 2, 29))],
)
def test_reviews_come_in_time_also_from_a_leap_day(years: int, expected: date) -> None:
    assert risk.review_on(years=years, today=date(2024, 2, 29)) == expected
