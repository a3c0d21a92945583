"""What a source record says, as it is kept: encrypted, each value with the day since when it is so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from clm.core import crypto
from customers.identification import IdentifierKind, mask

PAYLOAD_CONTEXT = "customers.SourceRecord"
# Asked for every value of every row: `IdentifierKind.values` would make the list each time.
_NUMBERS = frozenset(IdentifierKind.values)


@dataclass(frozen=True)
class Told:
    """One value of a source record."""

    value: Any
    since: datetime


def pack(*, values: Mapping[str, Any], at: datetime, before: str = "") -> str:
    """
    A token of what a source says; numbers are masked, since they are kept elsewhere.

    :param before: the token so far: a value that has not changed keeps its day
    """
    known = unpack(before)
    content = {}
    for name, value in values.items():
        kept = _kept(name, value)
        earlier = known.get(name)
        since = earlier.since if earlier is not None and earlier.value == kept else at
        content[name] = [kept, since.isoformat()]
    return crypto.encrypt(plaintext=json.dumps(content), context=PAYLOAD_CONTEXT)


def add(*, token: str, values: Mapping[str, Any], at: datetime) -> str:
    """The token with these values said at `at`; the others as they were."""
    content = {name: [told.value, told.since.isoformat()] for name, told in unpack(token).items()}
    content |= {name: [_kept(name, value), at.isoformat()] for name, value in values.items()}
    return crypto.encrypt(plaintext=json.dumps(content), context=PAYLOAD_CONTEXT)


def unpack(token: str) -> dict[str, Told]:
    """The values behind a token; none behind an empty one."""
    if not token:
        return {}
    content = json.loads(crypto.decrypt(token=token, context=PAYLOAD_CONTEXT))
    return {
        name: Told(value, datetime.fromisoformat(since)) for name, (value, since) in content.items()
    }


def _kept(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        return mask(kind=name, value="".join(c for c in str(value) if c.isalnum()))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _kept(key, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_kept(name, part) for part in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
