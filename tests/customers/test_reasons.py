"""A score keeps codes and values; the words are the reader's."""

import pytest
from django.utils import translation

from customers import reasons

KEPT = [
    {"name": "contact_days_ago", "value": 210.0, "points": 4.2, "log_odds": 0.3},
    {"name": "has_loan", "value": 0.0, "points": 1.0},
    {"name": "mood_mean", "value": None, "points": 2.0},
    {"name": "tenure_years", "value": 4.25, "points": -3.0},
]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            ["Days since the last contact: 210", "Has a loan: no", "Mood in contacts: not known",
             "Years with the bank: 4.2"],
        ),
        (
            "da",
            ["Dage siden seneste kontakt: 210", "Har et lån: nej", "Stemning ved kontakter: kendes ikke",
             "År i banken: 4,2"],
        ),
    ],
)  # fmt: skip
def test_reasons_are_told_in_the_readers_language(language: str, told: list[str]) -> None:
    with translation.override(language):
        assert [one.told for one in reasons.told(reasons=KEPT)] == told


def test_what_nobody_registered_keeps_its_own_name() -> None:
    found = reasons.told(
        reasons=[
            {"label": "Salary moved", "points": 27},
            {"name": "fee", "points": 3},
            ["Loan", -6],
        ]
    )
    assert [one.told for one in found] == ["Salary moved", "fee", "Loan"]


def test_the_weightiest_that_speaks_for_leaving_comes_first() -> None:
    found = reasons.speaking(reasons=KEPT)
    assert [one.code for one in found] == ["contact_days_ago", "mood_mean", "has_loan"]
