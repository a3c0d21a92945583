"""
A list in XML, one entry's element at a time, read by expat as a stream.

A DOCTYPE or an entity refuses the file: neither belongs in a list, and both are how XML is made
to read other files or to swell. Of the whole file only the entry that is being read is held.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from xml.etree.ElementTree import Element
from xml.parsers import expat

from clm.core import xml
from clm.core.sayings import gettext as _
from kyc.lists import Listed, ListError, Reading
from kyc.lists.reading.source import BROKEN, opened

_CHUNK = 1 << 16
_DEPTH = 32
#: Entries have some hundred elements and some thousand characters; more is no list.
_MOST_ELEMENTS = 50_000
_MOST_TEXT = 8 * 1024 * 1024
_LONGEST_TEXT = 128 * 1024


def listed(
    path: Path,
    reading: Reading,
    *,
    root: str,
    namespaces: Collection[str],
    entries: Collection[str],
    dated_by: str,
    build: Callable[[Element], tuple[Listed, int]],
) -> Iterator[Listed]:
    """
    The entries in order, each built from its element; what was met goes to `reading`.

    :param entries: the paths of entries below the root, such as `INDIVIDUALS/INDIVIDUAL`
    :param dated_by: the root's attribute that says when the list was made
    :param build: an entry from its element, which has no namespaces, and how many of its dates of
        birth could not be read
    :raises ListError: not well-formed, another kind of document, cut off, or with a DOCTYPE; an
        entry without number or name
    """

    def on_root(attributes: dict[str, str]) -> None:
        reading.dated_at = _moment(attributes.get(dated_by, ""))

    unread = 0
    for line, element in _elements(path, _Reader(root, namespaces, entries, on_root)):
        entry, strange = build(element)
        if not entry.key or not entry.names:
            raise ListError(
                _("Line %(line)d, <%(element)s>: the entry has no number or no name.")
                % {"line": line, "element": element.tag[:60]}
            )
        unread += strange
        yield entry
    reading.end_mark = True
    if unread:
        reading.notes.append(
            _("%(count)d dates of birth could not be read; they stand in the remarks.")
            % {"count": unread}
        )


def _elements(path: Path, reader: "_Reader") -> Iterator[tuple[int, Element]]:
    """Line and element of each entry, gone from memory after that."""
    with opened(path) as stream:
        while True:
            try:
                chunk = stream.read(_CHUNK)
            except BROKEN:
                raise ListError(
                    _("Line %(line)d, in <%(element)s>: the packed file breaks off or is damaged.")
                    % {"line": reader.parser.CurrentLineNumber, "element": reader.element}
                ) from None
            try:
                reader.parser.Parse(chunk, not chunk)
            except expat.ExpatError as error:
                raise ListError(
                    _("Line %(line)d, in <%(element)s>: the XML is broken (%(error)s).")
                    % {
                        "line": error.lineno,
                        "element": reader.element,
                        "error": expat.ErrorString(error.code),
                    }
                ) from None
            yield from reader.take()
            if not chunk:
                return


def text_of(element: Element, path: str) -> str:
    """The text of the element at the path with single spaces, or an empty text."""
    return " ".join((element.findtext(path) or "").split())


def _moment(text: str) -> datetime | None:
    """An ISO date or instant; without an offset it is taken as UTC. None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class _Reader:
    """Builds the element of each entry; everything else is passed over."""

    def __init__(
        self,
        root: str,
        namespaces: Collection[str],
        entries: Collection[str],
        on_root: Callable[[dict[str, str]], None],
    ) -> None:
        self._root = root
        self._namespaces = namespaces
        self._entries = {tuple(one.split("/")) for one in entries}
        self._names = {one[-1] for one in self._entries}
        self._on_root = on_root
        self._path: list[str] = []
        self._open: list[Element] = []
        self._line = 0
        self._elements = 0
        self._text = 0
        self._ready: list[tuple[int, Element]] = []
        self.parser = xml.parser(self._refuse)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data

    @property
    def element(self) -> str:
        """The element that is being read."""
        return self._path[-1][:60] if self._path else self._root

    def take(self) -> list[tuple[int, Element]]:
        ready, self._ready = self._ready, []
        return ready

    def _refuse(self, *_arguments: Any) -> NoReturn:
        raise ListError(
            _("Line %(line)d: the file has a DOCTYPE or an entity; such files are refused.")
            % {"line": self.parser.CurrentLineNumber}
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _space, name = tag.rpartition(" ")
        if not self._path:
            if name != self._root or namespace not in self._namespaces:
                raise ListError(
                    _("Line %(line)d: <%(element)s> of “%(namespace)s” does not begin such a list; "
                      "<%(root)s> does.")
                    % {
                        "line": self.parser.CurrentLineNumber,
                        "element": name[:60],
                        "namespace": namespace[:120],
                        "root": self._root,
                    }
                )  # fmt: skip
            self._on_root(attributes)
        self._path.append(name)
        begins = tuple(self._path[1:]) in self._entries
        if name in self._names and not begins:
            # Passed over, or taken for a part of another, it would be missing without a word.
            raise ListError(
                _("Line %(line)d: <%(element)s> stands where no entry stands.")
                % {"line": self.parser.CurrentLineNumber, "element": name[:60]}
            )
        if self._open or begins:
            self._add(name, attributes)
        self._check()

    def _add(self, name: str, attributes: dict[str, str]) -> None:
        element = Element(name, attributes)
        if self._open:
            self._open[-1].append(element)
        else:
            self._line = self.parser.CurrentLineNumber
            self._elements = self._text = 0
        self._elements += 1
        self._text += sum(len(value) for value in attributes.values())
        self._open.append(element)

    def _check(self) -> None:
        if len(self._path) > _DEPTH or self._elements > _MOST_ELEMENTS or self._text > _MOST_TEXT:
            raise ListError(
                _("Line %(line)d, in <%(element)s>: larger or deeper than an entry can be.")
                % {"line": self.parser.CurrentLineNumber, "element": self.element}
            )

    def _data(self, text: str) -> None:
        # What stands after a child is white space in these lists; only an element's own text is kept.
        if self._open and not len(self._open[-1]):
            self._open[-1].text = (self._open[-1].text or "") + text
            self._text += len(text) if len(self._open[-1].text) <= _LONGEST_TEXT else _MOST_TEXT
            self._check()

    def _end(self, _tag: str) -> None:
        self._path.pop()
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._ready.append((self._line, element))
