"""What holds for every check, also for those to come."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kyc import checks, words
from kyc.checks import CheckKind, Subject


@pytest.mark.parametrize("check", checks.registered().values(), ids=lambda one: one.name)
def test_every_check(subject: Callable[..., Subject], check: CheckKind) -> None:
    assert check.doc
    assert set(check.kinds) <= {"person", "organisation"}
    found = check.run(subject())
    assert found.passed, "nothing is remarkable about this subject"
    assert words.finding(found.code, found.facts) != found.code
    assert (Path(__file__).parent / f"test_{check.name}.py").exists()
