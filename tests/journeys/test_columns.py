"""The file beside the table always gives what the table gives."""

import io
import time
from datetime import datetime
from typing import Any

import polars as pl
import pytest
from django.db import connection

from clm.core.models import User
from journeys import columns, selectors, services
from journeys.models import TouchedCase, Touchpoint

pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.django_db(transaction=True),
]
HEADER = "case_id,activity,timestamp,channel\n"


@pytest.fixture
def journey(system: User, now: datetime, settings: Any, tmp_path: Any) -> Any:
    settings.CLM_DATA_DIR = tmp_path
    return services.journey_named(name="Loan", actor=system, at=now)


def take_in(journey: Any, system: User, now: datetime, *rows: str) -> None:
    text = HEADER + "".join(f"{row}\n" for row in rows)
    services.import_log(stream=io.BytesIO(text.encode()), journey=journey, actor=system, at=now)


def others_are_done() -> None:
    """What is written now is below the mark only when whoever began before it is done too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        mine = cursor.fetchone()[0]
    deadline = time.monotonic() + 120
    while columns._oldest_running() <= mine:
        assert time.monotonic() < deadline, "another database's transaction does not end"
        time.sleep(0.05)


def report(journey: Any, system: User) -> dict[str, Any]:
    # Without the cache, which would hide what this is about.
    from journeys.mining import mine

    return mine(selectors.load(journey=journey, actor=system).log)


def test_the_file_keeps_up(
    journey: Any, system: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "LARGE", 1)
    take_in(journey, system, now, "1,a,2026-01-01,web", "1,b,2026-01-02,", "2,a,2026-01-01,")
    others_are_done()
    assert columns.refresh(journey=journey) == 3
    kept = columns.columns_of(journey=journey)
    assert kept.words["activity"] == ["a", "b"]
    # What comes later is there at once, in the place where it belongs, and so is what changed.
    take_in(journey, system, now, "1,new,2026-01-01T12:00:00Z,app", "3,a,2026-01-05,")
    Touchpoint.objects.filter(journey=journey, case_id="2").update(case_id="1b")
    Touchpoint.objects.filter(journey=journey, activity="b").delete()
    assert set(TouchedCase.objects.values_list("case_id", flat=True)) == {"2", "1"}
    live = report(journey, system)
    assert (live["events"], live["cases"]) == (4, 3)
    assert {tuple(one["path"]): one["count"] for one in live["variants"]} == {
        ("a",): 2, ("a", "new"): 1,
    }  # fmt: skip
    # Writing it down changes nothing, nor does making it again, nor reading the table alone.
    others_are_done()
    columns.refresh(journey=journey)
    assert pl.scan_parquet(columns._kept(journey).path).select(pl.len()).collect().item() == 4  # type: ignore[union-attr]
    assert report(journey, system) == live
    columns.forget(journey=journey)
    assert report(journey, system) == live
    monkeypatch.setattr(columns, "LARGE", 10**9)
    columns.forget(journey=journey)
    assert report(journey, system) == live


def test_a_transaction_still_running_is_not_skipped(
    journey: Any, system: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that began before the file was written and commits after it."""

    import psycopg2

    take_in(journey, system, now, "1,a,2026-01-01,")
    monkeypatch.setattr(columns, "LARGE", 1)
    settings = connection.get_connection_params()
    other = psycopg2.connect(
        **{name: settings[name] for name in ("host", "port", "user", "password", "dbname") if name in settings}
    )  # fmt: skip
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journeys_touchpoint (id, at, journey_id, case_id, activity, source,"
                " external_id, position) VALUES (gen_random_uuid(), '2026-01-03', %s, '1', 'late',"
                " 'x', '1', 1)",
                [str(journey.pk)],
            )
        columns.refresh(journey=journey)
        assert report(journey, system)["events"] == 1
        other.commit()
    finally:
        other.close()
    assert [one["path"] for one in report(journey, system)["variants"]] == [["a", "late"]]


def test_a_damaged_file_is_made_again(
    journey: Any, system: User, now: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(columns, "LARGE", 1)
    take_in(journey, system, now, "1,a,2026-01-01,", "1,b,2026-01-02,")
    others_are_done()
    columns.refresh(journey=journey)
    for damage in (b"", b"{}", b"not json"):
        note = tmp_path / "columns" / str(journey.pk) / "current.json"
        note.write_bytes(damage)
        assert report(journey, system)["events"] == 2
    for path in (tmp_path / "columns" / str(journey.pk)).glob("*.parquet"):
        path.write_bytes(b"PAR1")
    assert report(journey, system)["events"] == 2
