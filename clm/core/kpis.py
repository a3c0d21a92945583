"""
Key figures: what each means, how it is computed, who answers for it.

Apps register theirs; whoever shows figures or keeps their history reads the registry and imports
none of them. A figure says nothing of any one customer; `url` leads to who is behind it, and that
page decides who may look.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Literal, Protocol

from clm.core import actors
from clm.core.models import User
from clm.core.registries import Registry

Unit = Literal["count", "share", "days", "seconds", "ratio", "money", "points"]
Family = Literal[
    "life_cycle", "compliance", "profitability", "liquidity", "efficiency", "valuation", "leverage"
]


class Compute(Protocol):
    def __call__(self, *, at: datetime) -> float | None: ...


@dataclass(frozen=True)
class Kpi:
    """
    One key figure.

    :param name: `<app>.<figure>`, for ever
    :param definition: what it says, in a sentence
    :param unit: a count, a share of 1, days, seconds, how often one goes into the other, money in
        the currency of the bank, or points from -100 to 100
    :param formula: how it is computed, readable by who knows no code
    :param source: the records it is computed from
    :param owner: the role that answers for it, a key of `clm.roles.ROLES`
    :param better: whether more of it is better, or less
    :param compute: the figure at an instant; None where there is nothing to compute it from
    :param url: the page behind it, with what it needs; empty where there is none
    :param permission: who may see it
    :param family: which figures it stands among
    :param dated: whether it can be computed for a past instant as well as for the present
    """

    name: str
    label: Any
    definition: Any
    unit: Unit
    formula: Any
    source: Any
    owner: str
    better: Literal["more", "less"]
    compute: Compute
    url: Callable[[], str]
    permission: str = ""
    family: Family = "life_cycle"
    dated: bool = False


kpis: Registry[Kpi] = Registry(key=lambda entry: entry.name)


def register_folder(*, package: ModuleType) -> None:
    """Register every figure of a folder: each of its modules has one, as `KPI`."""
    for found in iter_modules(package.__path__):
        kpi: Kpi = import_module(f"{package.__name__}.{found.name}").KPI
        kpis.register(kpi)


def visible_kpis(*, actor: User) -> list[Kpi]:
    """The figures that somebody may see, in the order in which they were registered."""
    return [one for one in kpis if actors.may(actor=actor, permission=one.permission)]
