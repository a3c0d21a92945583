"""
Reading many things in one statement.

A page about one customer shows what a dozen tables hold of them. Each is described by a queryset
of its own app, with the conditions that keep it within the reader's reach; asked one by one they
are a statement each. Here they travel together: every queryset stays what it was, and holds its
rows afterwards as if it had been asked by itself.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model, QuerySet
from psycopg2.extensions import string_types

Q = TypeVar("Q", bound=QuerySet[Any, Any])
Rows = list[tuple[Any, ...]]
#: How a column's text becomes a value, by its type: what psycopg2 does with the type's number.
_CASTS: dict[str, Any] = {
    "bigint": string_types[20],
    "boolean": string_types[16],
    "bytea": string_types[17],
    "date": string_types[1082],
    "double precision": string_types[701],
    "integer": string_types[23],
    "numeric": string_types[1700],
    "smallint": string_types[21],
    "timestamp with time zone": string_types[1184],
    "varchar[]": string_types[1015],
}
#: Registered with psycopg2 when Django connects.
_UUID = 2950
#: What is text already; a field of JSON makes its own value of it.
_PLAIN = frozenset({"char", "jsonb", "text", "uuid", "varchar"})


def together(*querysets: Any) -> None:
    """
    Read in one statement what of these is not read yet; each queryset then holds its rows.

    Anything else among them is there already and is left alone.
    """
    waiting = {id(one): one for one in querysets if isinstance(one, QuerySet)}
    parts = []
    for one in waiting.values():
        if one._result_cache is None:
            part = _Part(one)
            if part.empty:
                part.hold([])
            elif part.known:
                parts.append(part)
            else:
                len(one)
    if not parts:
        return
    sql = ", ".join(part.sql(number) for number, part in enumerate(parts))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", [value for part in parts for value in part.parameters])
        found = cursor.fetchone()
        for part, texts in zip(parts, found, strict=True):
            part.hold(part.values(texts or [], cursor.cursor))


def hold(record: Model, **parts: "QuerySet[Any]") -> None:
    """
    Let the record's relations be these querysets: `record.addresses.all()` then gives this very
    one, read once, by `together` or when it is first looked at.
    """
    anyone = cast("Any", record)
    anyone.__dict__.setdefault("_prefetched_objects_cache", {}).update(parts)


def shared(record: Model, name: str, make: Callable[[], Q]) -> Q:
    """One queryset for all who ask for `name` about this record while the record is at hand."""
    made = cast("dict[str, Any]", record.__dict__.setdefault("_shared", {}))
    if name not in made:
        made[name] = make()
    return cast("Q", made[name])


class _Part:
    """A queryset on its way: its SQL, and the way back from text to what it would have given."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self._queryset = queryset
        # The compiler that made the SQL also knows what each column is for.
        self._query: Any = queryset.query.chain()
        # The connection itself: a compiler asks it thousands of times, and the proxy is slow.
        self._compiler: Any = self._query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
        self.empty = False
        try:
            self._sql, self.parameters = self._compiler.as_sql()
        except EmptyResultSet:
            self.empty, self._sql, self.parameters = True, "", ()
            return
        types = [
            _type(expression.output_field) for expression, _sql, _alias in self._compiler.select
        ]
        self.known = all(one in _PLAIN or one in _CASTS for one in types)
        casts = ((place, _CASTS.get(one)) for place, one in enumerate(types))
        self._casts = [(place, cast) for place, cast in casts if cast is not None]
        self._identifiers = [place for place, one in enumerate(types) if one == "uuid"]

    def sql(self, number: int) -> str:
        names = [f"c{place}" for place in range(len(self._compiler.select))]
        texts = ", ".join(f"{name}::text" for name in names)
        # A subquery's order is the order in which array_agg takes its rows.
        return (
            f"(SELECT array_agg(ARRAY[{texts}]) FROM ({self._sql})"
            f" AS part{number} ({', '.join(names)}))"
        )

    def values(self, texts: Iterable[list[Any]], cursor: Any) -> Rows:
        identify = string_types[_UUID]
        rows = []
        for row in texts:
            for place, cast_ in self._casts:
                row[place] = cast_(row[place], cursor)
            for place in self._identifiers:
                row[place] = identify(row[place], cursor)
            rows.append(tuple(row))
        return rows

    def hold(self, rows: Rows) -> None:
        self._compiler.execute_sql = lambda *_args, **_kwargs: [rows]
        self._query.get_compiler = lambda *_args, **_kwargs: self._compiler
        given: Any = self._queryset._chain()  # type: ignore[attr-defined]
        given.query = self._query
        anyone = cast("Any", self._queryset)
        anyone._result_cache = [] if self.empty else list(anyone._iterable_class(given))


def _type(field: "Field[Any, Any]") -> str:
    """The column type without its length."""
    # A model's fields stay; those of expressions are made anew and would fill the cache.
    return _type_of_column(field) if hasattr(field, "model") else _bare_type(field)


def _bare_type(field: "Field[Any, Any]") -> str:
    return re.sub(r"\(.*?\)", "", field.db_type(connection) or "")


_type_of_column = cache(_bare_type)
