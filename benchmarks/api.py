"""
`api`: the list, a stage, a name and a record, with sign-in, reach, ETag and masking.

Baseline: stock Django REST framework over the same rows without any of that, and one raw
statement; each served by gunicorn with two workers and asked by the same client, one after the
other, on the same machine.
"""

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from benchmarks.kit import Measure, Result, Say, exponent
from clm.core.api import clients
from clm.core.models import User
from clm.demobank.people import FAMILIES, MEN, WOMEN

NAME = "api"
PROMISE = "List and record at least 1.5 times stock; search at least 250 requests a second."
ROWS = (10_000, 100_000, 1_000_000)
SECONDS = 4.0
CALLERS = 4
_PORTS = {"ours": 8731, "stock": 8732}


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Grow the bank to each size and ask both servers the same."""
    result = Result(NAME, PROMISE)
    secret = "bench-" * 6
    client = clients.create_client(
        name="bench", scopes=["customers:read"], reach=User.Reach.ALL, branch=None, secret=secret
    )
    costs: dict[str, list[tuple[int, float]]] = {}
    have = 0
    for size in sorted(sizes):
        say(f"Filling the bank to {size} customers")
        fill(have=have, size=size)
        have = size
        with (
            _server("clm.wsgi", _PORTS["ours"], "/healthz"),
            _server("benchmarks.stock", _PORTS["stock"], "/raw/"),
        ):
            token = _token(client.pk, secret)
            for what, ours, stock in _questions(token):
                rate = _rate(_PORTS["ours"], ours, token)
                baseline = _rate(_PORTS["stock"], stock, "")
                costs.setdefault(what, []).append((size, 1 / rate))
                result.measures.append(
                    Measure(what, size, round(rate, 1), round(baseline, 1), "requests/s",
                            "raw SQL and json" if "raw" in stock[0] else "stock DRF",
                            round(rate / baseline, 3))
                )  # fmt: skip
                say(f"  {what}: {rate:.0f} against {baseline:.0f} requests/s")
            first, far = _deep(token)
            result.notes.append(
                f"{size} customers: first page {first * 1000:.1f} ms, a page deep in the list"
                f" {far * 1000:.1f} ms"
            )
    for what, points in costs.items():
        if (slope := exponent(points)) is not None:
            result.exponents[f"{what}: seconds a request by customers"] = slope
    return result


def _questions(token: str) -> list[tuple[str, list[str], list[str]]]:
    """What is asked, as paths of ours and of the baseline; after a space come searched words."""
    rng = random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM customers_customer TABLESAMPLE SYSTEM (5) LIMIT 400")
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            cursor.execute("SELECT id::text FROM customers_customer LIMIT 400")
            ids = [row[0] for row in cursor.fetchall()]
    names = [f"{rng.choice(WOMEN)} {rng.choice(FAMILIES)}" for _ in range(200)]
    api = "/api/v1/customers/"
    return [
        ("list of 50", [f"{api}?limit=50"], ["/stock/?limit=50"]),
        ("list of 50, by hand", [f"{api}?limit=50"], ["/raw/"]),
        ("stage", [f"{api}?limit=50&stage=PROSPECT"], ["/stock/?limit=50&stage=PROSPECT"]),
        ("record", [f"{api}{one}/" for one in ids], [f"/stock/{one}/" for one in ids]),
        (
            "name",
            [f"{api}search/ {one}" for one in names],
            [f"/stock/?limit=50&search={quote(one)}" for one in names],
        ),
    ]


def fill(*, have: int, size: int) -> None:
    """Invented persons by one statement; each has an e-mail address and a masked number."""
    at = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_customer (id, version, created_at, updated_at, kind, given_names,
                family_name, name, display_name, sort_key, search_text, born_on, birth_place,
                nationalities, residence_country, tax_countries, language, occupation, legal_form,
                stage, stage_since, segment, risk_level, restriction, source)
            SELECT gen_random_uuid(), 1, %(at)s, %(at)s, 'person', given, family, '',
                given || ' ' || family, lower(family || ' ' || given), lower(given || ' ' || family),
                date '1940-01-01' + (n %% 25000)::int, '', '{DK}', 'DK', '{DK}', 'da', '', '',
                CASE WHEN n %% 5 = 0 THEN 'PROSPECT' ELSE 'UNADMITTED' END, %(at)s, '', '', '', 'bench'
            FROM (SELECT n, (%(given)s)[1 + (n * 7919 %% %(givens)s)::int] AS given,
                         (%(family)s)[1 + (n / 3 * 104729 %% %(families)s)::int] || ' ' || (n / 50)
                             AS family
                  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n) AS made
            """,
            {
                "at": at, "first": have, "last": size - 1, "given": WOMEN + MEN,
                "givens": len(WOMEN + MEN), "family": FAMILIES, "families": len(FAMILIES),
            },
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO customers_contactpoint (id, customer_id, kind, value, source, valid_from)"
            " SELECT gen_random_uuid(), c.id, 'email', c.id || '@example.dk', '', current_date"
            " FROM customers_customer c WHERE NOT EXISTS"
            " (SELECT 1 FROM customers_contactpoint p WHERE p.customer_id = c.id)"
        )
        cursor.execute("ANALYZE customers_customer, customers_contactpoint")


@contextmanager
def _server(application: str, port: int, page: str) -> Iterator[None]:
    surroundings = {
        **os.environ, "API_RATE": "100000000/60", "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "clm.settings",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}",
         "--workers", "2", "--threads", "2", "--worker-class", "gthread", "--preload",
         "--log-level", "error"],
        env=surroundings,
    )  # fmt: skip
    try:
        _wait(port, page, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, page: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("A server ended at once; the reason is above.")
        try:
            connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection_.request("GET", page)
            connection_.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"Nothing answers on port {port}.")


def _token(client_id: str, secret: str) -> str:
    caller = http.client.HTTPConnection("127.0.0.1", _PORTS["ours"], timeout=30)
    body = f"grant_type=client_credentials&client_id={client_id}&client_secret={secret}"
    caller.request(
        "POST", "/api/oauth/token", body, {"Content-Type": "application/x-www-form-urlencoded"}
    )
    return str(json.loads(caller.getresponse().read())["access_token"])


def _rate(port: int, paths: Sequence[str], token: str) -> float:
    """Requests a second of several callers on kept connections; every answer is a 200."""
    counts = [0] * CALLERS
    faults: list[str] = []
    start = time.perf_counter()
    end = start + SECONDS

    def call(number: int) -> None:
        caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        step = number
        while time.perf_counter() < end and not faults:
            path, _space, query = paths[step % len(paths)].partition(" ")
            if query:
                # Searched words travel in the body, never in an address.
                caller.request("POST", path, json.dumps({"query": query}), headers)
            else:
                caller.request("GET", path, headers=headers)
            answer = caller.getresponse()
            body = answer.read()
            if answer.status != 200:
                faults.append(f"{paths[step % len(paths)]}: {answer.status} {body[:300]!r}")
            counts[number] += 1
            step += CALLERS

    callers = [threading.Thread(target=call, args=(number,)) for number in range(CALLERS)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    if faults:
        raise RuntimeError(faults[0])
    return sum(counts) / (time.perf_counter() - start)


def _deep(token: str) -> tuple[float, float]:
    """Seconds of the first page, and of one 200 pages on, by following `next`."""
    caller = http.client.HTTPConnection("127.0.0.1", _PORTS["ours"], timeout=60)
    headers = {"Authorization": f"Bearer {token}"}

    def page(address: str) -> tuple[str | None, float]:
        begin = time.perf_counter()
        caller.request("GET", address, headers=headers)
        body = json.loads(caller.getresponse().read())
        return body["next"], time.perf_counter() - begin

    address = "/api/v1/customers/?limit=50"
    times = []
    for _ in range(200):
        following, seconds = page(address)
        times.append(seconds)
        if following is None:
            break
        address = following[following.index("/api") :]
    return sorted(times[:9])[len(times[:9]) // 2], sorted(times[-9:])[len(times[-9:]) // 2]
