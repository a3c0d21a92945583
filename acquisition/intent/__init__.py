"""
How much a lead wants it: points for what they did, one feature a module, found by themselves.

A feature is a pure function of a `Behaviour`; the score is the sum of its points, so that each
reason stands beside what it is worth. Only what the lead did towards the bank counts: nothing of
who they are, and nothing that compliance knows.
"""

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

#: From so many points on a lead is called warm, and hot.
WARM, HOT = 30, 60
BANDS = {"hot": _("Hot"), "warm": _("Warm"), "cold": _("Cold")}


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing the lead did, or that was done with them."""

    at: datetime
    kind: str
    product_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the features look at; `touches` are none that lie after `at`."""

    at: datetime
    captured_at: datetime
    channel: str
    product_id: UUID | None
    reachable_by: int
    touches: tuple[Touch, ...] = ()

    @property
    def last_at(self) -> datetime:
        return max((one.at for one in self.touches), default=self.captured_at)

    def within(self, days: int) -> tuple[Touch, ...]:
        """The touches of the last so many days."""
        since = self.at - timedelta(days=days)
        return tuple(one for one in self.touches if one.at > since)

    def did(self, *kinds: str, days: int = 90) -> int:
        """How often one of these was done in the last so many days."""
        return sum(1 for one in self.within(days) if one.kind in kinds)


Run = Callable[[Behaviour], int]


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature under its code; its docstring is what people read."""

    code: str
    label: Any
    run: Run

    @property
    def says(self) -> str:
        return " ".join((self.run.__doc__ or "").split())


@dataclass(frozen=True, slots=True)
class Point:
    feature: Feature
    points: int


@dataclass(frozen=True, slots=True)
class Intent:
    """The score and what it is made of; features that say nothing are left out."""

    points: int
    parts: tuple[Point, ...]

    @property
    def code(self) -> str:
        return "hot" if self.points >= HOT else "warm" if self.points >= WARM else "cold"

    @property
    def band(self) -> Any:
        return BANDS[self.code]


_features: dict[str, Feature] = {}


def register(code: str, *, label: Any) -> Callable[[Run], Run]:
    """Decorator of a feature's function."""

    def keep(run: Run) -> Run:
        _features[code] = Feature(code, label, run)
        return run

    return keep


@cache
def features() -> tuple[Feature, ...]:
    """Every feature, by code."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return tuple(_features[code] for code in sorted(_features))


def score(behaviour: Behaviour, using: Iterable[Feature] | None = None) -> Intent:
    """What a lead's behaviour is worth, the weightiest first."""
    parts = [Point(one, one.run(behaviour)) for one in using or features()]
    said = sorted((one for one in parts if one.points), key=lambda one: -abs(one.points))
    return Intent(sum(one.points for one in said), tuple(said))
