"""How much a lead wants it: each feature says what it is worth, and the score is their sum."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from acquisition import intent, selectors, services
from acquisition.intent import Behaviour, Touch
from clm.core import actors
from tests.factories.acquisition import lead, product

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
LOAN = UUID(int=1)


def behaviour(*did: tuple[str, float], **fields):
    """Somebody who came on the web 200 days ago; `did` are kinds and days ago."""
    touches = tuple(Touch(AT - timedelta(days=days), kind, LOAN) for kind, days in did)
    values = {
        "at": AT, "captured_at": AT - timedelta(days=200), "channel": "social",
        "product_id": None, "reachable_by": 1, "touches": touches, **fields,
    }  # fmt: skip
    return Behaviour(**values)


def points(code, of):
    return next(one.points for one in intent.score(of).parts if one.feature.code == code)


@pytest.mark.parametrize(
    ("code", "of", "worth"),
    [
        ("channel", behaviour(channel="referral"), 15),
        ("recency", behaviour(("visit", 3)), 20),
        ("recency", behaviour(("visit", 3.1)), 12),
        ("recency", behaviour(("visit", 14)), 6),
        ("silence", behaviour(("visit", 31)), -10),
        ("silence", behaviour(), -25),
        ("product_page", behaviour(*[("product_page", 20)] * 4, product_id=LOAN), 15),
        ("calculator", behaviour(("calculator", 60)), 12),
        ("conversation", behaviour(("call", 20), ("meeting", 40)), 20),
        ("conversation", behaviour(("call", 20)), 15),
        ("returning", behaviour(("visit", 1), ("visit", 2), ("visit", 2)), 4),
        ("mail", behaviour(("email_open", 5)), 3),
        ("mail", behaviour(("email_open", 5), ("email_click", 5)), 8),
        ("reachable", behaviour(reachable_by=2), 6),
        ("named_product", behaviour(product_id=LOAN), 8),
    ],
)
def test_each_feature_is_worth_what_it_says(code, of, worth):
    assert points(code, of) == worth


def test_a_score_is_the_sum_of_what_is_shown_and_every_feature_says_what_it_does():
    found = intent.score(behaviour(("calculator", 1), ("meeting", 1), product_id=LOAN))
    assert found.points == sum(one.points for one in found.parts)
    assert (found.code, intent.score(behaviour()).code) == ("hot", "cold")
    assert all(one.says for one in intent.features())


def test_what_lies_ahead_or_long_back_counts_nothing(now, db, django_assert_num_queries):
    made = lead(at=now, product=product(at=now))
    later = now + timedelta(days=2)
    services.note_touch(
        lead=made, kind="meeting", channel="branch", happened_at=later,
        actor=actors.system_user(), at=later,
    )  # fmt: skip
    with django_assert_num_queries(1):
        before = selectors.intents(leads=[made], at=now)[made.pk]
    after = selectors.intents(leads=[made], at=later)[made.pk]
    assert after.points - before.points == 20
