from collections.abc import Callable

from kyc.checks import Subject
from kyc.checks.transactions import transactions


def test_an_alert_that_nobody_judged_asks_for_a_person(
    subject: Callable[..., Subject],
) -> None:
    assert transactions(subject()).passed
    found = transactions(subject(alerts=2))
    assert (found.passed, found.code, found.facts) == (False, "alerts_open", {"count": 2})
