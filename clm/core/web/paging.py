"""Keyset pages: a link holds where the last row stood, so that new rows shift nothing."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest, QueryDict

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list; the addresses are empty at either end."""

    items: list[M]
    next_url: str
    previous_url: str

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, datetime | date)
        else (str(value) if isinstance(value, UUID) else value)
    )


def _mark(values: Sequence[Any]) -> str:
    text = json.dumps([_plain(v) for v in values], separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(mark: str, size: int) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
    except (ValueError, binascii.Error):
        return None
    return values if isinstance(values, list) and len(values) == size else None


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that stand after `values` in `order`; nulls are not expected in a key."""
    found = Q()
    equal = Q()
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        side = "lt" if name.startswith("-") else "gt"
        found |= equal & Q(**{f"{field}__{side}": value})
        equal &= Q(**{field: value})
    return found


def _reversed(order: Sequence[str]) -> list[str]:
    return [n[1:] if n.startswith("-") else f"-{n}" for n in order]


def _value(item: Any, name: str) -> Any:
    for part in name.lstrip("-").split("__"):
        item = getattr(item, part)
    return item


def keyset(
    *, queryset: QuerySet[M], request: HttpRequest, order: Sequence[str], size: int = 50
) -> Page[M]:
    """
    The page that `?after=` or `?before=` asks for; a broken mark gives the first page.

    :param order: fields that are never null and together unique, `-` for descending
    """
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    back = bool(before and not after)
    direction = _reversed(order) if back else list(order)
    values = _read(before if back else after, len(order)) if (after or before) else None
    rows = queryset.order_by(*[_expression(name) for name in direction])
    if values is not None:
        try:
            found = list(rows.filter(_beyond(direction, values))[: size + 1])
        except (ValueError, TypeError, OverflowError, ValidationError):
            found, values, back = list(queryset.order_by(*order)[: size + 1]), None, False
    else:
        back = False
        found = list(queryset.order_by(*order)[: size + 1])
    more = len(found) > size
    items = found[:size]
    if back:
        items.reverse()
    has_next = back or more
    has_previous = more if back else values is not None
    return Page(
        items=items,
        next_url=_url(request, "after", items[-1], order) if items and has_next else "",
        previous_url=_url(request, "before", items[0], order) if items and has_previous else "",
    )


def _expression(name: str) -> Any:
    return F(name[1:]).desc() if name.startswith("-") else F(name).asc()


def _url(request: HttpRequest, key: str, item: Any, order: Sequence[str]) -> str:
    query: QueryDict = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[key] = _mark([_value(item, name) for name in order])
    return f"{request.path}?{query.urlencode()}"
