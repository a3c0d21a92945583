"""
Event logs as XES (IEEE 1849-2016), read by expat as a stream.

A DOCTYPE or an entity declaration refuses the file: neither belongs in a log, and both are
how XML is made to read other files or to swell.
"""

from collections.abc import Iterator
from typing import IO, Any, NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

from clm.core import xml
from journeys.logs.rows import KNOWN_COLUMNS, BadRow, EventRow, LogRefused, Refusal, RowMaker

_CHUNK = 1 << 18
_TYPES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_KNOWN = {
    name: meaning
    for name, meaning in KNOWN_COLUMNS.items()
    if ":" in name or name in {"channel", "cost", "sentiment", "customer_id"}
}


def read_xes(stream: IO[bytes], *, maker: RowMaker) -> Iterator[EventRow | BadRow]:
    """
    The events of an XES log, good and bad, in order; `line` is the event's ordinal.

    Attributes of a case go with its first event, under names that begin with `case:`.

    :raises LogRefused: not well-formed, cut off, or with a DOCTYPE
    """
    reader = _Reader(maker)
    parser = reader.parser
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            yield from reader.take()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise LogRefused(_("The XML is broken: %(error)s.") % {"error": error}) from None
    yield from reader.take()
    if not reader.saw_log:
        raise LogRefused(_("This is not an XES log: it has no <log>."))


class _Reader:
    """Collects an event's own attributes; what is nested below them is passed over."""

    def __init__(self, maker: RowMaker) -> None:
        self._maker = maker
        self._ready: list[EventRow | BadRow] = []
        self._count = 0
        self._depth = 0  # below <event> or <trace>, whichever is innermost
        self._where = ""
        self._event: dict[str, str] = {}
        self._case: dict[str, str] = {}
        self._first = True
        self.saw_log = False
        self.parser = xml.parser(self._refuse, namespaces=False)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def take(self) -> list[EventRow | BadRow]:
        ready, self._ready = self._ready, []
        return ready

    def _refuse(self, *_arguments: Any) -> NoReturn:
        raise LogRefused(_("The file has a DOCTYPE or an entity; such files are refused."))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._where == "event":
            if not self._depth and tag in _TYPES and "key" in attributes:
                self._event[attributes["key"]] = attributes.get("value", "")
            self._depth += 1
        elif self._where == "trace":
            if not self._depth and tag == "event":
                self._where = "event"
                self._event = {}
                return
            if not self._depth and tag in _TYPES and "key" in attributes:
                self._case[attributes["key"]] = attributes.get("value", "")
            self._depth += 1
        elif tag == "trace":
            self._where = "trace"
            self._case = {}
            self._first = True
        elif tag == "log":
            self.saw_log = True

    def _end(self, tag: str) -> None:
        if self._depth:
            self._depth -= 1
        elif self._where == "event":
            self._where = "trace"
            self._finish()
        elif self._where == "trace":
            self._where = ""

    def _finish(self) -> None:
        self._count += 1
        values = {"case_id": self._case.get("concept:name", "")}
        attributes: dict[str, str] = {}
        for key, value in self._event.items():
            meaning = _KNOWN.get(key)
            if meaning and meaning != "case_id":
                values[meaning] = value
            else:
                attributes[key] = value
        if self._first:
            self._first = False
            for key, value in self._case.items():
                if key != "concept:name":
                    attributes[f"case:{key}"] = value
        try:
            self._ready.append(
                self._maker.make(line=self._count, values=values, attributes=attributes)
            )
        except Refusal as refusal:
            self._ready.append(BadRow(self._count, refusal.column, str(refusal)))
