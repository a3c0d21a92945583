"""What a source record says, as it is kept: encrypted, each value with the day since when it is so."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from clm.core import crypto
from customers.identification import IdentifierKind, mask

PAYLOAD_CONTEXT = "customers.SourceRecord"
# Asked for every value of every row: `IdentifierKind.values` would make the list each time.
_NUMBERS = frozenset(IdentifierKind.values)
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class Told(NamedTuple):
    """One value of a source record."""

    value: Any
    since: datetime


def pack(*, values: Mapping[str, Any], at: datetime, before: str = "") -> str:
    """
    A token of what a source says; numbers are masked, since they are kept elsewhere.

    :param before: the token so far: a value that has not changed keeps its day
    """
    told = {
        name: value if type(value) is str and name not in _NUMBERS else _kept(name, value)
        for name, value in values.items()
    }
    since = {
        name: earlier.since
        for name, earlier in unpack(before).items()
        if name in told and told[name] == earlier.value
    }
    return _token(told, since, at)


def add(*, token: str, values: Mapping[str, Any], at: datetime) -> str:
    """The token with these values said at `at`; the others as they were."""
    known = unpack(token)
    told = {name: one.value for name, one in known.items()}
    told |= {name: _kept(name, value) for name, value in values.items()}
    since = {name: one.since for name, one in known.items() if name not in values}
    return _token(told, since, at)


def unpack(token: str) -> dict[str, Told]:
    """The values behind a token; none behind an empty one."""
    if not token:
        return {}
    content = json.loads(crypto.decrypt(token=token, context=PAYLOAD_CONTEXT))
    if "told" not in content:
        # As it was written at first: each value with its day.
        return {
            name: Told(one, datetime.fromisoformat(day)) for name, (one, day) in content.items()
        }
    days = {name: datetime.fromisoformat(day) for name, day in content["since"].items()}
    at = datetime.fromisoformat(content["at"])
    return {name: Told(value, days.get(name, at)) for name, value in content["told"].items()}


def _token(told: Mapping[str, Any], since: Mapping[str, datetime], at: datetime) -> str:
    """Most values are as old as the token: only the others carry a day of their own."""
    older = {name: day.isoformat() for name, day in since.items() if day != at}
    plain = {"at": _instant(at), "told": told, "since": older}
    return crypto.encrypt(plaintext=_ENCODER.encode(plain), context=PAYLOAD_CONTEXT)


@lru_cache(maxsize=16)
def _instant(at: datetime) -> str:
    return at.isoformat()


def _kept(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        return mask(kind=name, value="".join(filter(str.isalnum, str(value))))
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_kept(name, part) for part in value]
    if isinstance(value, Mapping):
        return {key: _kept(key, part) for key, part in value.items()}
    return value if isinstance(value, (int, float, bool)) or value is None else str(value)
