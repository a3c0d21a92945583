"""
How a resource is read: one statement for the page, and plain columns straight into the answer.

A serializer checks what comes in and describes the resource. Asking it to build fifty records
field by field costs more than the rest of the request, and each related table costs a query of
its own. So the shape of an answer is worked out once for a serializer: which columns it shows,
and what is gathered from related tables by subqueries. A serializer whose fields need more than
columns has no shape and is asked as ever.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import RawSQL
from rest_framework import serializers

Row = Mapping[str, Any]
#: What shows a column as it is; the renderer writes instants and dates.
_AS_IT_IS = frozenset(
    kind.to_representation
    for kind in (
        serializers.BooleanField, serializers.CharField, serializers.ChoiceField,
        serializers.DateField, serializers.DateTimeField, serializers.IntegerField,
        serializers.JSONField,
    )
)  # fmt: skip


@dataclass(frozen=True)
class Gathered:
    """
    What a resource shows of related tables.

    :param value: the subquery that gathers it
    :param shown: makes what is shown of what the subquery gave
    """

    value: Any
    shown: Callable[[Any], Any] = lambda value: value


class Shape:
    """The columns of one resource and what is made of them."""

    def __init__(
        self,
        model: type[models.Model],
        members: Sequence[tuple[str, str, Callable[[Any], Any] | None]],
        gathered: Mapping[str, Gathered],
    ) -> None:
        self._model = model
        self._members = list(members)
        self._columns = list(dict.fromkeys(column for _name, column, _shown in members))
        self._gathered = gathered

    def rows(self, queryset: models.QuerySet[Any], *more: str) -> Any:
        """
        The queryset giving rows for `shown`.

        :param more: further columns that the rows carry, such as those they are ordered by
        """
        columns = dict.fromkeys([*self._columns, *more])
        return queryset.prefetch_related(None).annotate(**self._composed).values(*columns)

    @cached_property
    def _composed(self) -> dict[str, RawSQL]:
        """
        What is gathered as finished SQL: composing it costs more than running it.

        It stands under a name of its own, since a related name could be the same.
        """
        queryset = self._model._base_manager.annotate(
            **{_alias(name): one.value for name, one in self._gathered.items()}
        )
        compiler = queryset.query.get_compiler(connection=connection)
        found = {}
        for name, value in queryset.query.annotation_select.items():
            sql, parameters = compiler.compile(value)
            found[name] = RawSQL(sql, parameters, output_field=value.output_field)  # noqa: S611
        return found

    def shown(self, row: Row) -> dict[str, Any]:
        """One row as the API shows it."""
        return {
            name: row[column] if make is None else make(row[column])
            for name, column, make in self._members
        }


@cache
def shape_of(serializer_class: Any) -> Shape | None:
    """The shape of what a serializer shows, if columns and what it gathers are all of it."""
    meta = getattr(serializer_class, "Meta", None)
    model: type[models.Model] | None = getattr(meta, "model", None)
    own = serializer_class.to_representation is not serializers.Serializer.to_representation
    if model is None or own:
        return None
    gathered: Mapping[str, Gathered] = getattr(meta, "gathered", {})
    columns = {field.attname: field for field in model._meta.concrete_fields}
    columns |= {field.name: field for field in model._meta.concrete_fields}
    members: list[tuple[str, str, Callable[[Any], Any] | None]] = []
    for name, field in serializer_class().fields.items():
        if field.write_only:
            continue
        if name in gathered:
            members.append((name, _alias(name), gathered[name].shown))
            continue
        column = columns.get(str(field.source))
        if column is None or not _shows_column(field):
            return None
        members.append((name, column.attname, _text if _is_key(field) else None))
    return Shape(model, members, gathered)


@cache
def shows_columns_only(serializer_class: Any) -> bool:
    """Whether the record's version speaks for all that a serializer shows."""
    model: type[models.Model] = serializer_class.Meta.model
    columns = {field.name for field in model._meta.concrete_fields}
    columns |= {field.attname for field in model._meta.concrete_fields}
    shown = [field for field in serializer_class().fields.values() if not field.write_only]
    return all(field.source in columns for field in shown)


def _alias(name: str) -> str:
    return f"gathered_{name}"


def _shows_column(field: Any) -> bool:
    if isinstance(field, serializers.ListField):
        return _shows_column(cast("Any", field).child)
    return _is_key(field) or type(field).to_representation in _AS_IT_IS


def _is_key(field: Any) -> bool:
    return isinstance(field, serializers.UUIDField | serializers.PrimaryKeyRelatedField)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
