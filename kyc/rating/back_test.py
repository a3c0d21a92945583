"""What a draft would do to one customer: the level now and then, and the review that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from kyc.checks import Subject
from kyc.rating.policy import KINDS
from kyc.risk import rate, review_on


class Content(Protocol):
    """What of a risk model is rated by."""

    factors: Any
    levels: Any
    diligence: Any


@dataclass(frozen=True, slots=True)
class Move:
    """
    One customer under two models.

    :param points: before and after
    :param added: codes of the factors that apply now and did not, `gone` the other way round
    :param review: the next review under the draft; never later than it stands
    :param due: whether the draft makes a review due at once
    """

    before: str
    after: str
    points: tuple[float, float]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    review: date | None
    due: bool

    @property
    def moves(self) -> bool:
        return self.before != self.after


def compare(
    *, subject: Subject, now: Content, draft: Content, review: date | None, today: date
) -> Move:
    """
    The customer under the model in force and under a draft, on the same facts.

    The interval counts from the last review. A shorter one brings the next review forward by the
    years it is shorter; who comes under stricter due diligence is reviewed at once, as what it
    asks has never been asked.
    """
    before = rate(subject=subject, factors=now.factors, levels=now.levels)
    after = rate(subject=subject, factors=draft.factors, levels=draft.levels)
    codes = [{one["code"] for one in rating.factors} for rating in (before, after)]
    was, becomes = now.diligence[before.level], draft.diligence[after.level]
    next_review = brought_forward(review=review, was=was, becomes=becomes)
    stricter = _depth(becomes) > _depth(was)
    waits = review is not None and review > today
    due = waits and (stricter or (next_review is not None and next_review <= today))
    return Move(
        before=before.level,
        after=after.level,
        points=(before.score, after.score),
        added=tuple(sorted(codes[1] - codes[0])),
        gone=tuple(sorted(codes[0] - codes[1])),
        review=min(today, next_review) if due and next_review is not None else next_review,
        due=due,
    )


def brought_forward(
    *, review: date | None, was: Mapping[str, Any], becomes: Mapping[str, Any]
) -> date | None:
    """The date of a review whose interval becomes another; a longer one moves nothing."""
    fewer = int(was["years"]) - int(becomes["years"])
    if review is None or fewer <= 0:
        return review
    return review_on(years=-fewer, today=review)


def _depth(diligence: Mapping[str, Any]) -> int:
    return list(KINDS).index(diligence["kind"])
