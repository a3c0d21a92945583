"""
What the law asks for before somebody is contacted: data with a source and a day, not code.

The file `data/contact.json` has one rule a line: `channels`, for direct marketing, whether a
channel asks for a prior consent and whether the Robinson list closes it; `rules`, the article
behind each other answer. A rule holds from its day until the next of the same kind begins.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "contact.json"
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """
    Direct marketing by one channel.

    :param source: why a consent is needed, or under what it is allowed without one
    :param robinson: why the Robinson list closes the channel; empty where it does not
    """

    needs_consent: bool
    source: str
    robinson: str = ""


#: Where a country's law is not known here, nothing is sent without a consent.
STRICT = ChannelRule(needs_consent=True, source="GDPR art. 6(1)(a)")


def channel_rule(*, country: str, channel: str, on: date) -> ChannelRule:
    """The rule of a channel in a country on a day; the strict one where none is known."""
    found = _holding("channels", "channel", channel, country, on)
    if found is None:
        return STRICT
    return ChannelRule(found["needs_consent"], found["source"], found.get("robinson", ""))


def source_of(*, about: str, country: str, on: date) -> str:
    """The article behind an answer; empty on a day before there was one."""
    found = _holding("rules", "about", about, country, on)
    return str(found["source"]) if found else ""


def _holding(part: str, key: str, value: str, country: str, on: date) -> dict[str, Any] | None:
    held = [
        one
        for one in _content()[part]
        if one[key] == value
        and one["country"] in (country, EVERYWHERE)
        and date.fromisoformat(one["in_force_from"]) <= on
    ]
    return max(held, key=lambda one: str(one["in_force_from"]), default=None)


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return content
