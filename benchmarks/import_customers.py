"""
`import`: customers from CSV, validated, identifiers encrypted, with their events.

Baseline: PostgreSQL's `COPY` of the finished rows into an equally indexed copy of the customer
table alone: no parts, no events, nothing checked.
"""

import csv
import io
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import IO

from django.utils import timezone

from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, copy_rate, exponent
from clm.core import actors, jobs
from clm.core.models import Job
from clm.demobank.people import FAMILIES, MEN, WOMEN
from customers import services
from customers.models import Customer

NAME = "import"
PROMISE = "At least 5,000 rows a second a worker, and memory that stays flat."
ROWS = (10_000, 100_000, 1_000_000)

_COLUMNS = (
    "external_id", "kind", "given_names", "family_name", "born_on", "cpr", "email", "phone",
    "address", "postal_code", "city", "nationalities", "residence_country", "occupation",
)  # fmt: skip


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """
    Import each size under a source system of its own.

    Then, at the first size: looking through a file without writing, the same file once more, and
    a file with a fault in every tenth row.
    """
    result = Result(NAME, PROMISE)
    points = []
    first = 0
    for size in sizes:
        with _file(first, size) as file:
            say(f"Importing {size} rows")
            made, memory = _timed(result, "customers", file, size, created=size)
            points.append((size, made))
            result.measures[-1].memory_mb = memory
        first += size
    if (slope := exponent(points)) is not None:
        result.exponents["seconds by rows"] = slope
    size = sizes[0]
    with _file(first, size) as file:
        say(f"{size} rows looked through, taken in, and once more")
        _timed(result, "dry run", file, size, created=size, dry_run=True)
        _timed(result, "customers, after the others", file, size, created=size)
        _timed(result, "the same file again", file, size, unchanged=size)
    with _file(first + size, size, bad=10) as file:
        say(f"{size} rows with every tenth bad")
        bad = len(range(0, size, 10))
        _timed(result, "every tenth row bad", file, size, created=size - bad, failed=bad)
    return result


def _timed(
    result: Result, what: str, file: IO[bytes], size: int, *, dry_run: bool = False, **wanted: int
) -> tuple[float, float]:
    """Seconds and memory of one import, which has to come out as `wanted`; adds its measure."""
    file.seek(0)
    with PeakMemory() as memory, clock() as seconds:
        job = _import(file, size, dry_run)
    expected = {name: wanted.get(name, 0) for name in job.outcome}
    if job.outcome != expected:
        raise RuntimeError(f"{job.outcome} instead of {expected}: {job.message}")
    rate, baseline = size / seconds(), copy_rate(Customer, size)
    result.measures.append(
        Measure(
            what, size, round(rate, 1), round(baseline, 1), "rows/s",
            "COPY of the customer rows alone, same indexes", round(rate / baseline, 3),
        )
    )  # fmt: skip
    return seconds(), memory.grown_mb


@contextmanager
def _file(first: int, size: int, bad: int = 0) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        file.writelines(_lines(first, size, bad))
        yield file


def _import(stream: IO[bytes], size: int, dry_run: bool) -> Job:
    at = timezone.now()
    job = services.start_import(
        file=stream, file_name="bench.csv", source=f"bench-{size}", actor=actors.system_user(),
        at=at, dry_run=dry_run,
    )  # fmt: skip
    return jobs.run(job=job, at=at)


def _lines(first: int, count: int, bad: int = 0) -> Iterator[bytes]:
    """
    Invented persons; the numbers are valid in form and each is used once.

    :param bad: every so manieth row has a day of birth that is none
    """
    rng = random.Random(first)
    yield ",".join(_COLUMNS).encode() + b"\n"
    for number in range(first, first + count):
        text = io.StringIO()
        born = date(1930, 1, 1) + timedelta(days=number % 25_000)
        # The seventh digit tells the century (CPR-kontoret); 0 to 3 is 1900 to 1999.
        serial = 1000 + number // 25_000
        given = rng.choice(WOMEN if number % 2 else MEN)
        family = rng.choice(FAMILIES)
        csv.writer(text).writerow(
            [
                number, "person", given, family,
                "31-02-1980" if bad and number % bad == first % bad else born.isoformat(),
                f"{born:%d%m%y}{serial:04d}", f"kunde{number}@example.dk", f"+4520{number:06d}"[:11],
                f"Storegade {number % 300}", "8000", "Aarhus C", "DK", "DK", "Lærer",
            ]
        )  # fmt: skip
        yield text.getvalue().encode()
