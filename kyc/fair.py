"""Sharing work out fairly: each piece to whoever has the least to do for the time they have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

#: Work that is late, or due within a working day, weighs double; what waits for a customer half.
PRESSING, PAUSED = 2.0, 0.5


@dataclass(frozen=True, slots=True)
class Hand:
    """
    Somebody at work.

    :param hours: what is on their desk already, in weighted hours
    :param hours_a_week: the time they have for it
    """

    key: UUID
    name: str
    hours: float
    hours_a_week: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work in weighted hours, and who may not have it."""

    key: UUID
    hours: float
    barred: Collection[UUID] = ()


def share(*, pieces: Sequence[Piece], hands: Sequence[Hand]) -> dict[UUID, UUID | None]:
    """
    Who gets each piece, in the order given; None where nobody may have it.

    The least loaded is whose weighted hours, with the piece, are the smallest part of their week;
    of equals the one whose name comes first, so that the same question has the same answer.
    """
    desk = {one.key: one.hours for one in hands}
    able = sorted((one for one in hands if one.hours_a_week > 0), key=lambda one: one.name)
    found: dict[UUID, UUID | None] = {}
    for piece in pieces:
        allowed = [one for one in able if one.key not in piece.barred]
        best = min(
            allowed,
            key=lambda one: round((desk[one.key] + piece.hours) / one.hours_a_week, 9),
            default=None,
        )
        found[piece.key] = best.key if best else None
        if best:
            desk[best.key] += piece.hours
    return found
