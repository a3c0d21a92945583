"""Identifiers: UUIDv7 (RFC 9562, section 5.7), which sort by the time they were made."""

import os
import time
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime | None = None) -> UUID:
    """
    A new UUIDv7, dated `at` (now when absent).

    Millisecond precision; the remaining 74 bits are random, so two made in the same
    millisecond are unordered.
    """
    milliseconds = time.time_ns() // 1_000_000 if at is None else _milliseconds(at)
    return _build(milliseconds, int.from_bytes(os.urandom(10), "big"))


def lower_bound(at: datetime) -> UUID:
    """The smallest UUID of the instant `at`: where a partition or a range of ids begins."""
    return UUID(int=_milliseconds(at) << 80)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _build(milliseconds: int, random: int) -> UUID:
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)
