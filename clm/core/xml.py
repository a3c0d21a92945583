"""
XML as expat reads it: as a stream, and with nothing that makes it read other files or swell.
"""

from collections.abc import Callable
from typing import Any, NoReturn
from xml.parsers import expat

_UNKNOWN_ENCODING = "unknown encoding"
#: What expat reads by itself; for all else it asks Python, byte by byte.
_OWN = {"UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "ISO-8859-1", "US-ASCII"}
_EVERY_BYTE = bytes(range(256))


def parser(refuse: Callable[..., NoReturn], *, namespaces: bool = True) -> expat.XMLParserType:
    """
    A parser that calls `refuse` at a DOCTYPE or an entity; `refuse` raises.

    An encoding that cannot be read raises `expat.ExpatError`, as everything that is broken does.

    :param namespaces: names are `namespace name`, parted by a space
    """
    made = expat.ParserCreate(namespace_separator=" " if namespaces else None)
    made.buffer_text = True
    made.StartDoctypeDeclHandler = made.EntityDeclHandler = refuse
    made.XmlDeclHandler = _check_encoding
    return made


def _check_encoding(_version: str, encoding: str | None, _standalone: Any) -> None:
    # Asked for an encoding it does not know, or one of several bytes a letter, Python's expat
    # raises LookupError or ValueError out of the parsing, which nobody tells from a mistake.
    if encoding is None or encoding.upper() in _OWN:
        return
    try:
        readable = len(_EVERY_BYTE.decode(encoding, "replace")) == len(_EVERY_BYTE)
    except (LookupError, ValueError):
        readable = False
    if not readable:
        error = expat.ExpatError(f"{_UNKNOWN_ENCODING}: line 1, column 0")
        error.code = expat.errors.codes[_UNKNOWN_ENCODING]
        error.lineno, error.offset = 1, 0
        raise error
