from collections.abc import Callable

import pytest

from kyc.checks import Subject
from kyc.checks.source_of_funds import source_of_funds


@pytest.mark.parametrize(
    ("shown", "needed", "code", "passed"),
    [
        (True, True, "funds_shown", True),
        (False, True, "funds_missing", False),
        (False, False, "funds_not_asked", True),
    ],
)
def test_source_of_funds(
    subject: Callable[..., Subject], shown: bool, needed: bool, code: str, passed: bool
) -> None:
    found = source_of_funds(subject(funds_shown=shown, needs_funds=needed))
    assert (found.code, found.passed) == (code, passed)
