"""
Touchpoints in columns: what mining reads.

A journey of some size has a Parquet file in this machine's data folder, in which the events of a
case stand together in order of time. It is only ever a copy: it can be deleted at any time and is
made again, and every machine has its own. Beside it stands up to which transaction it was read.
A reader adds what came later from the table: the cases that any later transaction touched are left
out of the file and read anew, so a report is always of this moment. The mark is the oldest
transaction that was still running (`pg_snapshot_xmin`), below which nothing can appear any more.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
from django.conf import settings
from django.db import connection

from journeys.models import Journey, JourneyFeed

#: Journeys smaller than this are read from the table.
LARGE = 20_000
# So many changed cases are worth writing the file again.
_MANY = 2_000
_FORMAT = 1
_WORDS = ("activity", "transition", "channel", "actor")
_ROW = {
    "case_id": pl.String,
    "activity": pl.String,
    "at": pl.Int64,
    "ended_at": pl.Int64,
    "position": pl.Int64,
    "transition": pl.String,
    "channel": pl.String,
    "actor": pl.String,
    "cost": pl.Float64,
    "sentiment": pl.Int8,
    "customer_id": pl.String,
    "restricted": pl.Boolean,
}
_SELECT = """
SELECT t.case_id, t.activity, (extract(epoch FROM t.at) * 1000000)::bigint,
    (extract(epoch FROM coalesce(t.ended_at, t.at)) * 1000000)::bigint, t.position,
    t.transition, t.channel, t.actor, t.cost, t.sentiment, coalesce(t.customer_id::text, ''),
    t.restricted::text
FROM journeys_touchpoint t
"""


@dataclass(frozen=True)
class Columns:
    """
    A journey's events; those of a case stand together in order of time, ties in file order.

    :param frame: times in microseconds; `activity`, `transition`, `channel` and `actor` are
        places in `words`; `case` numbers the cases; `customer_id` is empty where there is none
    """

    frame: pl.LazyFrame
    words: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class _Kept:
    path: Path
    mark: int
    cases: int
    rows: int
    words: Mapping[str, list[str]]


def columns_of(*, journey: Journey) -> Columns:
    """Every event of the journey as it stands now."""
    kept = _kept(journey)
    if kept is None:
        if JourneyFeed.objects.filter(journey=journey, events__gte=LARGE).exists():
            kept = _rebuild(journey)
        else:
            return _whole(journey)
    touched = _touched(journey, kept.mark)
    if len(touched) > _MANY:
        kept = _advance(journey, kept, touched)
        touched = _touched(journey, kept.mark)
    if not touched:
        return Columns(pl.scan_parquet(kept.path), kept.words)
    words = {name: list(found) for name, found in kept.words.items()}
    fresh = _encoded(_rows_of(journey, touched), words, kept.cases)
    base = pl.scan_parquet(kept.path).filter(~pl.col("case_id").is_in(touched))
    return Columns(pl.concat([base, fresh.lazy()]), words)


def refresh(*, journey: Journey) -> int:
    """Bring the file up to the present, or make it; how many events it holds."""
    kept = _kept(journey)
    if kept is None:
        return _rebuild(journey).rows
    touched = _touched(journey, kept.mark)
    return (_advance(journey, kept, touched) if touched else kept).rows


def forget(*, journey: Journey) -> None:
    """Delete the file; the next reader makes it again."""
    folder = _folder(journey)
    for path in folder.glob("*") if folder.exists() else ():
        path.unlink(missing_ok=True)


def _whole(journey: Journey) -> Columns:
    words: dict[str, list[str]] = {name: [] for name in _WORDS}
    rows = _read(f"{_SELECT} WHERE t.journey_id = %s", [journey.pk])
    return Columns(_encoded(rows, words, 0).lazy(), words)


def _rebuild(journey: Journey) -> _Kept:
    mark = _oldest_running()
    words: dict[str, list[str]] = {name: [] for name in _WORDS}
    rows = _read(f"{_SELECT} WHERE t.journey_id = %s AND t.xact_id < %s", [journey.pk, mark])
    return _write(journey, _encoded(rows, words, 0), words, mark)


def _advance(journey: Journey, kept: _Kept, touched: Sequence[str]) -> _Kept:
    """The file without the touched cases, and these as the transactions before the mark left them."""
    mark = _oldest_running()
    words = {name: list(found) for name, found in kept.words.items()}
    fresh = _encoded(_rows_of(journey, touched, below=mark), words, kept.cases)
    base = pl.read_parquet(kept.path).filter(~pl.col("case_id").is_in(touched))
    return _write(journey, pl.concat([base, fresh]), words, mark)


def _touched(journey: Journey, mark: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT case_id FROM journeys_touchpoint"
            " WHERE journey_id = %(journey)s AND xact_id >= %(mark)s"
            " UNION SELECT case_id FROM journeys_touchedcase"
            " WHERE journey_id = %(journey)s AND xact_id >= %(mark)s",
            {"journey": journey.pk, "mark": mark},
        )
        return [row[0] for row in cursor.fetchall()]


def _rows_of(journey: Journey, cases: Sequence[str], below: int = 2**63 - 1) -> pl.DataFrame:
    return _read(
        f"{_SELECT} JOIN unnest(%s::varchar[]) AS wanted (case_id) USING (case_id)"
        " WHERE t.journey_id = %s AND t.xact_id < %s",
        [list(cases), journey.pk, below],
    )


def _read(sql: str, params: Sequence[Any]) -> pl.DataFrame:
    # By way of a file: a journey may be larger than what one wants to hold as text.
    quoted = "FORCE_QUOTE (case_id, activity, transition, channel, actor)"
    with connection.cursor() as cursor, tempfile.NamedTemporaryFile(suffix=".csv") as file:
        statement = cursor.mogrify(sql, params).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, {quoted})", file)
        file.flush()
        if not file.tell():
            return pl.DataFrame(schema=_ROW)
        return pl.read_csv(file.name, has_header=False, schema=_ROW)


def _encoded(rows: pl.DataFrame, words: dict[str, list[str]], cases: int) -> pl.DataFrame:
    """Rows in order, with numbers instead of words and cases; new words join `words`."""
    for name in _WORDS:
        known = set(words[name])
        found = rows.get_column(name).unique().to_list()
        words[name] += sorted(word for word in found if word not in known)
    new_case = (pl.col("case_id") != pl.col("case_id").shift()).fill_null(value=True)
    return rows.sort("case_id", "at", "position", maintain_order=True).with_columns(
        (new_case.cum_sum() + (cases - 1)).cast(pl.UInt32).alias("case"),
        *(
            pl.col(name).cast(pl.Enum(words[name])).to_physical().cast(pl.UInt32).alias(name)
            for name in _WORDS
        ),
    )


def _write(journey: Journey, frame: pl.DataFrame, words: dict[str, list[str]], mark: int) -> _Kept:
    folder = _folder(journey)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{mark}-{uuid4().hex[:8]}.parquet"
    frame.write_parquet(folder / name, compression="lz4")
    highest = frame.get_column("case").max()
    note = {
        "format": _FORMAT,
        "database": _database(),
        "file": name,
        "mark": mark,
        "cases": int(highest) + 1 if isinstance(highest, int) else 0,
        "rows": frame.height,
        "words": words,
    }
    partial = folder / f"{name}.json"
    partial.write_text(json.dumps(note))
    before = _kept(journey)
    partial.replace(folder / "current.json")
    for path in folder.glob("*.parquet"):
        # Whoever reads the one before may go on; those before that are gone.
        if path.name != name and (before is None or path != before.path):
            path.unlink(missing_ok=True)
    return _Kept(folder / name, mark, note["cases"], frame.height, words)  # type: ignore[arg-type]


def _kept(journey: Journey) -> _Kept | None:
    """The file, if there is one that can be believed; whatever is odd about it discards it."""
    folder = _folder(journey)
    try:
        note = json.loads((folder / "current.json").read_text())
        path = folder / note["file"]
        if note["format"] != _FORMAT or note["database"] != _database() or not path.exists():
            return None
        # A database put back from a copy counts its transactions from before.
        if note["mark"] > _oldest_running() or pl.read_parquet_schema(path).keys() < _ROW.keys():
            return None
        return _Kept(path, note["mark"], note["cases"], note["rows"], note["words"])
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None


def _folder(journey: Journey) -> Path:
    return Path(settings.CLM_DATA_DIR) / "columns" / str(journey.pk)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system())::text || ':' || oid"
            " FROM pg_database WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0])


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
