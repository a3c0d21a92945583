"""
Files at rest: encrypted, outside the web root, under names of the server's making; where they
stand is a shelf's business (`clm.core.shelves`).

A file is a row of frames, each sealed by itself and bound to its file, its number and whether
it is the last: frames cannot be swapped, dropped or cut off unnoticed, and any place in a large
file is read without the rest of it. Nothing of a file is ever held in memory but one frame.
"""

import io
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO, Any

from django.utils.translation import gettext as _

from clm.core.crypto import CannotDecrypt, decrypt_bytes, encrypt_bytes
from clm.core.ids import uuid7
from clm.core.shelves import shelf

FRAME = 256 * 1024
_CONTEXT = "clm.core.files"
_MAGIC = b"clmf1"
# The plain size of the frames before the last, and the sealed size of one of those.
_HEAD = struct.Struct(">5sII")
#: The files stored within `dropped_on_error`.
_stored: ContextVar[list[str] | None] = ContextVar("clm_files_stored", default=None)


def store(*, content: IO[bytes] | bytes | Iterable[bytes], name: str = "") -> str:
    """
    Keep a file; the key to read it by.

    :param content: bytes, a stream, or pieces of any size
    :param name: what the sender called it; its ending is kept for people, nothing trusts it
    """
    identifier = uuid7()
    key = f"{identifier.hex[:8]}/{identifier.hex}"
    shelf().put(key=key, parts=_sealed(key, _frames(_pieces(content))))
    noted = _stored.get()
    if noted is not None:
        noted.append(key)
    return key


@contextmanager
def dropped_on_error() -> Iterator[None]:
    """What is stored within goes again if it ends in an error, as a transaction's rows do."""
    keys: list[str] = []
    token = _stored.set(keys)
    try:
        yield
    except BaseException:
        for key in keys:
            delete(key=key)
        raise
    finally:
        _stored.reset(token)


def open_file(*, key: str) -> IO[bytes]:
    """
    The file's content as a stream that can be read from any place.

    :raises FileNotFoundError: it is gone
    :raises CannotDecrypt: damaged, cut off, or its key is not in the ring; also while reading
    """
    return io.BufferedReader(_Frames(key), buffer_size=FRAME)


def read(*, key: str) -> bytes:
    """The file's whole content; `open_file` for what may be large."""
    with open_file(key=key) as stream:
        return stream.read()


def delete(*, key: str) -> None:
    shelf().delete(key=key)


def _pieces(content: IO[bytes] | bytes | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif hasattr(content, "read"):
        while piece := content.read(FRAME):
            yield piece
    else:
        yield from content


def _frames(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The content in frames of one size, each with whether it is the last; at least one."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > FRAME:
            yield bytes(waiting[:FRAME]), False
            del waiting[:FRAME]
    yield bytes(waiting), True


def _sealed(key: str, frames: Iterator[tuple[bytes, bool]]) -> Iterator[bytes]:
    for number, (plain, last) in enumerate(frames):
        sealed = encrypt_bytes(content=plain, context=_context(key, number, last))
        if number == 0:
            yield _HEAD.pack(_MAGIC, FRAME, len(sealed))
        yield sealed


def _context(key: str, number: int, last: bool) -> str:
    return f"{_CONTEXT}:{key}:{number}:{'last' if last else 'more'}"


class _Frames(io.RawIOBase):
    """Reads one frame at a time, and remembers it."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        self._file = shelf().open(key=key)
        head = self._file.part(0, _HEAD.size)
        if len(head) != _HEAD.size or not head.startswith(_MAGIC):
            self._file.close()
            raise CannotDecrypt(_("This file cannot be decrypted."))
        _magic, self._plain, self._sealed = _HEAD.unpack(head)
        body = self._file.size - _HEAD.size
        self._last = max((body - 1) // self._sealed, 0) if self._sealed else 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        if base is None:
            base = self._last * self._plain + len(self._frame(self._last))
        self._at = max(base + offset, 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        number, skip = divmod(self._at, self._plain)
        if number > self._last:
            return 0
        piece = self._frame(number)[skip : skip + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _frame(self, number: int) -> bytes:
        if self._held[0] != number:
            sealed = self._file.part(_HEAD.size + number * self._sealed, self._sealed)
            context = _context(self._key, number, number == self._last)
            self._held = (number, decrypt_bytes(content=sealed, context=context))
        return self._held[1]
