"""One event of a log, whatever its format, and how raw values become one."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.utils.translation import gettext as _

FIRST_YEAR = 1980
_LAST_YEAR = 2200


def farthest(now: datetime) -> datetime:
    """The last plausible instant: appointments lie ahead, but not by more than a year."""
    return now + timedelta(days=366)


class LogRefused(Exception):
    """The file as a whole cannot be read; the sentence says why."""


class LogBroken(LogRefused):
    """The file breaks off behind `line`; what was read until there is good."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


class BadRow(NamedTuple):
    """A row that was left out, and why."""

    line: int
    column: str
    detail: str


class EventRow(NamedTuple):
    """An event; `line` is where it stood, which also breaks ties of time."""

    line: int
    case_id: str
    activity: str
    at: datetime
    ended_at: datetime | None = None
    external_id: str = ""
    channel: str = ""
    actor: str = ""
    transition: str = ""
    cost: Decimal | None = None
    sentiment: int | None = None
    customer_id: str = ""
    attributes: Mapping[str, str] = {}


#: What a column is, by any of the names it goes under.
KNOWN_COLUMNS = {
    "case_id": "case_id",
    "case:concept:name": "case_id",
    "activity": "activity",
    "concept:name": "activity",
    "timestamp": "at",
    "at": "at",
    "time:timestamp": "at",
    "end": "ended_at",
    "ended_at": "ended_at",
    "time:end": "ended_at",
    "event_id": "external_id",
    "external_id": "external_id",
    "identity:id": "external_id",
    "channel": "channel",
    "actor": "actor",
    "org:resource": "actor",
    "lifecycle:transition": "transition",
    "cost": "cost",
    "cost:total": "cost",
    "sentiment": "sentiment",
    "customer_id": "customer_id",
}
_LENGTHS = {"case_id": 200, "activity": 200, "channel": 80, "actor": 200, "transition": 40,
            "external_id": 200}  # fmt: skip
_MOST_ATTRIBUTES = 200


class Refusal(Exception):
    """Why a row is left out; `column` names the culprit."""

    def __init__(self, column: str, detail: str) -> None:
        self.column = column
        super().__init__(detail)


class RowMaker:
    """
    Makes events of raw columns and gives each an id.

    An event without an id of its own is known by the digest of its row and by how many equal
    rows came before it: equal rows stay apart, and a second reading gives the same ids.
    """

    def __init__(self, *, zone: tzinfo = UTC, now: datetime | None = None) -> None:
        self._zone = zone
        self._latest = farthest(now) if now else datetime.max.replace(tzinfo=UTC)
        self._seen: dict[str, int] = {}

    def make(self, line: int, values: Mapping[str, str], attributes: Mapping[str, str]) -> EventRow:
        """
        :param values: by the names on the right of `KNOWN_COLUMNS`
        :raises Refusal: something required is missing or cannot be understood
        """
        given = values.get
        if not (given("case_id") and given("activity") and given("at")):
            missing = next(name for name in ("case_id", "activity", "at") if not given(name))
            raise Refusal(missing, _("missing"))
        # One look at the whole row; only a row that fails it is searched for the culprit.
        whole = "\x1f".join((*values, *values.values(), *attributes, *attributes.values()))
        if (
            len(whole) > 200
            or not whole.isascii()
            or "\x00" in whole
            or len(given("transition", "")) > 40
            or len(given("channel", "")) > 80
        ):
            _check(values, attributes)
        at = self._instant("at", values["at"])
        ended_at = self._instant("ended_at", values["ended_at"]) if given("ended_at") else None
        if ended_at is not None and ended_at < at:
            raise Refusal("ended_at", _("ends before it starts"))
        cost, sentiment = given("cost"), given("sentiment")
        # By place: the names of a NamedTuple's fields cost as much as making it.
        return EventRow(
            line,
            values["case_id"],
            values["activity"],
            at,
            ended_at,
            given("external_id") or self._digest(whole),
            given("channel", ""),
            given("actor", ""),
            given("transition", "").lower(),
            _cost(cost) if cost else None,
            _sentiment(sentiment) if sentiment else None,
            given("customer_id", ""),
            attributes,
        )

    def _digest(self, row: str) -> str:
        # The row has passed the check, so it is text that can be written.
        digest = hashlib.blake2b(row.encode(), digest_size=16).hexdigest()
        occurrence = self._seen.get(digest, 0)
        self._seen[digest] = occurrence + 1
        return f"{digest}-{occurrence}"

    def _instant(self, column: str, text: str) -> datetime:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise Refusal(column, _("“%(text)s” is not a time") % {"text": text[:40]}) from None
        if at.tzinfo is None:
            at = at.replace(tzinfo=self._zone)
        if at.year < FIRST_YEAR or at.year > _LAST_YEAR:
            raise Refusal(column, _("“%(text)s” is not a plausible time") % {"text": text[:40]})
        # Comparing across offsets is dear, and seldom needed.
        if at.year >= self._latest.year and at > self._latest:
            raise Refusal(column, _("“%(text)s” lies more than a year ahead") % {"text": text[:40]})
        return at


def _check(values: Mapping[str, str], attributes: Mapping[str, str]) -> None:
    for name, most in _LENGTHS.items():
        if len(values.get(name, "")) > most:
            raise Refusal(name, _("longer than %(most)d characters") % {"most": most})
    if len(attributes) > _MOST_ATTRIBUTES:
        raise Refusal("", _("more than %(most)d attributes") % {"most": _MOST_ATTRIBUTES})
    for name, value in (*values.items(), *attributes.items()):
        for text in (name, value):
            if "\x00" in text:
                raise Refusal(name[:40], _("contains a NUL character"))
            try:
                text.encode()
            except UnicodeEncodeError:
                raise Refusal(name[:40], _("is not valid UTF-8")) from None


def _cost(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        cost = Decimal(text)
    except InvalidOperation:
        raise Refusal("cost", _("“%(text)s” is not a number") % {"text": text[:40]}) from None
    if not cost.is_finite() or abs(cost) >= Decimal(10) ** 12:
        raise Refusal("cost", _("“%(text)s” is not a plausible amount") % {"text": text[:40]})
    return cost.quantize(Decimal("0.01"))


def _sentiment(text: str) -> int | None:
    if not text:
        return None
    if text.lstrip("+") not in {"-2", "-1", "0", "1", "2"}:
        raise Refusal("sentiment", _("sentiment runs from −2 to +2"))
    return int(text)
