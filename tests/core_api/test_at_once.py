"""Real requests at the same time, each on a connection of its own: counted and done once."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from clm.core.api import limits
from clm.core.api.problems import ApiProblem
from clm.core.models import Event, IdempotencyKey, Task, User

AT_ONCE = 6


def at_once(work: Callable[[], Any]) -> list[Any]:
    """What each of the threads got that were let go together."""
    gate = threading.Barrier(AT_ONCE)

    def one(_number: int) -> Any:
        try:
            gate.wait(timeout=60)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.parametrize("round_", range(3))
def test_one_key_is_done_once(
    round_: int, transactional_db: None, ada: User, client_for: Callable[[User], Client]
) -> None:
    cookies = client_for(ada).cookies
    body = {"title": f"Call {round_}"}

    def post() -> int:
        client = Client()
        client.cookies = cookies
        answer = client.post(
            "/api/v1/tasks/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": f"once-{round_}"},
        )
        return int(answer.status_code)

    found = Counter(at_once(post))
    assert set(found) <= {201, 409}, found
    assert found[201] >= 1
    assert Task.objects.count() == 1
    assert Event.objects.filter(record_type="core.Task", action="create").count() == 1
    assert IdempotencyKey.objects.get().status == 201
    # Whoever was told to wait gets the first one's answer.
    assert post() == 201
    assert Task.objects.count() == 1


def test_the_limit_counts_exactly(db: None) -> None:
    let_through, asked = 10, 4 * AT_ONCE

    def ask() -> list[bool]:
        got = []
        for _one in range(asked // AT_ONCE):
            try:
                limits.take(who="one", limit=let_through, window=3600, now=1_000_000.0)
                got.append(True)
            except ApiProblem as problem:
                got.append(problem.status_code != 429)
        return got

    answers = [one for found in at_once(ask) for one in found]
    assert (len(answers), sum(answers)) == (asked, let_through)
