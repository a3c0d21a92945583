"""
Event logs as XES (IEEE 1849-2016), read by expat as a stream.

A DOCTYPE or an entity declaration refuses the file: neither belongs in a log, and both are
how XML is made to read other files or to swell.
"""

from collections.abc import Iterator
from io import BufferedReader
from typing import Any, NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

from clm.core import xml
from journeys.logs.rows import (
    KNOWN_COLUMNS,
    BadRow,
    EventRow,
    LogBroken,
    LogRefused,
    Refusal,
    RowMaker,
)

_CHUNK = 1 << 18
_TYPES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_KNOWN = {
    name: meaning
    for name, meaning in KNOWN_COLUMNS.items()
    if meaning != "case_id"
    and (":" in name or name in {"channel", "cost", "sentiment", "customer_id"})
}


def read_xes(stream: BufferedReader, *, maker: RowMaker) -> Iterator[EventRow | BadRow]:
    """
    The events of an XES log, good and bad, in order; `line` is the event's ordinal.

    Attributes of a case go with its first event, under names that begin with `case:`.

    :raises LogBroken: not well-formed from some place on, or cut off
    :raises LogRefused: no event before such a place, a DOCTYPE, or not a log
    """
    reader = _Reader(maker)
    parser = reader.parser
    try:
        # What there is of it: a compressed file that is cut off is read up to the cut.
        while chunk := stream.read1(_CHUNK):
            parser.Parse(chunk, False)
            yield from reader.take()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        yield from reader.take()
        why = _("The XML is broken: %(error)s.") % {"error": error}
        raise (LogBroken(reader.count, why) if reader.count else LogRefused(why)) from None
    yield from reader.take()
    if not reader.saw_log:
        raise LogRefused(_("This is not an XES log: it has no <log>."))


class _Reader:
    """Collects an event's own attributes; what is nested below them is passed over."""

    def __init__(self, maker: RowMaker) -> None:
        self._maker = maker
        self._ready: list[EventRow | BadRow] = []
        self.count = 0
        self._first = True
        self.saw_log = False
        self.parser = xml.parser(self._refuse, namespaces=False)
        # Attributes as a flat list: what a log is made of arrives as [key, …, value, …].
        self.parser.ordered_attributes = True
        self._outside()

    def take(self) -> list[EventRow | BadRow]:
        ready, self._ready = self._ready, []
        return ready

    def _refuse(self, *_arguments: Any) -> NoReturn:
        raise LogRefused(_("The file has a DOCTYPE or an entity; such files are refused."))

    # One pair of handlers for each place in the log: nothing is asked that the place answers.

    def _outside(self) -> None:
        self.parser.StartElementHandler = self._start_outside
        self.parser.EndElementHandler = None

    def _start_outside(self, tag: str, _attributes: list[str]) -> None:
        if tag == "trace":
            self._trace()
        elif tag == "event":
            # XES allows events without a trace; they belong to no case.
            self.count += 1
            self._ready.append(BadRow(self.count, "case_id", _("missing")))
        elif tag == "log":
            self.saw_log = True

    def _trace(self) -> None:
        """Handlers of a trace. Functions with their own variables: a log lives in these."""
        parser, finish = self.parser, self._finish
        case: dict[str, str] = {}
        event: dict[str, str] = {}
        depth = 0  # below <event> or <trace>, whichever is innermost

        def start_in_trace(tag: str, attributes: list[str]) -> None:
            nonlocal depth, event
            if not depth:
                if tag == "event":
                    event = {}
                    parser.StartElementHandler = start_in_event
                    parser.EndElementHandler = end_in_event
                    return
                if tag in _TYPES:
                    _collect(case, attributes)
            depth += 1

        def end_in_trace(_tag: str) -> None:
            nonlocal depth
            if depth:
                depth -= 1
            else:
                self._outside()

        def start_in_event(tag: str, attributes: list[str]) -> None:
            nonlocal depth
            if not depth and tag in _TYPES:
                if len(attributes) == 4 and attributes[0] == "key" and attributes[2] == "value":
                    event[attributes[1]] = attributes[3]
                else:
                    _collect(event, attributes)
            depth += 1

        def end_in_event(_tag: str) -> None:
            nonlocal depth
            if depth:
                depth -= 1
                return
            parser.StartElementHandler = start_in_trace
            parser.EndElementHandler = end_in_trace
            finish(event, case)

        self._first = True
        parser.StartElementHandler = start_in_trace
        parser.EndElementHandler = end_in_trace

    def _finish(self, event: dict[str, str], case: dict[str, str]) -> None:
        self.count += 1
        values = {"case_id": case.get("concept:name", "")}
        attributes: dict[str, str] = {}
        for key, value in event.items():
            meaning = _KNOWN.get(key)
            if meaning:
                values[meaning] = value
            else:
                attributes[key] = value
        if self._first:
            self._first = False
            for key, value in case.items():
                if key != "concept:name":
                    attributes[f"case:{key}"] = value
        try:
            self._ready.append(self._maker.make(self.count, values, attributes))
        except Refusal as refusal:
            self._ready.append(BadRow(self.count, refusal.column, str(refusal)))


def _collect(into: dict[str, str], attributes: list[str]) -> None:
    given = dict(zip(attributes[::2], attributes[1::2], strict=True))
    if "key" in given:
        into[given["key"]] = given.get("value", "")
