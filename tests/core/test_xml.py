"""XML is refused in one way: whatever encoding it claims, whatever it declares."""

from typing import Any, NoReturn
from xml.parsers import expat

import pytest

from clm.core import xml


class Refused(Exception):
    pass


def _refuse(*_arguments: Any) -> NoReturn:
    raise Refused


def _text(content: bytes) -> str:
    found: list[str] = []
    parser = xml.parser(_refuse)
    parser.CharacterDataHandler = found.append
    parser.Parse(content, True)
    return "".join(found)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-16", "windows-1252", "iso-8859-15", "cp850"])
def test_an_encoding_that_is_known_is_read(encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?><a>Sørensen</a>'.encode(encoding)
    assert _text(content) == "Sørensen"


@pytest.mark.parametrize(
    "encoding", ["nonsense", "utf-7", "rot13", "idna", "undefined", "shift_jis", "base64", "utf-32"]
)
def test_an_encoding_that_cannot_be_read_is_broken_xml(encoding: str) -> None:
    with pytest.raises(expat.ExpatError) as refused:
        _text(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode())
    assert (expat.ErrorString(refused.value.code), refused.value.lineno) == ("unknown encoding", 1)


@pytest.mark.parametrize(
    "head", ["<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "c">]>', '<!DOCTYPE a SYSTEM "http://x/">']
)
def test_what_reads_other_files_or_swells_is_refused(head: str) -> None:
    with pytest.raises(Refused):
        _text(f"{head}<a/>".encode())
