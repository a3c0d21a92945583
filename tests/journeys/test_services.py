"""Touchpoints come in once, from wherever they come."""

import gzip
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from clm.core import records
from clm.core.models import Event, User
from customers import services as customers
from journeys import selectors, services
from journeys.activities import Step
from journeys.logs import LogRefused
from journeys.models import JourneyFeed, Touchpoint, TouchpointKey
from journeys.services import NewTouchpoint
from tests.patience import visible

pytestmark = pytest.mark.django_db

LOG = b"""case_id,activity,timestamp
1,apply,2026-01-01T10:00:00Z
1,apply,2026-01-01T10:00:00Z
1,pay,2026-02-01T10:00:00Z
2,apply,2011-01-01T10:00:00Z
2,pay,not a time
"""


@pytest.fixture
def journey(system: User, now: datetime) -> Any:
    return services.journey_named(name="Home loan", actor=system, at=now)


def load(content: bytes, journey: Any, system: User, now: datetime) -> services.Imported:
    return services.import_log(stream=io.BytesIO(content), journey=journey, actor=system, at=now)


def test_a_second_import_changes_nothing(journey: Any, system: User, now: datetime) -> None:
    first = load(LOG, journey, system, now)
    assert (first.read, first.added, first.known) == (5, 4, 0)
    assert [(error.line, error.column) for error in first.errors] == [(6, "at")]
    second = load(LOG, journey, system, now)
    assert (second.added, second.known) == (0, 4)
    assert Touchpoint.objects.filter(journey=journey).count() == 4
    assert JourneyFeed.objects.get(journey=journey).events == 4


def test_a_damaged_file_leaves_nothing(journey: Any, system: User, now: datetime) -> None:
    packed = bytearray(gzip.compress(LOG))
    packed[-6] ^= 1
    with pytest.raises(LogRefused):
        load(bytes(packed), journey, system, now)
    assert not TouchpointKey.objects.filter(journey=journey).exists()


def test_what_came_before_a_cut_is_kept_and_the_whole_file_adds_the_rest(
    journey: Any, system: User, now: datetime
) -> None:
    rows = [f"{case},a,2026-01-01T10:00:{case % 60:02}Z,{case**7 % 9973}\n" for case in range(4000)]
    whole = ("case_id,activity,timestamp,noise\n" + "".join(rows)).encode()
    packed = gzip.compress(whole)
    done = load(packed[: len(packed) // 2], journey, system, now)
    kept = Touchpoint.objects.filter(journey=journey).count()
    assert 1000 < kept < 3000
    assert (done.added, done.read, len(done.errors)) == (kept, kept, 1)
    # The header is line 1; the row in which the cut lies is the first that is missing.
    assert done.errors[0].line == kept + 2
    assert done.broken in done.errors[0].detail
    again = load(packed, journey, system, now)
    assert (again.added, again.known, again.broken) == (4000 - kept, kept, "")


def test_events_before_the_place_where_xml_breaks_are_kept(
    journey: Any, system: User, now: datetime
) -> None:
    event = (
        b"<event><string key='concept:name' value='a'/>"
        b"<date key='time:timestamp' value='2026-01-01T10:00:00Z'/></event>"
    )
    xml = b"<log><trace><string key='concept:name' value='1'/>" + event * 2
    for broken in (xml, xml + b"<event></trace></log>", xml + b"<event>\0</event></trace></log>"):
        done = load(broken, journey, system, now)
        assert (done.read, [error.line for error in done.errors]) == (2, [3])
        assert Touchpoint.objects.filter(journey=journey).count() == 2


def test_rows_lie_in_the_partition_of_their_month(
    journey: Any, system: User, now: datetime
) -> None:
    from django.db import connection

    load(LOG, journey, system, now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tableoid::regclass::text FROM journeys_touchpoint"
            " WHERE journey_id = %s",
            [journey.pk],
        )
        found = {row[0] for row in cursor.fetchall()}
    assert found == {
        "journeys_touchpoint_p2026_01",
        "journeys_touchpoint_p2026_02",
        "journeys_touchpoint_p2011_01",
    }


def test_the_report_is_computed_anew_after_new_events(
    journey: Any, system: User, now: datetime
) -> None:
    load(LOG, journey, system, now)
    before = selectors.friction(journey=journey, actor=system)
    assert before["cases"] == 2
    assert before["rework"] == [{"activity": "apply", "cases": 1}]
    load(b"case_id,activity,timestamp\n3,apply,2026-01-01T10:00:00Z\n", journey, system, now)
    assert selectors.friction(journey=journey, actor=system)["cases"] == 3


def test_texts_survive_as_they_are(journey: Any, system: User) -> None:
    text = "tab\there, line\nthere, back\\slash, “æøå” \\N"
    services.add_touchpoints(
        journey=journey,
        source="test",
        rows=[
            NewTouchpoint(
                external_id="1", case_id="1", activity=text, position=1,
                at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"), attributes={"k": text},
            )
        ],
    )  # fmt: skip
    found = Touchpoint.objects.get(journey=journey)
    assert found.activity == text
    assert found.attributes == {"k": text}
    report = selectors.friction(journey=journey, actor=system)
    assert report["activities"][0]["name"] == text


def test_an_unknown_customer_is_parked(
    journey: Any, system: User, now: datetime, ada: User
) -> None:
    customer = customers.create_customer(
        kind="person", given_names="Mette", family_name="Krag", adviser=ada, branch=ada.branch,
        source="test", actor=system, at=now,
    )  # fmt: skip
    stranger = uuid4()
    rows = (
        f"case_id,activity,timestamp,customer_id\n1,a,2026-01-01,{customer.pk}\n"
        f"2,a,2026-01-01,{stranger}\n3,a,2026-01-01,not-an-id\n"
    )
    done = load(rows.encode(), journey, system, now)
    assert done.added == 3
    found = {one.case_id: one for one in Touchpoint.objects.filter(journey=journey)}
    assert found["1"].customer_id == customer.pk
    assert found["2"].customer_id is None
    assert found["2"].attributes == {"customer_id": str(stranger)}


def test_reports_stay_within_the_reach(
    journey: Any, system: User, now: datetime, ada: User, bo: User
) -> None:
    customer = customers.create_customer(
        kind="person", given_names="Mette", family_name="Krag", adviser=ada, branch=ada.branch,
        source="test", actor=system, at=now,
    )  # fmt: skip
    row = f"case_id,activity,timestamp,customer_id\n1,a,2026-01-01,{customer.pk}\n"
    load(row.encode(), journey, system, now)
    assert selectors.friction(journey=journey, actor=ada)["events"] == 1
    assert selectors.friction(journey=journey, actor=bo)["events"] == 0


def test_the_built_in_journey_cannot_be_imported_into(system: User, now: datetime) -> None:
    with pytest.raises(ValidationError):
        services.journey_named(name="Life-cycle", actor=system, at=now)


@pytest.mark.xdist_group("cluster")
@pytest.mark.django_db(transaction=True)
def test_events_become_touchpoints_once(
    system: User, now: datetime, ada: User, karen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = customers.create_customer(
        kind="person", given_names="Mette", family_name="Krag", adviser=ada, branch=ada.branch,
        source="test", actor=system, at=now,
    )  # fmt: skip
    steps: dict[tuple[str, str], Any] = {
        ("customers.Customer", "welcome"): Step("Welcomed"),
        ("customers.Customer", "review"): Step("Reviewed by compliance", restricted=True),
    }
    monkeypatch.setattr("journeys.services.projection.STEPS", steps)
    note: Callable[..., Any] = records.note
    for number, action in enumerate(["welcome", "review", "unlisted"]):
        note(record=customer, action=action, actor=system, at=now + timedelta(hours=number))
    visible(events=Event.objects.count())
    assert services.project(at=now) > 0
    services.project(at=now)
    journey = services.life_cycle_journey(at=now)
    found = Touchpoint.objects.filter(journey=journey).order_by("at")
    assert [(one.activity, one.case_id) for one in found] == [
        ("Welcomed", str(customer.pk)),
        ("Reviewed by compliance", str(customer.pk)),
    ]
    # An adviser's report has no trace of what compliance did.
    mine = selectors.friction(journey=journey, actor=ada)
    assert [one["name"] for one in mine["activities"]] == ["Welcomed"]
    theirs = selectors.friction(journey=journey, actor=karen)
    assert len(theirs["activities"]) == 2
