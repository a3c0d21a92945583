"""
Writes a picture or a PDF anew; run as a process of its own, which may die of its file.

`python -I cleaning.py picture|pdf MAX_PAGES < what was sent > answer`; the answer is a line of
JSON (`{"pages": 1}`, or `{"refused": code}`) and after it the new content. It imports nothing of
the house, so that it starts quickly and has nothing to give away.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 1536 * 1024 * 1024
SECONDS = 25
MAX_DOTS = 60_000_000
#: The longer side of what is kept: an A4 page at 300 dots an inch.
MAX_SIDE = 3_508
QUALITY = 88
#: Decoding of a stream within a PDF; what is larger is a bomb.
MAX_STREAM = 200 * 1024 * 1024

#: Members of a dictionary by which a PDF acts, or carries other files.
_ACTING = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
#: Actions (ISO 32000-1, 12.6.4) that do more than turn to a page of the same document. Addresses
#: on the web (/URI) are taken out instead of refused: every payslip has one.
_ACTIONS = frozenset(
    {
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition",
        "/Movie", "/Sound", "/RichMediaExecute",
    }
)  # fmt: skip
_SUBTYPES = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_DEEPEST = 60


class Refused(Exception):
    """Not taken; the first argument is the code."""


def picture(raw: bytes) -> bytes:
    """The picture as a JPEG, upright, without anything but its dots."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # counted here, where too many are an error and no warning
    with Image.open(io.BytesIO(raw), formats=["JPEG", "PNG", "WEBP"]) as sent:
        width, height = sent.size
        if width * height > MAX_DOTS:
            raise Refused("too_many_dots")
        if getattr(sent, "n_frames", 1) > 1:
            raise Refused("moving")
        if sent.format == "JPEG":
            # Decoded at a half or less where that is still large enough: a quarter of the memory.
            sent.draft("RGB", (MAX_SIDE, MAX_SIDE))
        sent.load()
        upright = ImageOps.exif_transpose(sent)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        plain = _on_paper(upright)
        # None of what came along (place, camera, comments, profiles) is carried over.
        plain.info = {}
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=QUALITY)
        return out.getvalue()


def _on_paper(sent: Any) -> Any:
    """In colours without transparency: what shines through is white."""
    from PIL import Image

    if sent.mode in ("RGBA", "LA", "PA") or "transparency" in sent.info:
        layer = sent.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return sent.convert("RGB")


def document(raw: bytes, max_pages: int) -> tuple[bytes, int]:
    """The pages of the PDF in a new one; outlines, names, metadata and addresses stay behind."""
    import pikepdf

    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=100, parser_max_container_size=200_000, flate_max_memory=MAX_STREAM,
        run_length_max_memory=MAX_STREAM, png_max_memory=MAX_STREAM, tiff_max_memory=MAX_STREAM,
    )  # fmt: skip
    try:
        sent = pikepdf.open(io.BytesIO(raw), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    with sent:
        if sent.is_encrypted:
            raise Refused("encrypted")
        pages = len(sent.pages)
        if pages > max_pages:
            raise Refused("too_many_pages")
        if pages == 0:
            raise Refused("unreadable")
        for one in (sent.trailer, *sent.objects):
            _look(one)
        with pikepdf.new() as fresh:
            fresh.pages.extend(sent.pages)
            for page in fresh.pages:
                _plain_page(page)
            out = io.BytesIO()
            fresh.save(
                out,
                deterministic_id=True,
                compress_streams=True,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
            return out.getvalue(), pages


def _plain_page(page: Any) -> None:
    """Nothing happens when the page is opened or clicked."""
    for name in ("/AA", "/Metadata", "/PieceInfo", "/Thumb"):
        if name in page:
            del page[name]
    for note in page.get("/Annots") or ():
        for name in ("/A", "/AA", "/PA"):
            if hasattr(note, "keys") and name in note:
                del note[name]


def _look(thing: Any) -> None:
    """:raises Refused: something here acts by itself or carries a file"""
    for one in _dictionaries(thing, 0):
        names = set(one.keys())
        if names & _ACTING:
            raise Refused("active")
        if str(one.get("/S")) in _ACTIONS or str(one.get("/Subtype")) in _SUBTYPES:
            raise Refused("active")


def _dictionaries(thing: Any, depth: int) -> Iterator[Any]:
    """Every dictionary within an object; what it refers to has its own turn."""
    import pikepdf

    if depth > _DEEPEST:
        raise Refused("active")
    inside: Any
    if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
        yield thing
        # By its names: to go through a stream would be to unpack it.
        inside = [thing.get(name) for name in thing.keys()]  # noqa: SIM118
    elif isinstance(thing, pikepdf.Array):
        inside = list(thing)
    else:
        return
    for one in inside:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield from _dictionaries(one, depth + 1)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    raw = sys.stdin.buffer.read()
    content = b""
    told: dict[str, Any]
    try:
        if sys.argv[1] == "picture":
            content, pages = picture(raw), 1
        else:
            content, pages = document(raw, int(sys.argv[2]))
        told = {"pages": pages}
    except Refused as refusal:
        told = {"refused": refusal.args[0]}
    except Exception:  # noqa: BLE001 (whatever a file does to a decoder, it is not taken)
        told = {"refused": "unreadable"}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
