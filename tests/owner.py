"""Acting as the database's owner: what an attacker inside the bank might do."""

import os
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
from django.db import connection


def as_owner(*statements: str) -> None:
    """Run statements on the present test database as its owner, triggers out of the way."""
    url = urlsplit(os.environ["MIGRATE_DATABASE_URL"])
    with (
        closing(
            psycopg2.connect(
                host=url.hostname, port=url.port, user=url.username, password=url.password,
                dbname=connection.settings_dict["NAME"],
            )
        ) as mine,
        mine,
        mine.cursor() as cursor,
    ):  # fmt: skip
        for table in ("core_event", "core_accesslog", "core_seal", "core_sealleaf"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
