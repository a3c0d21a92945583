"""Whatever is wrong with a file, it is refused in a sentence that says where."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kyc.lists import Listed, ListError
from kyc.services.staged import stage
from tests.kyc.lists.test_loading import SAMPLES

NAMES = "entry_id,name,born\n1,Ann One,1960\n"
ENTRY = (
    "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL>{}</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
)


UN = "<CONSOLIDATED_LIST><INDIVIDUALS>{}</INDIVIDUALS>\n<ENTITIES>{}</ENTITIES></CONSOLIDATED_LIST>"
ONE = "<INDIVIDUAL><DATAID>{}</DATAID><FIRST_NAME>Ann</FIRST_NAME>{}</INDIVIDUAL>"
EU = '<export xmlns="http://eu.europa.ec/fpi/fsd/export">{}</export>'
SANCTIONED = '<sanctionEntity logicalId="1"><nameAlias wholeName="Ann"/>{}</sanctionEntity>'


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("un-xml", UN.format(ONE.format(1, ""), ONE.format(2, "")), 2),
        ("un-xml", UN.format(ONE.format(1, "\n\n" + ONE.format(2, "")), ""), 3),
        ("un-xml", UN.format(f"<GROUP>{ONE.format(1, '')}</GROUP>", ""), 1),
        ("eu-xml", EU.format(SANCTIONED.format("\n" + SANCTIONED.format(""))), 2),
        ("eu-xml", EU.format(f"<more>\n{SANCTIONED.format('')}</more>"), 2),
    ],
)
def test_an_entry_in_a_wrong_place_is_not_passed_over(
    read_list: Callable[..., Any], name: str, content: str, line: int
) -> None:
    with pytest.raises(ListError, match=rf"Line {line}: <\w+> stands where no entry stands"):
        read_list(name, content)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("un-xml", b'<?xml version="1.0" encoding="rot13"?><a/>', "Line 1.*unknown encoding"),
        ("un-xml", b"<CONSOLIDATED_LIST>\n\xff</CONSOLIDATED_LIST>", "Line 2.*invalid token"),
        ("un-xml", ENTRY.format("<DATAID>&#xD800;</DATAID>").encode(), "Line 1, in <DATAID>"),
        ("un-xml", ENTRY.format("<COMMENTS1>" + "a" * 200_000).encode(), "Line 1.*larger or deep"),
        ("names-csv", (NAMES + "2,Bob\x00 Two,19\x0061\n3,Cy,\x00\n4,Di").encode(), "Line 5 has ano"),
        ("names-csv", (NAMES + "2," + "x" * 200_000 + ",\n").encode(), "Line 3 cannot be read"),
        ("names-csv", NAMES.encode() + b"2,\xed\xa0\x80,\n", "Line 3 is not in UTF-8"),
        ("names-csv", NAMES.encode("utf-16"), "Line 1 is not in UTF-8"),
        ("names-csv", b"", "has no column entry_id"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_with_its_place(
    read_list: Callable[..., Any], name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(ListError, match=sentence):
        read_list(name, content)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_ofac_packed_and_damaged_inside(
    read_list: Callable[..., Any], tmp_path: Path, method: int
) -> None:
    path = tmp_path / "ofac.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.write(Path(str(SAMPLES["ofac-csv"])) / "sdn.csv", "sdn.csv")
        inside = archive.infolist()[0]
    content = bytearray(path.read_bytes())
    place = inside.header_offset + 60 + inside.compress_size // 2
    content[place : place + 40] = b"\x00" * 40
    path.write_bytes(content)
    with pytest.raises(ListError, match=r"sdn\.csv, line \d+"):
        read_list("ofac-csv", path)


def test_nothing_but_a_sentence_comes_of_damage(
    read_list: Callable[..., Any], tmp_path: Path
) -> None:
    """Every format, plain and packed, with bytes changed, dropped and put in at random."""
    chance = random.Random(20260305)
    put_in = [b"\x00", b"\\ud800", b"\xed\xa0\x80", b'"', b"[" * 3000, b"9" * 5000, b"(" * 3000]
    refused = 0
    for turn in range(400):
        name = sorted(SAMPLES)[turn % len(SAMPLES)]
        content = bytearray(_packed(name, chance.choice(["", "gz", "zip"])))
        for _ in range(chance.choice([1, 3])):
            place = chance.randrange(len(content))
            content[place : place + chance.choice([0, 1, 9])] = chance.choice([b"", *put_in])
        path = tmp_path / "damaged"
        path.write_bytes(content)
        try:
            listed: list[Listed] = read_list(name, path)[0]
            with stage(listed):
                pass
        except ListError as error:
            refused += bool(str(error).encode())
    assert refused > 100


def _packed(name: str, packing: str) -> bytes:
    sample = SAMPLES[name]
    folder = isinstance(sample, Path)
    files = (
        {one.name: one.read_bytes() for one in sample.iterdir()}
        if isinstance(sample, Path)
        else {"list": str(sample).encode()}
    )
    if not folder and packing != "zip":
        return gzip.compress(files["list"]) if packing else files["list"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in files.items():
            archive.writestr(one, content)
    return buffer.getvalue()
