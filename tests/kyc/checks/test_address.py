from collections.abc import Callable

import pytest

from kyc.checks import Subject
from kyc.checks.address import address


@pytest.mark.parametrize(
    ("has", "asked", "code", "passed"),
    [
        (True, {"address"}, "address_present", True),
        (False, {"address"}, "address_missing", False),
        (False, {"contact"}, "address_missing", True),
    ],
)
def test_address(
    subject: Callable[..., Subject], has: bool, asked: set[str], code: str, passed: bool
) -> None:
    found = address(subject(has_address=has, asked=frozenset(asked)))
    assert (found.code, found.passed) == (code, passed)
