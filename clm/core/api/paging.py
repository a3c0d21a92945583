"""
Lists by keyset: a page begins after the last row of the one before, whatever was inserted.

The cursor carries the ordering, the direction and the values of that row. It is encrypted,
not only signed: those values may be a name, and names do not belong in addresses.
"""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core.api.problems import bad_parameter
from clm.core.api.shapes import shape_of

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
PARAMETERS = frozenset({"limit", "cursor", "ordering", "count"})
_LIMIT = re.compile(r"[0-9]{1,4}", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: beside the row with these values, reading on or back."""

    ordering: str
    backwards: bool
    values: list[Any]

    def encode(self) -> str:
        content = json.dumps([self.ordering, self.backwards, self.values]).encode()
        return _fernet().encrypt(content).decode().rstrip("=")


def decode(token: str) -> Cursor:
    """
    :raises ApiProblem: 400, the cursor is not one of ours
    """
    try:
        raw = _fernet().decrypt(token.encode("ascii") + b"=" * (-len(token) % 4))
        ordering, backwards, values = json.loads(raw)
    except (InvalidToken, ValueError, TypeError):
        raise bad_parameter("cursor", _("This cursor is not valid."), "cursor") from None
    return Cursor(str(ordering), bool(backwards), list(values))


def limit_of(request: Request) -> int:
    """
    How many rows a page has.

    :raises ApiProblem: 400, not a whole number from 1 to 200
    """
    asked = request.query_params.get("limit")
    if asked is None:
        return DEFAULT_LIMIT
    if not _LIMIT.fullmatch(asked) or not 1 <= int(asked) <= MAX_LIMIT:
        raise bad_parameter(
            "limit", _("A whole number from 1 to %(most)d.") % {"most": MAX_LIMIT}, "limit"
        )
    return int(asked)


class KeysetPaginator:
    """
    One page of a queryset, ordered by one allowed field and then by id.

    :param ordering_fields: names a caller may order by, each optionally with a leading minus
    :param default: the ordering without `?ordering=`; newest first, ids being in time order
    """

    def __init__(
        self, request: Request, *, ordering_fields: Sequence[str] = (), default: str = "-id"
    ) -> None:
        self.request = request
        self.allowed = {"id", *ordering_fields}
        self.limit = limit_of(request)
        token = request.query_params.get("cursor")
        asked = request.query_params.get("ordering")
        self.cursor = decode(token) if token is not None else None
        if asked is None:
            asked = self.cursor.ordering if self.cursor else default
        self.ordering = asked
        if self.ordering.removeprefix("-") not in self.allowed:
            names = ", ".join(sorted(self.allowed))
            raise bad_parameter(
                "ordering", _("One of %(names)s, or with a minus.") % {"names": names}, "ordering"
            )
        if self.cursor and self.cursor.ordering != self.ordering:
            raise bad_parameter("cursor", _("This cursor belongs to another ordering."), "cursor")
        name = self.ordering.removeprefix("-")
        #: What the rows are ordered by.
        self.names = ["id"] if name == "id" else [name, "id"]

    def shown(
        self, queryset: models.QuerySet[Any], serializer_class: Any, context: Any
    ) -> tuple[list[Any], Any]:
        """The rows of this page, and what the serializer shows of them."""
        shape = shape_of(serializer_class)
        if shape is None:
            rows = self.page(queryset)
            return rows, serializer_class(rows, many=True, context=context).data
        rows = self.page(shape.rows(queryset, *self.names))
        return rows, [shape.shown(row) for row in rows]

    def page(self, queryset: models.QuerySet[Any]) -> list[Any]:
        """The rows of this page in the caller's order; one query."""
        backwards = bool(self.cursor and self.cursor.backwards)
        down, names = self.ordering.startswith("-"), self.names
        rows = queryset
        if self.cursor:
            rows = rows.filter(_beyond(queryset.model, names, self.cursor.values, down, backwards))
        rows = rows.order_by(*(_order(queryset.model, one, down, backwards) for one in names))
        found = list(rows[: self.limit + 1])
        more = len(found) > self.limit
        found = found[: self.limit]
        if backwards:
            found.reverse()
        self._has_next = bool(found) and (more or backwards)
        self._has_previous = bool(found) and (more if backwards else self.cursor is not None)
        self._found = found
        return found

    def answer(self, results: Any, count: int | None = None) -> Response:
        """The envelope of a list; `page` came first."""
        content: dict[str, Any] = {
            "results": results,
            "next": self._link(-1, backwards=False) if self._has_next else None,
            "previous": self._link(0, backwards=True) if self._has_previous else None,
        }
        if count is not None:
            content["count"] = count
        return Response(content)

    def _link(self, index: int, *, backwards: bool) -> str:
        row = self._found[index]
        values = [_plain(_value(row, name)) for name in self.names]
        cursor = Cursor(self.ordering, backwards, values).encode()
        return link(self.request, cursor)


def link(request: Request, cursor: str) -> str:
    """The present address with another cursor."""
    parameters = request.query_params.copy()
    parameters["cursor"] = cursor
    query = urlencode(sorted((key, one) for key in parameters for one in parameters.getlist(key)))
    return request.build_absolute_uri(f"{request.path}?{query}")


def wants_count(request: Request) -> bool:
    """Whether the caller asks for the total, which costs a scan."""
    asked = request.query_params.get("count")
    if asked not in {None, "exact"}:
        raise bad_parameter("count", _("Only “exact” is possible."), "count")
    return asked == "exact"


def _order(model: type[models.Model], name: str, down: bool, backwards: bool) -> Any:
    field = F(name)
    falling = down != backwards
    if not model._meta.get_field(name).null:
        # Without a word on nulls, so that a plain index serves either direction.
        return field.desc() if falling else field.asc()
    # Rows without a value stand last in either order, hence first when reading back.
    nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
    return field.desc(**nulls) if falling else field.asc(**nulls)


def _beyond(
    model: type[models.Model], names: list[str], values: list[Any], down: bool, backwards: bool
) -> Q:
    """Rows after (or before) the given values; in a form an index on (field, id) serves."""
    try:
        if len(values) != len(names):
            raise ValueError
        typed = [
            cast("models.Field[Any, Any]", model._meta.get_field(name)).to_python(value)
            for name, value in zip(names, values, strict=True)
        ]
    except (ValueError, ValidationError):
        raise bad_parameter("cursor", _("This cursor is not valid."), "cursor") from None
    sign = "lt" if down != backwards else "gt"
    identifier = Q(**{f"id__{sign}": typed[-1]})
    if len(names) == 1:
        return identifier
    name, value = names[0], typed[0]
    if value is None:
        same = Q(**{f"{name}__isnull": True}) & identifier
        return same | Q(**{f"{name}__isnull": False}) if backwards else same
    beyond = Q(**{f"{name}__{sign}e": value}) & (Q(**{f"{name}__{sign}": value}) | identifier)
    if not backwards and model._meta.get_field(name).null:
        beyond |= Q(**{f"{name}__isnull": True})
    return beyond


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    return getattr(row, getattr(row._meta.get_field(name), "attname", name))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _fernet() -> Fernet:
    return _fernet_of(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _fernet_of(secret: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"clm api cursor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
