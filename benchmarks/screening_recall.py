"""
`screening_recall`: how many listed names are found, written otherwise, while one innocent name in
a hundred alerts.

Baseline: PostgreSQL's `pg_trgm` similarity over the same names, at its own threshold for 1 %.
"""

import os
import random
from collections.abc import Sequence
from contextlib import closing
from uuid import UUID

import psycopg2

from benchmarks import listed
from benchmarks.kit import Measure, Result, Say
from benchmarks.listed import Query
from kyc import screening
from kyc.features import Party
from kyc.matching import THRESHOLD

NAME = "screening_recall"
PROMISE = "At 1 % alerts: clean names 0.995, with typos 0.97, another list's alias 0.68."
ROWS = (1_000,)
ALERTS = 0.01
_FLOOR = 0.3
#: So many of each kind are also asked of the baseline, which is slow.
BASELINE = 200


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size is how many names of a kind are asked."""
    result = Result(NAME, PROMISE)
    result.notes.append(listed.load(say))
    for size in sizes:
        rng = random.Random(7)
        clean = listed.listed_names(rng, size, watchlist="UN")
        kinds = {
            "clean names": clean,
            "other order": listed.reordered(clean),
            "typos": listed.with_typos(rng, clean),
            "another list's alias": listed.other_lists_aliases(rng, size),
        }
        nobody = listed.innocent(rng, 2 * size)
        say(f"{size} names of each kind, {len(nobody)} innocent ones")
        alert = _threshold([_best(one) for one in _screened(nobody)])
        say("pg_trgm")
        few = {kind: queries[:BASELINE] for kind, queries in kinds.items()}
        with _Trigrams() as trigrams:
            their_alert = _threshold([trigrams.best(one) for one in nobody[:: size // 100 or 1]])
            theirs = {kind: trigrams.recall(asked, their_alert) for kind, asked in few.items()}
        for kind, queries in kinds.items():
            found = _screened(queries)
            ours = _recall(queries, found, alert)
            result.measures.append(
                Measure(
                    kind, len(queries), round(ours, 4), round(theirs[kind], 4), "recall",
                    f"pg_trgm, {len(few[kind])} of them",
                    round(ours / theirs[kind], 3) if theirs[kind] else 0.0,
                )
            )  # fmt: skip
            result.notes.append(
                f"{kind}: {_recall(queries, found, THRESHOLD):.4f} at the default threshold"
            )
        rate = sum(_best(one) >= THRESHOLD for one in _screened(nobody)) / len(nobody)
        result.notes.append(
            f"1 % of the innocent alert from {alert:.3f} on, {rate:.2%} from {THRESHOLD:.2f}"
        )
    return result


def _screened(queries: Sequence[Query]) -> list[dict[UUID, float]]:
    parties = [Party((one.name,), one.kind) for one in queries]
    found = screening.screen(parties=parties, threshold=_FLOOR)
    return [{each.entry.pk: each.score for each in one} for one in found]


def _best(found: dict[UUID, float]) -> float:
    return max(found.values(), default=0.0)


def _recall(queries: Sequence[Query], found: list[dict[UUID, float]], threshold: float) -> float:
    hit = sum(
        any(scores.get(entry, 0.0) >= threshold for entry in one.entries)
        for one, scores in zip(queries, found, strict=True)
    )
    return hit / max(len(queries), 1)


def _threshold(best: list[float]) -> float:
    """The lowest score that at most one in a hundred of the innocent reaches."""
    ranked = sorted(best, reverse=True)
    return ranked[int(len(ranked) * ALERTS)] + 1e-6


class _Trigrams:
    """The same names in a table of their own, asked by similarity."""

    def __enter__(self) -> "_Trigrams":
        # The application's role may not make tables.
        self._connection = psycopg2.connect(os.environ["MIGRATE_DATABASE_URL"])
        self._cursor = self._connection.cursor()
        # Taken back with the transaction: the product does not use it.
        self._cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        self._cursor.execute(
            "CREATE TEMPORARY TABLE bench_names AS SELECT entry_id, lower(name) AS name"
            " FROM kyc_watchlistname"
        )
        return self

    def __exit__(self, *args: object) -> None:
        self._cursor.close()
        with closing(self._connection):
            self._connection.rollback()

    def best(self, query: Query) -> float:
        self._cursor.execute(
            "SELECT max(similarity(name, lower(%s))) FROM bench_names", [query.name]
        )
        return self._one()

    def _one(self) -> float:
        row = self._cursor.fetchone()
        return row[0] or 0.0 if row else 0.0

    def recall(self, queries: Sequence[Query], threshold: float) -> float:
        hit = 0
        for one in queries:
            self._cursor.execute(
                "SELECT max(similarity(name, lower(%s))) FROM bench_names"
                " WHERE entry_id = ANY(%s::uuid[])",
                [one.name, [str(entry) for entry in one.entries]],
            )
            hit += self._one() >= threshold
        return hit / max(len(queries), 1)
