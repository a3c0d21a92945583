"""The welcome plan as data: which message when, unless what, by which channels, in which words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

_PLAN = Path(__file__).parent / "seed" / "welcome.json"


@dataclass(frozen=True)
class Step:
    """
    One message.

    :param unless: the milestone that makes it needless, "" for none
    :param purpose: of the ledger of consents: `service` or `marketing`
    :param channels: the first one that is there and may be used is
    """

    key: str
    after: timedelta
    unless: str
    purpose: str
    channels: tuple[str, ...]
    title: Mapping[str, str]
    text: Mapping[str, str]

    @property
    def sells(self) -> bool:
        return self.purpose != "service"


@cache
def steps() -> dict[str, Step]:
    """The plan's steps by key, in their order."""
    return {
        one["key"]: Step(
            key=one["key"],
            after=timedelta(days=one["after_days"]),
            unless=one.get("unless", ""),
            purpose=one["purpose"],
            channels=tuple(one["channels"]),
            title=one["title"],
            text=one["text"],
        )
        for one in json.loads(_PLAN.read_text(encoding="utf-8"))
    }
