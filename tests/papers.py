"""Pictures and PDFs for tests, good and bad."""

import io
import struct
import zlib
from typing import Any

import pikepdf
from PIL import Image

ANNA = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def picture(
    colour: Any = (200, 40, 40), size: tuple[int, int] = (60, 40), form: str = "JPEG", **how: Any
) -> bytes:
    out = io.BytesIO()
    Image.new(how.pop("mode", "RGB"), size, colour).save(out, form, **how)
    return out.getvalue()


def pdf(*, pages: int = 1, change: Any = None, **how: Any) -> bytes:
    """A PDF; `change(pdf)` makes it bad."""
    made = pikepdf.new()
    for _page in range(pages):
        made.add_blank_page(page_size=(200, 200))
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, **how)
    return out.getvalue()


def stream_bomb(size: int = 1_900_000_000) -> bytes:
    """A PDF of some two megabytes whose table of objects unpacks to `size` bytes."""
    packer = zlib.compressobj(9)
    piece = b" " * 10_000_000
    packed = b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()
    head = b"%PDF-1.5\n"
    body = b"1 0 obj\n<< /Type /XRef /Size 2 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length "
    body += str(len(packed)).encode() + b" >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    return head + body + b"startxref\n" + str(len(head)).encode() + b"\n%%EOF"


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is very large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )
