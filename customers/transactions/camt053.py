"""
Account statements as ISO 20022 camt.053, versions 02 and 08, read by expat as a stream.

A DOCTYPE or an entity refuses the file: neither belongs in a statement, and both are how XML is
made to read other files or to swell. A file may hold many statements; each is an accounting
document of its own and is believed as a whole or not at all: its closing balance must be its
opening balance and its booked entries. Reading can stop before any entry and go on there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any, NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

from clm.core import xml
from customers.transactions.entries import (
    DETAIL_VALUES,
    ENTRY_VALUES,
    Entry,
    Unfit,
    amount_of,
    day_of,
    total_of,
    transactions_of,
)
from customers.transactions.statements import (
    CLOSING,
    OPENING,
    Booked,
    Ended,
    Found,
    Mark,
    Problem,
    Statement,
    StatementRefused,
)

VERSIONS = {
    "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02": "02",
    "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08": "08",
}
_CHUNK = 1 << 16
_DEPTH = 64
#: Elements that an entry of any bank is made of; a file with more is no statement.
_MOST_PLACES = 5_000
_LONGEST = 16_384
#: The beginning of a file up to its first statement, and of a statement up to its first entry.
_HEAD = 1 << 20
_NOTHING = Decimal(0)
#: The end of an entry's tags.
_ENTRY = b"Ntry>"


def look_through(stream: IO[bytes]) -> int:
    """
    Find what makes the file no good as a whole, before anything of it is believed.

    expat does it alone, without Python's handlers, eight times as fast as reading does.

    :return: how many entries there are; for a progress bar, since a comment may name one too
    :raises StatementRefused: not well-formed, of another kind, cut off, or with a DOCTYPE
    """
    reader = _Reader()
    reader.only_open()
    entries, tail = 0, b""
    stream.seek(0)
    try:
        while chunk := stream.read(_CHUNK):
            reader.parser.Parse(chunk, False)
            entries += (tail + chunk).count(_ENTRY)
            tail = chunk[1 - len(_ENTRY) :]
        reader.parser.Parse(b"", True)
    except expat.ExpatError:
        # The element gets its name by reading all of it, which breaks at the same place.
        for _found in read(stream):
            pass
        raise
    return entries // 2


def read(
    stream: IO[bytes], *, begin: Mark | None = None, total: Decimal = _NOTHING
) -> Iterator[Found]:
    """
    The booked entries of every statement and the statements' ends, in order.

    :param begin: go on before this entry, of an earlier reading of the same file
    :param total: what the entries before it came to
    :raises StatementRefused: not well-formed, of another kind, cut off, or with a DOCTYPE
    """
    reader = _Reader()
    try:
        if begin is not None:
            reader.resume(stream, begin, total)
        else:
            stream.seek(0)
        while chunk := stream.read(_CHUNK):
            reader.parser.Parse(chunk, False)
            yield from reader.take()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise StatementRefused(reader.broken(error)) from None
    yield from reader.take()
    if not reader.version:
        raise StatementRefused(_("This is not an account statement: it has no <BkToCstmrStmt>."))


def _first_statement(stream: IO[bytes], refuse: Callable[..., NoReturn]) -> tuple[int, int]:
    """Offset and line of the first statement."""
    found: list[tuple[int, int]] = []
    finder = xml.parser(refuse)

    def start(tag: str, _attributes: dict[str, str]) -> None:
        if not found and tag.endswith(" Stmt"):
            found.append((finder.CurrentByteIndex, finder.CurrentLineNumber))

    finder.StartElementHandler = start
    stream.seek(0)
    while not found and stream.tell() <= _HEAD and (chunk := stream.read(_CHUNK)):
        finder.Parse(chunk, False)
    if not found:
        raise StatementRefused(_("The file is not the one that was begun."))
    return found[0]


@dataclass(slots=True)
class _Place:
    """
    An element of an entry: its path, the value it holds (or none), and what stands around it.

    :param begins: with it a transaction of the entry begins
    """

    path: str
    name: str = ""
    inner: bool = False
    begins: bool = False
    above: "_Place | None" = None
    depth: int = 0
    below: "dict[str, _Place]" = field(default_factory=dict)


class _Reader:
    """Collects what stands in a statement's head and in its entries; the rest is passed over."""

    def __init__(self) -> None:
        self.version = ""
        self.parser = xml.parser(self._refuse)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._namespace = ""
        #: The entry itself, above all its elements, and where in it the reading is.
        self._top = self._here = _Place("")
        self._made = 0
        self._path: list[str] = []
        #: What stands in the element that is being read, as far as it has come.
        self._text: list[str] = []
        self.parser.CharacterDataHandler = self._text.append
        self._attributes: dict[str, str] = {}
        self._ready: list[Found] = []
        self._count = 0
        self._statement: Statement | None = None
        self._balance: dict[str, tuple[str, int]] = {}
        self._entry: Entry | None = None
        self._mark: Mark | None = None
        self._spans: list[tuple[int, int, int]] = [(0, 0, 0)]
        self._begun: tuple[Mark, Decimal] | None = None
        #: Lines between what the parser counts and the file, throughout the entry.
        self._shift = 0

    def take(self) -> list[Found]:
        if len(self._text) > 1:
            # A text that goes on from piece to piece of the file is not kept without an end.
            self._joined()
        ready, self._ready = self._ready, []
        return ready

    def only_open(self) -> None:
        """Look at the outermost element and, from there on, at nothing but the form of it all."""

        def start(tag: str, _attributes: dict[str, str]) -> None:
            namespace, _space, name = tag.rpartition(" ")
            self._open(namespace, name)
            self.parser.StartElementHandler = None

        self.parser.StartElementHandler = start
        self.parser.EndElementHandler = self.parser.CharacterDataHandler = None

    def resume(self, stream: IO[bytes], mark: Mark, total: Decimal) -> None:
        """Read the beginning of the file and of the statement again, then stand before the entry."""
        offset, line = _first_statement(stream, self._refuse)
        stream.seek(0)
        head = stream.read(offset)
        stream.seek(mark.statement_offset)
        inner = stream.read(mark.first_entry - mark.statement_offset)
        self._count, self._begun = mark.statement, (mark, total)
        # What is fed to the parser is not the file: from each of these bytes on, that much lies
        # between its offsets and lines and the file's.
        lines = line + inner.count(b"\n")
        self._spans += [
            (len(head), mark.statement_offset - len(head), mark.statement_line - line),
            (len(head) + len(inner), mark.offset - len(head) - len(inner), mark.line - lines),
        ]
        self.parser.Parse(head + inner, False)
        stream.seek(mark.offset)

    def broken(self, error: expat.ExpatError) -> str:
        return _("Line %(line)d, in <%(element)s>: the XML is broken (%(error)s).") % {
            "line": error.lineno + self._spans[-1][2],
            "element": self._element,
            "error": expat.ErrorString(error.code),
        }

    @property
    def _element(self) -> str:
        """The element that is being read."""
        if self._here is not self._top:
            return self._here.path.rpartition("/")[2]
        return self._path[-1] if self._path else ""

    @property
    def _span(self) -> tuple[int, int, int]:
        if len(self._spans) == 1:
            return self._spans[0]
        index = max(self.parser.CurrentByteIndex, 0)
        if index >= self._spans[-1][0]:
            del self._spans[:-1]
        return next(one for one in reversed(self._spans) if one[0] <= index)

    @property
    def _line(self) -> int:
        return self.parser.CurrentLineNumber + self._span[2]

    @property
    def _offset(self) -> int:
        return self.parser.CurrentByteIndex + self._span[1]

    def _refuse(self, *_arguments: Any) -> NoReturn:
        raise StatementRefused(
            _("Line %(line)d: the file has a DOCTYPE or an entity; such files are refused.")
            % {"line": self._line}
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _space, name = tag.rpartition(" ")
        if not self._path:
            self._open(namespace, name)
        self._path.append(name)
        if len(self._path) > _DEPTH:
            raise StatementRefused(
                _("Line %(line)d, <%(element)s>: nested too deeply.")
                % {"line": self._line, "element": name}
            )
        self._text.clear()
        self._attributes = attributes
        if namespace != self._namespace:
            return
        if len(self._path) == 2 and name == "BkToCstmrStmt":
            self.version = VERSIONS[namespace]
        elif len(self._path) == 3 and name == "Stmt":
            self._begin_statement()
        elif len(self._path) == 4 and self._statement is not None:
            if name == "Ntry":
                self._begin_entry(self._statement)
            elif name == "Bal":
                self._balance = {}

    def _open(self, namespace: str, name: str) -> None:
        self._namespace = namespace
        if namespace not in VERSIONS or name != "Document":
            raise StatementRefused(
                _(
                    "Line %(line)d, <%(element)s>: this is not a camt.053 of version 02 or 08, but"
                    " “%(namespace)s”."
                )
                % {"line": self._line, "element": name[:60], "namespace": namespace[:120]}
            )

    def _begin_statement(self) -> None:
        statement = Statement(self._count, self._offset, self._line)
        if self._begun is not None:
            mark, statement.total = self._begun
            statement.first_entry, statement.entries = mark.first_entry, mark.entry
            self._begun = None
        self._statement = statement
        self._count += 1

    def _begin_entry(self, statement: Statement) -> None:
        offset, line = self._offset, self._line
        if not statement.first_entry:
            statement.first_entry = offset
        self._mark = Mark(
            statement.index, statement.offset, statement.line, statement.first_entry,
            offset, line, statement.entries,
        )  # fmt: skip
        statement.entries += 1
        self._shift = self._span[2]
        self._entry = Entry(number=statement.entries, line=line)
        # An entry has some thirty elements, and a file a million entries: within one there are
        # handlers that do nothing else.
        self.parser.StartElementHandler = self._start_within
        self.parser.EndElementHandler = self._end_within

    def _start_within(self, tag: str, attributes: dict[str, str]) -> None:
        self._here = place = self._here.below.get(tag) or self._place(self._here, tag)
        self._attributes = attributes
        if self._text:
            self._text.clear()
        if place.begins and self._entry is not None:
            self._entry.details.append({})

    def _end_within(self, _tag: str) -> None:
        place = self._here
        if place.above is None:
            self._end_entry()
            return
        self._here = place.above
        if self._text:
            text = self._joined() if place.name else ""
            if text and self._entry is not None:
                self._entry.put(
                    place.name,
                    text,
                    self.parser.CurrentLineNumber + self._shift,
                    self._attributes.get("Ccy", ""),
                    inner=place.inner,
                )
            self._text.clear()

    def _end_entry(self) -> None:
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._text.clear()
        self._path.pop()
        if self._statement is not None and self._entry is not None:
            self._finish_entry(self._statement, self._entry)

    def _place(self, above: _Place, tag: str) -> _Place:
        """Where an element stands in its entry, and the value that its text is; made once each."""
        namespace, _space, name = tag.rpartition(" ")
        if above.depth >= _DEPTH or self._made > _MOST_PLACES:
            raise StatementRefused(
                _("Line %(line)d, <%(element)s>: nested too deeply.")
                % {"line": self._line, "element": name[:60]}
            )
        self._made += 1
        path = f"{above.path}/{name}" if above.path else name
        inner = path.startswith("NtryDtls/TxDtls/")
        value = path.removeprefix("NtryDtls/TxDtls/")
        known = value in (DETAIL_VALUES if inner else ENTRY_VALUES)
        value = value if known and namespace == self._namespace else ""
        begins = path == "NtryDtls/TxDtls"
        above.below[tag] = _Place(path, value, inner, begins, above, above.depth + 1)
        return above.below[tag]

    def _joined(self) -> str:
        text = self._text[0] if len(self._text) == 1 else "".join(self._text)
        if len(text) > _LONGEST:
            raise StatementRefused(
                _("Line %(line)d, <%(element)s>: the text is too long.")
                % {"line": self._line, "element": self._element}
            )
        return text.strip()

    def _end(self, _tag: str) -> None:
        name = self._path[-1]
        if self._text and self._statement is not None and len(self._path) > 3:
            text = self._joined()
            if text:
                self._value(self._statement, text)
            self._text.clear()
        self._path.pop()
        depth = len(self._path)
        if self._statement is None:
            return
        if depth == 3 and name == "Bal":
            self._guard(self._statement, "Bal", self._finish_balance)
        elif depth == 2 and name == "Stmt":
            self._ready.append(Ended(self._statement))
            self._statement = None

    def _value(self, statement: Statement, text: str) -> None:
        below = self._path[3:]
        where = "/".join(below)
        if below[0] == "Bal":
            self._balance["/".join(below[1:])] = (text, self._line)
        elif where == "Id":
            statement.external_id = text[:60]
        elif where in {"Acct/Id/IBAN", "Acct/Id/Othr/Id"}:
            statement.account = "".join(text.split())[:60]
        elif where == "Acct/Ccy":
            statement.currency = text

    def _finish_entry(self, statement: Statement, entry: Entry) -> None:
        self._entry = None
        if entry.status() not in {"BOOK", ""}:
            return
        self._guard(statement, "Ntry", lambda: self._take(statement, entry))

    def _take(self, statement: Statement, entry: Entry) -> None:
        entry.total = total_of(entry, currency=statement.currency)
        entry.transactions = transactions_of(entry)
        statement.booked += 1
        if self._mark is not None:
            self._ready.append(Booked(statement, entry, self._mark))

    def _finish_balance(self) -> None:
        found = self._balance
        code = found.get("Tp/CdOrPrtry/Cd", ("", 0))[0]
        if code not in (*OPENING, *CLOSING) or self._statement is None:
            return
        amount = amount_of(found, "Amt", "CdtDbtInd")
        day = day_of(found, "Dt", required=False)
        if code not in self._statement.balances:
            self._statement.balances[code] = (amount, day, found["Amt"][1])

    def _guard(self, statement: Statement, prefix: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Unfit as unfit:
            element = f"Stmt/{prefix}/{unfit.element}"
            statement.problems.append(
                Problem(
                    unfit.line or self._line,
                    element,
                    unfit.code,
                    unfit.sentence,
                    statement.entries,
                )
            )
