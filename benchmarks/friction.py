"""
`friction`: one call that gives the whole report of a log, from the columns kept beside the table.

Baseline: the directly-follows graph alone with median and 90th percentile, written by hand in
polars on the same events in the order in which they came (unsorted), in memory. It also says what
polars needs when somebody has sorted them before.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, exponent
from journeys.mining import Log, mine

NAME = "friction"
PROMISE = "All of the report in at most 1.5 times polars' directly-follows graph alone."
ROWS = (520_000, 1_560_000, 5_200_000)
_STEPS, _LENGTH = 24, 20


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size from the sorted file and from memory unsorted."""
    result = Result(NAME, PROMISE)
    points: list[tuple[int, float]] = []
    for size in sizes:
        say(f"{size} events")
        events = _events(size)
        with clock() as base:
            wanted = _by_polars(events.lazy().sort("case", "at", maintain_order=True))
        ordered = events.sort("case", "at", maintain_order=True)
        with clock() as sorted_base:
            _by_polars(ordered.lazy())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.parquet"
            ordered.write_parquet(path, compression="lz4")
            with PeakMemory() as memory, clock() as kept:
                report = mine(_log(pl.read_parquet(path)))
        _same(report["edges"], wanted)
        points.append((size, kept()))
        with clock() as unsorted:
            mine(_log(events))
        for what, seconds, baseline, name, grown in (
            ("report from the file", kept(), base(), "polars, graph alone, unsorted", memory.grown_mb),
            ("report from unsorted", unsorted(), base(), "polars, graph alone, unsorted", None),
            ("report from the file", kept(), sorted_base(), "polars, graph alone, sorted before", None),
        ):  # fmt: skip
            result.measures.append(
                Measure(
                    what, size, round(seconds, 3), round(baseline, 3), "s", name,
                    round(seconds / baseline, 3), grown,
                )
            )  # fmt: skip
    if (slope := exponent(points)) is not None:
        result.exponents["seconds by events"] = slope
    result.notes.append("The ratio is our seconds over the baseline's: at most 1.5 is promised.")
    return result


def _events(size: int) -> pl.DataFrame:
    """Cases of twenty events on the average, some steps much more frequent, shuffled."""
    rng = np.random.default_rng(7)
    cases = rng.integers(0, max(size // _LENGTH, 1), size)
    popular = np.minimum(rng.geometric(0.15, size) - 1, _STEPS - 1)
    return pl.DataFrame(
        {
            "case": cases.astype(np.uint32),
            "activity": popular.astype(np.uint32),
            "at": rng.integers(0, 10**15, size),
        }
    )


def _by_polars(events: pl.LazyFrame) -> pl.DataFrame:
    wait = (pl.col("at").shift(-1) - pl.col("at")).alias("wait")
    return (
        events.with_columns(
            pl.col("activity").shift(-1).alias("next"), pl.col("case").shift(-1).alias("same"), wait
        )
        .filter(pl.col("case") == pl.col("same"))
        .group_by("activity", "next")
        .agg(
            pl.len().alias("count"),
            pl.col("wait").median().alias("median"),
            pl.col("wait").quantile(0.9, interpolation="linear").alias("p90"),
        )
        .collect()
    )


def _log(events: pl.DataFrame) -> Log:
    starts = events.get_column("at").to_numpy()
    return Log(
        cases=events.get_column("case").to_numpy().astype(np.int64),
        activities=events.get_column("activity").to_numpy().astype(np.int64),
        starts=starts,
        ends=starts,
        names=[f"step {number}" for number in range(_STEPS)],
    )


def _same(edges: list[dict[str, Any]], wanted: pl.DataFrame) -> None:
    """The fast answer is only worth something where it is the right one."""
    found = {(one["source"], one["target"]): one for one in edges}
    for source, target, count, median, p90 in wanted.iter_rows():
        edge = found.pop((f"step {source}", f"step {target}"))
        near = np.allclose((edge["median_s"], edge["p90_s"]), (median / 1e6, p90 / 1e6), rtol=1e-9)
        if edge["count"] != count or not near:
            raise RuntimeError(f"{edge} instead of {count}, {median}, {p90}")
    if found:
        raise RuntimeError(f"{len(found)} edges too many")
