"""A list's file as a stream: as it is, gzipped, or alone in a zip."""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from clm.core.sayings import gettext as _
from kyc.lists import ListError

#: What reading a damaged or cut file raises.
BROKEN = (
    EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, OSError, struct.error,
    NotImplementedError, ValueError,
)  # fmt: skip
#: A packed file that swells beyond both is no list; the text of lists packs to a tenth or so.
_ALWAYS_FINE = 256 * 1024 * 1024
_SWELLS = 250


class _Measured(io.RawIOBase):
    """Unpacked bytes, counted against the packed ones."""

    def __init__(self, stream: IO[bytes], packed: int) -> None:
        self._stream = stream
        self._most = max(_ALWAYS_FINE, packed * _SWELLS)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._read += len(chunk)
        if self._read > self._most:
            raise ListError(_("The packed file swells beyond all measure; it is refused."))
        return len(chunk)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """
    The list's bytes, unpacked as they are read.

    Reading them raises one of `BROKEN` where the file is cut off or damaged.

    :raises ListError: no file, no zip with one file in it, or unpacked out of all proportion
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
            file.seek(0)
            size = path.stat().st_size
            if magic[:2] == b"\x1f\x8b":
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield io.BufferedReader(_Measured(unpacked, size), 1 << 16)  # type: ignore[arg-type]
            elif magic == b"PK\x03\x04":
                with _only_one(file) as unpacked:
                    yield io.BufferedReader(_Measured(unpacked, size), 1 << 16)
            else:
                yield file
    except OSError as error:
        raise ListError(
            _("The file cannot be read: %(why)s.") % {"why": error.strerror or error}
        ) from None


def unzipped(file: IO[bytes]) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """
    A zip and the files in it.

    :raises ListError: cut off, damaged, or locked with a password
    """
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN:
        raise ListError(_("The zip is cut off or damaged.")) from None
    inside = [
        one
        for one in archive.infolist()
        if one.filename[-1:] not in ("", "/") and not one.filename.startswith("__MACOSX/")
    ]
    if any(one.flag_bits & 1 for one in inside):
        raise ListError(_("The zip is locked with a password."))
    return archive, inside


def member(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> IO[bytes]:
    """A file of a zip. :raises ListError: its place is damaged, or it is packed in no known way"""
    try:
        return archive.open(one)
    except NotImplementedError:
        raise ListError(_("The zip is packed in a way that cannot be read.")) from None
    except (*BROKEN, RuntimeError):
        raise ListError(_("The zip is cut off or damaged.")) from None


@contextmanager
def _only_one(file: IO[bytes]) -> Iterator[IO[bytes]]:
    archive, inside = unzipped(file)
    with archive:
        if len(inside) != 1:
            raise ListError(
                _("The zip has %(count)d files; one is expected.") % {"count": len(inside)}
            )
        with member(archive, inside[0]) as stream:
            yield stream
