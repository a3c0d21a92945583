from collections.abc import Callable

from kyc.checks import Subject
from kyc.checks.identity import identity


def test_identity_data_are_present(subject: Callable[..., Subject]) -> None:
    assert identity(subject()).passed


def test_what_is_missing_is_named(subject: Callable[..., Subject]) -> None:
    found = identity(subject(has_identifier=False, born_on=None))
    assert not found.passed
    assert found.facts["missing"] == ["identifier", "born_on"]


def test_an_organisation_has_no_birth(subject: Callable[..., Subject]) -> None:
    assert identity(subject(kind="organisation", born_on=None)).passed
