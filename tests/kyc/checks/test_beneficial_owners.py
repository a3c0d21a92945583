from collections.abc import Callable

import pytest

from kyc.checks import OwnershipFacts, Subject
from kyc.checks.beneficial_owners import beneficial_owners


@pytest.mark.parametrize(
    ("owners", "passed", "code"),
    [
        (OwnershipFacts(basis="ownership", count=2), True, "owners_found"),
        (OwnershipFacts(basis="management", count=1), True, "owners_management"),
        (OwnershipFacts(basis="none"), False, "owners_none"),
        (OwnershipFacts(basis="ownership", unknown="40 %"), False, "owners_unknown"),
        (OwnershipFacts(basis="ownership", problems=("over_full",)), False, "owners_contradict"),
    ],
)
def test_beneficial_owners(
    subject: Callable[..., Subject], owners: OwnershipFacts, passed: bool, code: str
) -> None:
    found = beneficial_owners(subject(kind="organisation", owners=owners))
    assert (found.passed, found.code) == (passed, code)
