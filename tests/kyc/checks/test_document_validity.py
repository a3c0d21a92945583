from collections.abc import Callable
from datetime import date

import pytest

from kyc.checks import Papers, Subject
from kyc.checks.document_validity import document_validity


@pytest.mark.parametrize(
    ("papers", "needed", "code", "passed"),
    [
        (Papers(), False, "document_not_asked", True),
        (Papers(), True, "document_missing", False),
        (Papers(asked=True), False, "document_missing", False),
        (Papers(waiting=True), False, "document_waiting", True),
        (Papers(waiting=True), True, "document_waiting", False),
        (Papers(accepted=True), True, "document_valid", True),
        (Papers(accepted=True, valid_until=date(2026, 5, 5)), False, "document_valid", True),
        (Papers(accepted=True, valid_until=date(2026, 5, 4)), False, "document_expiring", False),
        (Papers(expired_on=date(2026, 3, 4)), False, "document_expired", False),
        (Papers(expired_on=date(2026, 3, 4), waiting=True), False, "document_expired", False),
        (Papers(rejected=True, waiting=True), False, "document_rejected", False),
        (
            Papers(accepted=True, valid_until=date(2031, 1, 1), expired_on=date(2026, 3, 4)),
            True, "document_valid", True,
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_the_papers(
    subject: Callable[..., Subject], papers: Papers, needed: bool, code: str, passed: bool
) -> None:
    found = document_validity(subject(papers=papers, needs_paper=needed))
    assert (found.code, found.passed) == (code, passed)
