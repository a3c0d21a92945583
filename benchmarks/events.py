"""
`events`: touchpoints over the API in batches of a thousand, through the whole request.

Baseline: PostgreSQL's `COPY` of the finished rows into an equally indexed table, nothing checked.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from django.test import Client
from django.utils import timezone

from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, copy_rate, exponent
from clm.core import partitions
from clm.core.models import User
from journeys.models import JourneyFeed, Touchpoint

NAME = "events"
PROMISE = "At least 20,000 events a second a worker, idempotent."
ROWS = (20_000, 100_000, 300_000)
BATCH = 1_000
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size by one worker, then the first thousand once more, which adds nothing."""
    result = Result(NAME, PROMISE)
    partitions.ensure(since=_FIRST, until=_FIRST + timedelta(days=330))
    client = _client()
    points: list[tuple[int, float]] = []
    for size in sizes:
        say(f"{size} events")
        bodies = list(_bodies(size))
        with PeakMemory() as memory, clock() as seconds:
            added = sum(_send(client, body)["added"] for body in bodies)
        again = _send(client, bodies[0])
        known = min(size, BATCH)
        if added != size or (again["added"], again["known"]) != (0, known) or again["refused"]:
            raise RuntimeError(f"{added} of {size} taken in; again: {again}")
        points.append((size, seconds()))
        rate, baseline = size / seconds(), copy_rate(Touchpoint, size)
        result.measures.append(
            Measure(
                "over the API, batches of 1,000", size, round(rate, 1), round(baseline, 1),
                "events/s", "COPY of the rows alone, same indexes", round(rate / baseline, 3),
                memory.grown_mb,
            )
        )  # fmt: skip
    if JourneyFeed.objects.filter(journey__name__startswith="Bench").count() != len(sizes):
        raise RuntimeError("A journey is missing")
    if (slope := exponent(points)) is not None:
        result.exponents["seconds by events"] = slope
    return result


def _client() -> Client:
    from django.contrib.auth.models import Group

    user, _made = User.objects.get_or_create(username="bench-journeys")
    user.groups.add(Group.objects.get(name="journey_designer"))
    client = Client()
    client.force_login(user)
    return client


def _send(client: Client, body: bytes) -> dict[str, int]:
    answer = client.post("/api/v1/touchpoints/", body, content_type="application/json")
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.content[:400]!r}")
    found: dict[str, int] = answer.json()
    return found


def _bodies(size: int) -> Iterator[bytes]:
    name = f"Bench {size} {timezone.now():%H%M%S%f}"
    for begin in range(0, size, BATCH):
        events = [
            {
                "id": f"e{number}",
                "case_id": f"case-{number // 12}",
                "activity": f"step {number % 24}",
                "at": (_FIRST + timedelta(seconds=number * 97 % 27_000_000)).isoformat(),
                "channel": "app" if number % 3 else "branch",
                "actor": f"u{number % 80}",
            }
            for number in range(begin, min(begin + BATCH, size))
        ]
        yield json.dumps({"journey": name, "events": events}).encode()
