"""
`screening_speed`: names a second against the lists, in one process, with explained scores.

Baseline: a scan of all listed names by rapidfuzz's token_sort_ratio, the plain way.
"""

import random
from collections.abc import Sequence

from rapidfuzz import fuzz, process, utils

from benchmarks import listed
from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, exponent
from kyc import screening
from kyc.features import Party
from kyc.models import WatchlistName

NAME = "screening_speed"
PROMISE = "At least 1,500 names a second, explained; one alone within 10 ms in 99 of 100 cases."
ROWS = (2_000, 10_000, 50_000)
CHUNK = 500
#: So many are also asked of the scan, and so many one by one.
SCANNED, ALONE = 100, 500


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size is how many names are screened: one in ten a listed one, with typing errors."""
    result = Result(NAME, PROMISE)
    result.notes.append(listed.load(say))
    rng = random.Random(11)
    names = [utils.default_process(one) for one in
             WatchlistName.objects.values_list("name", flat=True)]  # fmt: skip
    screening.screen(parties=[Party(("Warm Up",), "person")])
    points = []
    for size in sizes:
        some = listed.listed_names(rng, size // 10, watchlist="OFAC")
        queries = [*listed.with_typos(rng, some), *listed.innocent(rng, size - size // 10)]
        rng.shuffle(queries)
        parties = [Party((one.name,), one.kind) for one in queries]
        say(f"{size} names")
        with PeakMemory() as memory, clock() as seconds:
            for start in range(0, size, CHUNK):
                screening.screen(parties=parties[start : start + CHUNK])
        with clock() as scan:
            for one in queries[:SCANNED]:
                process.extract(utils.default_process(one.name), names, limit=10,
                                scorer=fuzz.token_sort_ratio)  # fmt: skip
        rate, baseline = size / seconds(), min(SCANNED, size) / scan()
        points.append((size, seconds()))
        result.measures.append(
            Measure("in chunks of 500", size, round(rate), round(baseline, 1), "names/s",
                    "scan by token_sort_ratio", round(rate / baseline, 1), memory.grown_mb)
        )  # fmt: skip
    result.notes.append(_alone(parties[:ALONE]))
    if (slope := exponent(points)) is not None:
        result.exponents["seconds by names"] = slope
    return result


def _alone(parties: Sequence[Party]) -> str:
    times = []
    for one in parties:
        with clock() as seconds:
            screening.screen(parties=[one])
        times.append(seconds())
    times.sort()
    return (
        f"one alone: median {times[len(times) // 2] * 1000:.1f} ms,"
        f" p99 {times[int(len(times) * 0.99)] * 1000:.1f} ms"
    )
