"""One way to write a value as bytes, so that a digest of it can be made again later."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

_AS_IT_IS = frozenset({str, int, bool, type(None)})
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:
    """The value as JSON can carry it and PostgreSQL's jsonb gives it back."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, float):
        # jsonb writes 1e22 as an integer; a whole number is one either way.
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, UUID, Decimal)):
        return str(value)
    return str(value)


def canonical(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8."""
    return _ENCODER.encode(plain(value)).encode()
