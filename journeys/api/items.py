"""
One event of a batch: plain ones are looked at by hand, the rest goes through the serializer.

A serializer takes half a millisecond an event, which would make a batch of ten thousand wait for
seconds. What is taken here without it is what it would have taken, unchanged; whatever is in any
way unusual, and every refusal, is the serializer's.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from journeys.api.serializers import NewTouchpointSerializer
from journeys.logs.rows import FIRST_YEAR, farthest
from journeys.services import NewTouchpoint

_LENGTHS = {
    "id": 200, "case_id": 200, "activity": 200, "channel": 80, "actor": 200, "transition": 40,
}  # fmt: skip
_REQUIRED = frozenset({"id", "case_id", "activity", "at"})
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,2})?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def read_items(
    given: Sequence[Any], *, now: datetime
) -> tuple[list[tuple[int, dict[str, Any]]], list[dict[str, Any]]]:
    """The good events with their places, and those refused with their places and reasons."""
    good: list[tuple[int, dict[str, Any]]] = []
    refused: list[dict[str, Any]] = []
    latest = farthest(now)
    for index, one in enumerate(given):
        values = _plain(one, latest)
        if values is None:
            item = NewTouchpointSerializer(data=one, context={"now": now})
            if not item.is_valid():
                refused.append({"index": index, "detail": dict(item.errors)})
                continue
            values = dict(item.validated_data)
        good.append((index, values))
    return good, refused


def touchpoint(position: int, values: Mapping[str, Any], reached: set[UUID]) -> NewTouchpoint:
    """:param reached: the customers within the caller's reach; others are parked by their id"""
    customer_id = values.get("customer")
    attributes = values.get("attributes") or {}
    if customer_id and customer_id not in reached:
        attributes = {**attributes, "customer_id": str(customer_id)}
        customer_id = None
    return NewTouchpoint(
        external_id=values["id"],
        case_id=values["case_id"],
        activity=values["activity"],
        at=values["at"],
        position=position,
        ended_at=values.get("ended_at"),
        customer_id=customer_id,
        transition=values.get("transition", "").lower(),
        channel=values.get("channel", ""),
        actor=values.get("actor", ""),
        cost=values.get("cost"),
        sentiment=values.get("sentiment"),
        attributes=attributes,
    )


def _plain(one: Any, latest: datetime) -> dict[str, Any] | None:
    """The values of an event that leaves no question open; None for any other."""
    if type(one) is not dict or not one.keys() >= _REQUIRED:
        return None
    values: dict[str, Any] = {}
    for name, value in one.items():
        most = _LENGTHS.get(name)
        if most is not None:
            if type(value) is not str or not 0 < len(value) <= most or value != value.strip():
                return None
        elif name in {"at", "ended_at"}:
            value = _instant(value, latest)
        else:
            reader = _READERS.get(name)
            value = reader(value) if reader else None
        if value is None:
            return None
        values[name] = value
    if "ended_at" in values and values["ended_at"] < values["at"]:
        return None
    return values


def _instant(value: Any, latest: datetime) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    if found.tzinfo is None or found.year < FIRST_YEAR or found > latest:
        return None
    return found


def _cost(value: Any) -> Decimal | None:
    return Decimal(value) if type(value) is str and _AMOUNT.fullmatch(value) else None


def _sentiment(value: Any) -> int | None:
    return value if type(value) is int and -2 <= value <= 2 else None


def _customer(value: Any) -> UUID | None:
    return UUID(value) if type(value) is str and _UUID.fullmatch(value) else None


def _attributes(value: Any) -> dict[str, str] | None:
    if type(value) is not dict:
        return None
    for text in value.values():
        if type(text) is not str or len(text) > 1000 or text != text.strip():
            return None
    return value


_READERS = {
    "cost": _cost,
    "sentiment": _sentiment,
    "customer": _customer,
    "attributes": _attributes,
}
