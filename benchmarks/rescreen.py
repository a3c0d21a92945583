"""
`rescreen`: customers against all that the UN's list names, as if it were new, by the job that a
list's load starts; a delta of some 1,000 entries with 4,300 names.

Baseline: the full product, every customer's name against every name in force.
"""

import random
from collections.abc import Sequence
from datetime import date
from itertools import islice

from django.utils import timezone

from benchmarks import listed
from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, exponent
from clm.core import actors, jobs
from clm.core.models import Job
from clm.demobank.people import people
from customers.models import Customer
from customers.services import drafts
from kyc import index
from kyc.models import WatchlistEntry, WatchlistVersion

NAME = "rescreen"
PROMISE = "1,000,000 customers within 60 s by two workers, in 2 GB."
ROWS = (10_000, 100_000)
PART = 10_000


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size is how many customers the bank has; they are added up to it."""
    result = Result(NAME, PROMISE)
    result.notes.append(listed.load(say))
    version = _delta()
    points = []
    for size in sorted(sizes):
        _customers(size, say)
        say(f"{size} customers")
        count = Customer.objects.count()
        job = Job.objects.create(
            kind="kyc.rescreen", parameters={"version_id": str(version.pk)},
            created_by=actors.system_user(), created_at=timezone.now(),
        )  # fmt: skip
        with PeakMemory() as memory, clock() as seconds:
            job = jobs.run(job=job, at=timezone.now())
        if (job.state, job.done) != (Job.State.DONE, count):
            raise RuntimeError(f"{job.state} after {job.done} of {count}: {job.message}")
        names = Customer.objects.order_by("pk").values_list("given_names", "family_name")[:PART]
        asked = [f"{given} {family}" for given, family in names]
        with clock() as full:
            index.current().near(asked)
        rate, baseline = count / seconds(), len(asked) / full()
        points.append((count, seconds()))
        result.measures.append(
            Measure("one process, the whole job", count, round(rate), round(baseline),
                    "customers/s", "candidates among all names", round(rate / baseline, 2),
                    memory.grown_mb)
        )  # fmt: skip
    if (slope := exponent(points)) is not None:
        result.exponents["seconds by customers"] = slope
    return result


def _delta() -> WatchlistVersion:
    """The version loaded last, as if it had brought all its entries."""
    version = WatchlistVersion.objects.order_by("-loaded_at").first()
    if version is None:
        raise RuntimeError("No list was loaded.")
    entries = WatchlistEntry.objects.filter(watchlist=version.watchlist, removed_in=None)
    entries.exclude(changed_in=None).update(changed_in=version)
    return version


def _customers(size: int, say: Say) -> None:
    missing = size - Customer.objects.count()
    if missing <= 0:
        return
    say(f"Adding {missing} customers")
    rng = random.Random(3)
    found = people(rng, branch="aarhus", today=date(2026, 1, 1))
    at = timezone.now()
    while missing > 0:
        part = list(islice(found, min(missing, PART)))
        drafts.store(
            drafts=[
                drafts.draft(
                    kind="person", given_names=one.given_names, family_name=one.family_name,
                    born_on=one.born_on, nationalities=["DK"], residence_country="DK",
                    stage="UNADMITTED",
                )
                for one in part
            ],
            actor=actors.system_user(), at=at, source="bench", validate=False,
        )  # fmt: skip
        missing -= len(part)
