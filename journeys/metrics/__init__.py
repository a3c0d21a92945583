"""
What can be measured on a log, one metric a file, found by themselves.

A metric's `compute` is a pure function of an `Ordered` log and of what it names besides; its
docstring is what people read about it.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Metric:
    """
    One metric.

    :param name: the name of its file
    :param title: what people call it, in the reader's language
    """

    name: str
    title: Any
    compute: Callable[..., Any]

    @property
    def meaning(self) -> str:
        """Its definition, as people read it."""
        return " ".join((self.compute.__doc__ or "").split(":param")[0].split())


@cache
def metrics() -> tuple[Metric, ...]:
    """Every metric, by name."""
    modules = [import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)]
    return tuple(
        Metric(module.__name__.rpartition(".")[2], module.TITLE, module.compute)
        for module in sorted(modules, key=lambda one: one.__name__)
    )
