from collections.abc import Callable
from datetime import date

import pytest

from kyc.checks import Subject
from kyc.checks.age import age


@pytest.mark.parametrize(
    ("born", "passed", "code"),
    [
        (date(2008, 3, 5), True, "age_adult"),
        (date(2008, 3, 6), False, "age_minor"),
        (date(2026, 3, 6), False, "age_impossible"),
        (date(1899, 1, 1), False, "age_impossible"),
        (None, True, "age_unknown"),
    ],
)
def test_age(subject: Callable[..., Subject], born: date | None, passed: bool, code: str) -> None:
    found = age(subject(born_on=born))
    assert (found.passed, found.code) == (passed, code)


def test_a_leap_day_is_a_birthday_on_the_first_of_march(subject: Callable[..., Subject]) -> None:
    before = age(subject(born_on=date(2008, 2, 29), today=date(2026, 2, 28)))
    assert before.code == "age_minor"
    assert age(subject(born_on=date(2008, 2, 29), today=date(2026, 3, 1))).code == "age_adult"
