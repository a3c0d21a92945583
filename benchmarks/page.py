"""
`page`: the customer 360 page and the KYC queue as a person meets them, whole and signed in.

Baseline: the statements of the very same request once more, by hand on the same connection, rows
fetched and thrown away: what the database alone costs. The bank is the demo's, with two years of
history; larger sizes add customers with an address and six events each around it.
"""

import gzip
import re
import statistics
import time
from collections.abc import Sequence
from datetime import datetime
from posixpath import dirname, join, normpath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from benchmarks.api import fill
from benchmarks.kit import Measure, Result, Say, exponent
from clm.core import actors, events, lifecycle
from clm.core.models import User
from clm.demobank.make import make
from customers.models import Customer
from kyc.lifecycle import CaseState
from kyc.models import Trigger
from kyc.services import open_case, run_checks

NAME = "page"
PROMISE = (
    "At most 12 statements, server time p95 150 ms, 250 kB gzipped on the first visit, 30 kB after."
)
ROWS = (2_000, 10_000)
REQUESTS = 100
CASES = 120
_STATIC = re.compile(r'(?:href|src)="/static/([^"#?]+)')
_IMPORT = re.compile(r'(?:from|import)\s*\(?["\'](\.{1,2}/[^"\']+)')

Statement = tuple[str, Any]


# The people of the demo bank have no second factor, and files are weighed where they lie.
@override_settings(
    CLM_REQUIRE_SECOND_FACTOR=False,
    ALLOWED_HOSTS=["testserver"],
    STORAGES={
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
)
def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each page as one person again and again; then what it asked, by hand."""
    result = Result(NAME, PROMISE)
    first, *_more = sorted(sizes)
    make(customers=first, now=timezone.now(), say=say)
    _queue(timezone.now())
    known = list(Customer.objects.filter(kind="person").values_list("pk", flat=True))
    costs: dict[str, list[tuple[int, float]]] = {}
    have = first
    for size in sorted(sizes):
        if size > have:
            say(f"Filling the bank to {size} customers")
            fill(have=have, size=size)
            _past()
            have = size
        for what, who, paths in _pages(known):
            client = Client()
            client.force_login(User.objects.get(username=who))
            seconds, raw, count, answer = _timed(client, paths)
            ours, by_hand = statistics.median(seconds), statistics.median(raw)
            costs.setdefault(what, []).append((size, ours))
            result.measures.append(
                Measure(what, size, round(ours * 1000, 1), round(by_hand * 1000, 1), "ms",
                        "the same statements by hand", round(by_hand / ours, 3))
            )  # fmt: skip
            page, files = _weights(answer)
            result.notes.append(
                f"{what}, {size}: at most {count} statements, p95"
                f" {sorted(seconds)[int(len(seconds) * 0.95) - 1] * 1000:.0f} ms,"
                f" {page / 1000:.1f} kB, on the first visit {(page + files) / 1000:.0f} kB"
            )
            say(f"  {result.notes[-1]}")
    for what, points in costs.items():
        if (slope := exponent(points)) is not None:
            result.exponents[f"{what}: seconds by customers"] = slope
    return result


def _pages(known: Sequence[Any]) -> list[tuple[str, str, list[str]]]:
    """What is opened, as whom, at which addresses."""
    step = max(len(known) // REQUESTS, 1)
    customers = [f"/customers/{pk}/" for pk in known[::step][:REQUESTS]]
    return [
        ("customer 360", "karen", customers),
        ("KYC queue", "karen", ["/kyc/?tab=team"] * REQUESTS),
    ]


def _queue(at: datetime) -> None:
    """More than a page of cases that wait for somebody, as after a list has changed."""
    system = actors.system_user()
    for customer in Customer.objects.filter(stage="ACTIVE")[:CASES]:
        case = open_case(customer=customer, trigger=Trigger.LIST_CHANGED, actor=system, at=at)
        run_checks(event=events.for_record(case).get(), at=at)
        case.refresh_from_db()
        if case.state == CaseState.CLEARED:
            lifecycle.perform(
                record=case,
                name="reopen",
                actor=system,
                at=at,
                reason="bench",
                changes={"due_at": at},
            )


def _timed(client: Client, paths: Sequence[str]) -> tuple[list[float], list[float], int, Any]:
    """Seconds of each request and of its statements by hand, the most statements, an answer."""
    for path in paths[:5]:
        client.get(path)
    seconds, raw, most, answer = [], [], 0, None
    for path in paths:
        start = time.perf_counter()
        answer = client.get(path)
        seconds.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        asked = _statements(client, path)
        most = max(most, len(asked))
        raw.append(_by_hand(asked))
    return seconds, raw, most, answer


def _statements(client: Client, path: str) -> list[Statement]:
    asked: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        client.get(path)
    return asked


def _by_hand(asked: Sequence[Statement]) -> float:
    """Seconds for all that read; the row of the access log is not written a second time."""
    start = time.perf_counter()
    with connection.cursor() as cursor:
        for sql, params in asked:
            if not sql.lstrip().startswith("INSERT"):
                cursor.execute(sql, params)
                cursor.fetchall()
    return time.perf_counter() - start


def _past() -> None:
    """Six events in two years for each customer that has none; nobody reads their hashes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_event (id, at, actor_id, record_type, record_id, action, source,
                target, payload, request_id, sequence, prev_hash, hash)
            SELECT (lpad(to_hex(floor(extract(epoch FROM made.at) * 1000)::bigint), 12, '0')
                        || '7' || substr(md5(random()::text), 1, 3)
                        || '8' || substr(md5(random()::text), 1, 15))::uuid,
                made.at, made.actor, 'customers.Customer', made.id, 'change', '', '',
                '{"fields": ["occupation"]}', '', made.n, '', ''
            FROM (SELECT c.id, n, now() - n * interval '100 days' AS at,
                         (SELECT id FROM core_user WHERE username = 'system') AS actor
                  FROM customers_customer c CROSS JOIN generate_series(1, 6) AS n
                  WHERE c.source = 'bench' AND NOT EXISTS
                      (SELECT 1 FROM core_event e WHERE e.record_id = c.id)) AS made
            """
        )
        cursor.execute("ANALYZE core_event")


def _weights(answer: Any) -> tuple[int, int]:
    """Bytes over the wire: the page, and the files that the browser keeps after the first visit."""
    html = answer.content.decode()
    waiting, files = list(dict.fromkeys(_STATIC.findall(html))), {}
    while waiting:
        name = waiting.pop()
        if name in files:
            continue
        content = _file(name)
        files[name] = len(content if name.endswith(".woff2") else gzip.compress(content))
        if name.endswith(".js"):
            found = _IMPORT.findall(content.decode())
            waiting += [normpath(join(dirname(name), one)) for one in found]
    return len(gzip.compress(answer.content)), sum(files.values())


def _file(name: str) -> bytes:
    path = finders.find(name)
    if path is None:
        raise RuntimeError(f"{name} is not built: run `python3 manage.py build_assets` first.")
    with open(str(path), "rb") as file:
        return file.read()
