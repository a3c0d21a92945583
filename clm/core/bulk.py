"""
Inserting many rows of one table at once, by PostgreSQL's COPY.

Values are prepared as Django's own insert prepares them, and constraints, foreign keys and
triggers hold as for any other insert; only the statement is another one. Rows are encoded in
slices while the database is busy with those before, and no more than a slice is held as text.
"""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import islice, repeat
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from psycopg2 import Binary
from psycopg2.extras import Json, execute_values

from clm.core.ids import uuid7, uuid7_texts

#: Rows of a slice: the database begins on them while the next are encoded.
SLICE = 1000
#: With so few rows one INSERT is sooner done than a COPY.
FEW = 20
_NULL: Final = r"\N"
_SPECIAL = re.compile("[\\\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_QUOTED = str.maketrans({"\\": r"\\", '"': r"\""})

Rows = Iterable[Sequence[Any]]


def insert(*, model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """
    Insert rows in the caller's transaction.

    :param columns: attribute names (`customer_id`); a field left out gets its default, and a
        key that is a UUIDv7 a new one
    :raises django.db.Error: as any insert does; then no row is in
    """
    every = iter(rows)
    first = list(islice(every, FEW))
    if not first:
        return
    layout = _layout(model, tuple(columns))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if len(first) < FEW:
            _insert_few(cursor.cursor, layout, first)
        else:
            _copy(cursor.cursor, layout, first, every)


def insert_records(records: Sequence[models.Model]) -> None:
    """Insert model instances with the values they have; afterwards they count as saved."""
    model = type(records[0])
    fields = [one for one in model._meta.concrete_fields if not _left_to_database(one)]
    moved = [one for one in fields if _sets_itself(one)]
    names = [one.attname for one in fields]
    values = operator.itemgetter(*names)
    for record in records:
        for field in moved:
            setattr(record, field.attname, field.pre_save(record, add=True))
    insert(model=model, columns=names, rows=(values(vars(record)) for record in records))
    for record in records:
        record._state.adding = False
        record._state.db = connection.alias


class _Layout:
    """What is written to a table: its columns in order, and how each becomes text."""

    def __init__(self, model: type[models.Model], names: tuple[str, ...]) -> None:
        by_name = {one.attname: one for one in model._meta.concrete_fields}
        self.given = [by_name[name] for name in names]
        absent = [
            one
            for one in model._meta.concrete_fields
            if one.attname not in names and not _left_to_database(one)
        ]
        self.keys = [one for one in absent if one.default is uuid7]
        self.defaults = [one for one in absent if one.default is not uuid7]
        quote = connection.ops.quote_name
        fields = [*self.given, *self.keys, *self.defaults]
        self.columns = ", ".join(quote(str(one.column)) for one in fields)
        self.table = quote(model._meta.db_table)


@cache
def _layout(model: type[models.Model], names: tuple[str, ...]) -> _Layout:
    return _Layout(model, names)


def _left_to_database(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.AutoField) or field.has_db_default()


def _sets_itself(field: "models.Field[Any, Any]") -> bool:
    """Whether the field's value is made at the moment of saving."""
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


# A few rows ------------------------------------------------------------------------------------


def _insert_few(cursor: Any, layout: _Layout, rows: list[Sequence[Any]]) -> None:
    prepared = [
        [
            *(field.get_db_prep_save(v, connection) for field, v in zip(layout.given, row, strict=True)),
            *(uuid7() for _field in layout.keys),
            *(field.get_db_prep_save(field.get_default(), connection) for field in layout.defaults),
        ]
        for row in rows
    ]  # fmt: skip
    execute_values(cursor, f"INSERT INTO {layout.table} ({layout.columns}) VALUES %s", prepared)


# Many ------------------------------------------------------------------------------------------


def _copy(
    cursor: Any, layout: _Layout, first: list[Sequence[Any]], rest: Iterator[Sequence[Any]]
) -> None:
    statement = f"COPY {layout.table} ({layout.columns}) FROM STDIN"
    cursor.copy_expert(statement, _Stream(_slices(layout, first, rest)))


class _Stream:
    """A file of slices; each read gives one, whatever its size."""

    def __init__(self, slices: Iterator[str]) -> None:
        self._slices = slices

    def read(self, _size: int) -> str:
        return next(self._slices, "")


def _slices(
    layout: _Layout, first: list[Sequence[Any]], rest: Iterator[Sequence[Any]]
) -> Iterator[str]:
    constant = [_encoded(field, [field.get_default()])[0] for field in layout.defaults]
    rows = first + list(islice(rest, SLICE - len(first)))
    while rows:
        columns: list[Iterable[str]] = [
            _encoded(field, values)
            for field, values in zip(layout.given, zip(*rows, strict=True), strict=True)
        ]
        columns += [uuid7_texts(len(rows)) for _field in layout.keys]
        columns += [repeat(one, len(rows)) for one in constant]
        yield "".join(["\t".join(line) + "\n" for line in zip(*columns, strict=True)])
        rows = list(islice(rest, SLICE))


def _encoded(field: "models.Field[Any, Any]", values: Sequence[Any]) -> Sequence[str]:
    """A column's values in COPY's text format."""
    first = values[0]
    if values[-1] is first and all(map(operator.is_, values, repeat(first))):
        return [_one(field, first)] * len(values)
    kind = _kind(field)
    if kind in _TEXTS:
        try:
            if not _SPECIAL.search("".join(values)):
                return values
        except TypeError:
            pass  # something else than text among them
        return _each(field, values)
    exact, write = _EXACT.get(kind, (None, None))
    if write is None:
        return _each(field, values)
    return [write(value) if type(value) is exact else _one(field, value) for value in values]


def _each(field: "models.Field[Any, Any]", values: Sequence[Any]) -> Sequence[str]:
    """Values prepared by their field; one that many rows share is prepared once."""
    made: dict[int, str] = {}
    texts = []
    for value in values:
        text = made.get(id(value))
        if text is None:
            text = made[id(value)] = _one(field, value)
        texts.append(text)
    return texts


def _one(field: "models.Field[Any, Any]", value: Any) -> str:
    """One value, prepared by its field and escaped."""
    prepared = field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])
    return _NULL if prepared is None else _text(prepared).translate(_ESCAPES)


@cache
def _kind(field: Any) -> str:
    while field.remote_field is not None:
        field = field.target_field
    if isinstance(field, ArrayField):
        return f"ArrayField of {field.base_field.get_internal_type()}"
    return str(field.get_internal_type())


def _codes(values: list[Any]) -> str:
    """A list of plain codes, as countries are; anything else the long way."""
    if all(type(one) is str and one.isalnum() and one.upper() != "NULL" for one in values):
        return f"{{{','.join(values)}}}"
    return _text(values).translate(_ESCAPES)


def _text(value: Any) -> str:
    """What the database reads as this value. :raises TypeError: nobody has said how"""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal, UUID)):
        return str(value)
    if isinstance(value, Json):
        return str(value.dumps(value.adapted))
    if isinstance(value, (bytes, memoryview, bytearray)):
        return rf"\x{value.hex()}"
    if isinstance(value, Binary):
        return _text(value.adapted)
    if isinstance(value, (list, tuple)):
        return "{" + ",".join(map(_element, value)) + "}"
    raise TypeError(f"No way is known to copy a {type(value).__name__}.")


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, (list, tuple)):
        return _text(value)
    return f'"{_text(value).translate(_QUOTED)}"'


_TEXTS = frozenset({"CharField", "TextField", "SlugField"})
_INTEGERS = (
    "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField", "IntegerField",
    "BigIntegerField", "PositiveBigIntegerField",
)  # fmt: skip
#: For values of exactly this type a shorter way to what `_one` gives.
_EXACT: dict[str, tuple[type, Callable[[Any], str]]] = {
    "UUIDField": (UUID, operator.attrgetter("hex")),
    "DateField": (date, date.isoformat),
    "BinaryField": (bytes, lambda value: rf"\\x{value.hex()}"),
    "ArrayField of CharField": (list, _codes),
    **dict.fromkeys(_INTEGERS, (int, str)),
}
