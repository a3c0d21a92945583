"""Identifiers: UUIDv7 (RFC 9562, section 5.7), which sort by the time they were made."""

import os
import time
from datetime import datetime
from uuid import UUID

_INSTANT = (1 << 48) - 1
#: Of the 80 bits after the instant six are fixed, the version (7) and the variant (binary 10).
_MARKS = 0x7 << 76 | 0b10 << 62
_RANDOM = (1 << 80) - 1 & ~(0xF << 76 | 0b11 << 62)
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def uuid7(at: datetime | None = None) -> UUID:
    """
    A new UUIDv7, dated `at` (now when absent).

    Millisecond precision; the remaining 74 bits are random, so two made in the same
    millisecond are unordered.
    """
    milliseconds = time.time_ns() // 1_000_000 if at is None else _milliseconds(at)
    return _build(milliseconds, int.from_bytes(os.urandom(10), "big"))


def uuid7s(count: int, at: datetime) -> list[UUID]:
    """New UUIDv7s, all dated `at`: what `uuid7(at)` would give, called so often."""
    milliseconds = _milliseconds(at)
    random = os.urandom(10 * count)
    return [
        _build(milliseconds, int.from_bytes(random[begin : begin + 10], "big"))
        for begin in range(0, 10 * count, 10)
    ]


def uuid7_texts(count: int) -> list[str]:
    """New UUIDv7s as text, for who needs no objects."""
    milliseconds = f"{time.time_ns() // 1_000_000:012x}"
    begin = f"{milliseconds[:8]}-{milliseconds[8:]}-7"
    random = os.urandom(10 * count).hex()
    # Two bits of the seventeenth digit are the variant, 10; the other two stay random.
    return [
        f"{begin}{random[at : at + 3]}-{_VARIANT[random[at + 3]]}{random[at + 4 : at + 7]}-{random[at + 7 : at + 19]}"
        for at in range(0, 20 * count, 20)
    ]


def lower_bound(at: datetime) -> UUID:
    """The smallest UUID of the instant `at`: where a partition or a range of ids begins."""
    return UUID(int=_milliseconds(at) << 80)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _build(milliseconds: int, random: int) -> UUID:
    return UUID(int=(milliseconds & _INSTANT) << 80 | random & _RANDOM | _MARKS)
