from collections.abc import Callable

import pytest

from kyc.checks import Subject
from kyc.checks.sanctions import sanctions


@pytest.mark.parametrize(
    ("fields", "passed", "code"),
    [
        ({}, True, "sanctions_none"),
        ({"screenable": False}, False, "sanctions_no_name"),
        ({"open_hits": 2, "top_score": 0.91}, False, "sanctions_hits"),
        ({"known_hits": 1}, True, "sanctions_known"),
        ({"true_hits": 1, "open_hits": 1}, False, "sanctions_true"),
    ],
)
def test_sanctions(
    subject: Callable[..., Subject], fields: dict[str, object], passed: bool, code: str
) -> None:
    found = sanctions(subject(**fields))
    assert (found.passed, found.code) == (passed, code)
