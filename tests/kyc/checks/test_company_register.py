from collections.abc import Callable

from kyc.checks import Subject
from kyc.checks.company_register import company_register


def test_a_difference_that_stands_open_asks_for_a_person(
    subject: Callable[..., Subject],
) -> None:
    assert company_register(subject()).passed
    found = company_register(subject(discrepancies=2))
    assert (found.passed, found.code, found.facts) == (False, "register_differs", {"count": 2})
