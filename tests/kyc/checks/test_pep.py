from collections.abc import Callable

from kyc.checks import Subject
from kyc.checks.pep import pep


def test_a_confirmed_office_asks_for_a_person(subject: Callable[..., Subject]) -> None:
    assert pep(subject()).passed
    assert not pep(subject(pep_hits=1)).passed
