"""
The ground every test stands on: real PostgreSQL and Valkey, started by `manage.py test`.

One template database is migrated as the owner; each worker works on a clone of its own, and a
test that commits gets a fresh one afterwards: a flush would be refused by the append-only
tables. The owner therefore needs CREATEDB in the test cluster.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, TransactionTestCase
from django.utils import translation
from filelock import FileLock

from clm.core import deliveries
from clm.core.actors import system_user
from clm.core.models import Branch, User
from clm.local import schema

ROOT = Path(__file__).resolve().parent.parent
# Nothing is timed here, examples neither.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")


# Databases -------------------------------------------------------------------------------------


def _owner_url() -> Any:
    return urlsplit(os.environ["MIGRATE_DATABASE_URL"])


def _as_owner(statement: str) -> list[Any]:
    """Run one statement as the owner, connected to the cluster's `postgres` database."""
    return _run(os.environ["MIGRATE_DATABASE_URL"], statement)


def _run(url: str, statement: str) -> list[Any]:
    at = urlsplit(url)
    with closing(
        psycopg2.connect(
            host=at.hostname, port=at.port, user=at.username, password=at.password,
            dbname="postgres",
        )
    ) as connection:  # fmt: skip
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def _template() -> str:
    return f"{_owner_url().path.lstrip('/')}_template"


def _make_template(shared: Path) -> None:
    """
    Migrate the template, whichever worker comes first; one that is current is used again.

    Its stamp is the database's comment, written last: a template whose making was cut short
    has none. The month is part of it, as migrations make partitions ahead of today.
    """
    with FileLock(shared / "template.lock"):
        if (shared / "template.done").exists():
            return
        name = _template()
        stamp = f"{schema.digest()} {datetime.now(UTC):%Y-%m}"
        if _stamp_of(name) == stamp:
            (shared / "template.done").touch()
            return
        _drop(name)
        _as_owner(f'CREATE DATABASE "{name}"')
        url = _owner_url()._replace(path=f"/{name}").geturl()
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
            cwd=ROOT,
            check=True,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
                "MIGRATE_DATABASE_URL": url,
                "CLM_DATABASE_ROLE": "owner",
            },
        )
        _as_owner(f"COMMENT ON DATABASE \"{name}\" IS '{stamp}'")
        (shared / "template.done").touch()


def _stamp_of(name: str) -> str | None:
    rows = _as_owner(
        f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{name}'"
    )
    return str(rows[0][0]) if rows and rows[0][0] else None


def _clone(name: str) -> None:
    connections["default"].close()
    _drop(name)
    _as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{_template()}"')


def _drop(name: str) -> None:
    """
    Drop a database whoever of ours is connected to it.

    Each role ends its own sessions, as it may not end the other's. `WITH (FORCE)` is of no use:
    it is refused when an autovacuum worker is at work there, which a plain drop sends away.
    """
    for url in (os.environ["DATABASE_URL"], os.environ["MIGRATE_DATABASE_URL"]):
        _run(
            url,
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            f" WHERE datname = '{name}' AND usename = current_user AND pid <> pg_backend_pid()",
        )
    _as_owner(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    name = f"clm_test_{worker_id}"
    with django_db_blocker.unblock():
        _make_template(shared)
        _clone(name)
        connections["default"].settings_dict["NAME"] = name


def _leave_as_it_is(self: TransactionTestCase) -> None:
    """Instead of Django's flush: the clone is thrown away (see `_fresh_clone`)."""


TransactionTestCase._fixture_teardown = _leave_as_it_is  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _fresh_clone(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits leaves a new clone to the next one."""
    yield
    marker = request.node.get_closest_marker("django_db")
    committed = marker is not None and marker.kwargs.get("transaction")
    if committed or "transactional_db" in request.fixturenames:
        with request.getfixturevalue("django_db_blocker").unblock():
            _clone(connections["default"].settings_dict["NAME"])


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path, worker_id: str) -> None:
    """Files, seals and cache keys of one test are no other test's."""
    settings.CLM_FILES_DIR = str(tmp_path / "files")
    settings.CLM_SEAL_FILE = str(tmp_path / "seals.jsonl")
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "KEY_PREFIX": f"{worker_id}-{tmp_path.name}"}
    }


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """A page that was answered in Danish leaves its language to the thread; none is inherited."""
    translation.activate("en")


# The cast --------------------------------------------------------------------------------------


@pytest.fixture
def now() -> datetime:
    """A Thursday morning in Copenhagen."""
    return datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def aarhus(db: None) -> Branch:
    return Branch.objects.get_or_create(code="aarhus", defaults={"name": "Aarhus"})[0]


@pytest.fixture
def odense(db: None) -> Branch:
    return Branch.objects.get_or_create(code="odense", defaults={"name": "Odense"})[0]


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Make a user with roles: `make_user("eva", "adviser", branch=aarhus)`."""
    from django.contrib.auth.models import Group

    def make(username: str, *roles: str, **fields: Any) -> User:
        names = {"first_name": username.title(), "last_name": "Test", "language": "en"}
        user = User.objects.create_user(username=username, password="secret", **names | fields)
        user.groups.set(Group.objects.filter(name__in=roles))
        if set(roles) - set(settings.CLM_ROLES):
            raise LookupError(f"No such role: {roles}")
        return user

    return make


@pytest.fixture
def system(db: None) -> User:
    return system_user()


@pytest.fixture
def ada(make_user: Callable[..., User], aarhus: Branch) -> User:
    """Adviser in Aarhus."""
    return make_user("ada", "adviser", branch=aarhus)


@pytest.fixture
def bo(make_user: Callable[..., User], odense: Branch) -> User:
    """Adviser in another branch."""
    return make_user("bo", "adviser", branch=odense)


@pytest.fixture
def ola(make_user: Callable[..., User], aarhus: Branch) -> User:
    """Onboarding officer."""
    return make_user("ola", "onboarding_officer", branch=aarhus)


@pytest.fixture
def karen(make_user: Callable[..., User], aarhus: Branch) -> User:
    """Compliance officer."""
    return make_user("karen", "compliance_officer", branch=aarhus)


@pytest.fixture
def mads(make_user: Callable[..., User], aarhus: Branch) -> User:
    """A second compliance officer."""
    return make_user("mads", "compliance_officer", branch=aarhus)


@pytest.fixture
def line(make_user: Callable[..., User], aarhus: Branch) -> User:
    """Compliance analyst."""
    return make_user("line", "compliance_analyst", branch=aarhus)


@pytest.fixture
def rikke(make_user: Callable[..., User], aarhus: Branch) -> User:
    """Retention manager."""
    return make_user("rikke", "retention_manager", branch=aarhus)


@pytest.fixture
def max_(make_user: Callable[..., User], aarhus: Branch) -> User:
    """Signed in, without a role."""
    return make_user("max", branch=aarhus)


@pytest.fixture
def admin_(make_user: Callable[..., User]) -> User:
    """Administrator."""
    return make_user("admin", "administrator", is_staff=True)


# What tests do ---------------------------------------------------------------------------------


@pytest.fixture
def deliver_all(db: None, now: datetime) -> Callable[..., int]:
    """Run every due reaction here and now, and fail on the first that failed."""
    from clm.core.models import Delivery

    def run(at: datetime = now) -> int:
        ran = deliveries.deliver_due(at=at)
        failed = Delivery.objects.exclude(error="").filter(done_at=None).first()
        assert failed is None, failed.error
        return ran

    return run


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A browser without JavaScript, signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
