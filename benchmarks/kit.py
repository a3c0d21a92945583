"""What the benchmarks share: finding them, timing, and the shape of a result."""

import importlib
import io
import math
import os
import pkgutil
import platform
import resource
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any, Protocol

import psycopg2
from django.db import models

import benchmarks

Say = Callable[[str], None]


@dataclass
class Measure:
    """
    One figure beside its baseline.

    :param ratio: ours over the baseline where more is better, the other way round where less is
    """

    what: str
    size: int
    ours: float
    baseline: float
    unit: str
    baseline_name: str
    ratio: float
    memory_mb: float | None = None


@dataclass
class Result:
    """
    What a run found.

    :param exponents: how cost grows with size, by what was measured: 1 is linear
    """

    name: str
    promise: str
    measures: list[Measure] = field(default_factory=list)
    exponents: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "machine": machine()}


class Benchmark(Protocol):
    NAME: str
    PROMISE: str
    ROWS: tuple[int, ...]

    @staticmethod
    def run(*, sizes: Sequence[int], say: Say) -> Result: ...


def found() -> dict[str, Any]:
    """The benchmarks of this folder, by name."""
    modules = (
        importlib.import_module(f"benchmarks.{one.name}")
        for one in pkgutil.iter_modules(benchmarks.__path__)
        # A server of its own, which changes the settings of whoever imports it.
        if not one.name.startswith("stock")
    )
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}


def machine() -> dict[str, Any]:
    packages = ("django", "djangorestframework", "psycopg2-binary", "scikit-learn", "pandas")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "python": platform.python_version(),
        "cores": cores,
        "load_before": [round(one, 2) for one in os.getloadavg()],
        "packages": {name: version(name) for name in packages},
    }


@contextmanager
def clock() -> Iterator[Callable[[], float]]:
    """`with clock() as seconds: …; seconds()` is the time spent in the block."""
    start = time.perf_counter()
    end: list[float] = []
    yield lambda: (end[0] if end else time.perf_counter()) - start
    end.append(time.perf_counter())


def exponent(points: Sequence[tuple[int, float]]) -> float | None:
    """The slope of log(seconds) over log(size), by least squares; None for a single size."""
    if len({size for size, _seconds in points}) < 2:
        return None
    xs = [math.log(size) for size, _seconds in points]
    ys = [math.log(max(seconds, 1e-9)) for _size, seconds in points]
    x0, y0 = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - x0) * (y - y0) for x, y in zip(xs, ys, strict=True))
    return round(over / sum((x - x0) ** 2 for x in xs), 3)


def copy_rate(model: type[models.Model], size: int) -> float:
    """Rows a second of COPY into a table with the model's columns and indexes, as the owner."""
    table = model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    out = io.BytesIO()
    # The application's role may not make tables.
    with (
        closing(psycopg2.connect(os.environ["MIGRATE_DATABASE_URL"])) as owner,
        owner.cursor() as cursor,
    ):
        cursor.execute(f"CREATE TEMPORARY TABLE bench_copy (LIKE {table} INCLUDING ALL)")
        cursor.copy_expert(
            f"COPY (SELECT {columns} FROM {table} ORDER BY id DESC LIMIT {size}) TO STDOUT", out
        )
        out.seek(0)
        with clock() as seconds:
            cursor.copy_expert(f"COPY bench_copy ({columns}) FROM STDIN", out)
    return size / seconds()


class PeakMemory:
    """The highest resident size of this process while the block runs, in MB above its start."""

    def __enter__(self) -> "PeakMemory":
        self._stop = threading.Event()
        self._start = self._peak = _resident()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stop.set()
        self._watch.join()

    @property
    def grown_mb(self) -> float:
        return round((self._peak - self._start) / 1e6, 1)

    def _look(self) -> None:
        while not self._stop.wait(0.05):
            self._peak = max(self._peak, _resident())


def _resident() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
