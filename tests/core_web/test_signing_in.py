"""How often a password may be tried."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from clm.core import signing_in
from clm.core.models import SignInAttempts, User


def test_the_tries_of_a_window_are_counted_by_name(db: None, now: datetime) -> None:
    for name in ("karen", " Karen "):
        for _one in range(signing_in.TRIES // 2):
            assert signing_in.take_try(username=name, at=now)
    assert not signing_in.take_try(username="karen", at=now)
    assert signing_in.take_try(username="mads", at=now)
    later = now + signing_in.WINDOW
    assert not signing_in.take_try(username="karen", at=later - timedelta(seconds=1))
    assert signing_in.take_try(username="karen", at=later)


def test_tries_at_the_same_moment_are_all_counted(transactional_db: None, now: datetime) -> None:
    at_once = 24
    gate = threading.Barrier(6)

    def tries(_number: int) -> int:
        try:
            gate.wait(timeout=60)
            return sum(signing_in.take_try(username="x", at=now) for _one in range(at_once // 6))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(tries, range(6))) == signing_in.TRIES
    assert SignInAttempts.objects.get().count == signing_in.TRIES


@pytest.mark.django_db
def test_even_the_right_password_waits_then(karen: User) -> None:
    def sign_in(password: str) -> int:
        return (
            Client().post("/accounts/login/", {"login": "karen", "password": password}).status_code
        )

    assert sign_in("secret") == 302
    for _one in range(signing_in.TRIES):
        assert sign_in("wrong") == 200
    assert sign_in("secret") == 200
    assert not SignInAttempts.objects.filter(name="karen").exists()
