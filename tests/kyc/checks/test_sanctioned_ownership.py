from collections.abc import Callable

import pytest

from kyc.checks import OwnershipFacts, Subject
from kyc.checks.sanctioned_ownership import sanctioned_ownership


@pytest.mark.parametrize(
    ("owners", "passed", "code"),
    [
        (OwnershipFacts(), True, "owned_by_none"),
        (OwnershipFacts(maybe_listed=("OFAC",)), False, "owned_by_likely"),
        (OwnershipFacts(listed=("EU", "OFAC"), maybe_listed=("EU", "OFAC")), False, "owned_by_listed"),
    ],
)  # fmt: skip
def test_sanctioned_ownership(
    subject: Callable[..., Subject], owners: OwnershipFacts, passed: bool, code: str
) -> None:
    found = sanctioned_ownership(subject(kind="organisation", owners=owners))
    assert (found.passed, found.code) == (passed, code)
