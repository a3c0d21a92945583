"""Files from outside: known by content, written anew, and what is refused."""

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from PIL import Image

from clm.core import uploads
from tests import papers

Name, Dictionary = pikepdf.Name, pikepdf.Dictionary


def refused(raw: bytes, name: str = "") -> str:
    with pytest.raises(uploads.UploadRefused) as caught:
        uploads.take_in(file=raw, name=name)
    assert str(caught.value)
    return caught.value.code


def with_place() -> bytes:
    """A picture that lies on its side and tells where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (56.0, 9.0, 0.0)}
    return papers.picture(exif=exif, comment=b"secret words")


def test_a_picture_is_written_anew_upright_and_bare() -> None:
    taken = uploads.take_in(file=with_place() + b"PK\x03\x04<script>", name="IMG_1.png")
    made = Image.open(io.BytesIO(taken.content))
    assert (taken.content_type, taken.pages, made.format, made.size) == (
        "image/jpeg", 1, "JPEG", (40, 60)
    )  # fmt: skip
    assert not made.getexif()
    assert b"secret" not in taken.content
    assert b"script" not in taken.content


def test_what_shines_through_becomes_white() -> None:
    taken = uploads.take_in(file=io.BytesIO(papers.picture((0, 0, 0, 0), form="PNG", mode="RGBA")))
    assert Image.open(io.BytesIO(taken.content)).getpixel((3, 3)) == (255, 255, 255)


def test_a_pdf_is_put_together_again() -> None:
    def more(made: pikepdf.Pdf) -> None:
        made.docinfo["/Author"] = "Mette"
        made.Root.OpenAction = Dictionary(S=Name.GoTo, D=[made.pages[0].obj, Name.Fit])
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9],
            A=Dictionary(S=Name.URI, URI="https://evil.example"),
        )  # fmt: skip
        made.pages[0].Annots = pikepdf.Array([link])

    sent = papers.pdf(pages=2, change=more) + b"PK\x03\x04 and a zip behind it"
    taken = uploads.take_in(file=sent, name="lønseddel.PDF")
    assert (taken.content_type, taken.suffix, taken.pages) == ("application/pdf", "pdf", 2)
    for word in (b"Mette", b"evil", b"zip behind"):
        assert word not in taken.content
    with pikepdf.open(io.BytesIO(taken.content)) as made:
        assert "/OpenAction" not in made.Root
        assert "/A" not in made.pages[0].Annots[0]
    assert uploads.take_in(file=sent).digest == taken.digest


def script(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def deep_script(made: pikepdf.Pdf) -> None:
    thing = made.make_indirect(Dictionary(Next=[Dictionary(S=Name.JavaScript)]))
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.GoTo, Next=thing))


def launch(made: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="cmd.exe"))
    made.pages[0].Annots = pikepdf.Array([note])


def attached(made: pikepdf.Pdf) -> None:
    made.attachments["virus.exe"] = b"MZ"


def dynamic_form(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=[], XFA=made.make_stream(b"<xdp/>"))


@pytest.mark.parametrize("change", [script, deep_script, launch, attached, dynamic_form])
def test_a_pdf_that_acts_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    # Also where it is hidden in a packed stream of objects.
    sent = papers.pdf(change=change, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert refused(sent) == "active"


@pytest.mark.parametrize(
    ("raw", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (b"%PDF-" + b" " * uploads.MAX_BYTES, "a.pdf", "too_large"),
        (b"PK\x03\x04" + b"0" * 99, "a.docx", "unknown_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "unknown_kind"),
        (b"<html>%PDF-1.4", "a.pdf", "unknown_kind"),
        (b"GIF89a" + b"0" * 99, "a.gif", "unknown_kind"),
        (papers.pdf(), "a.jpg", "name_contradicts"),
        (papers.picture(), "a.pdf", "name_contradicts"),
        (papers.picture(), "../../passport.exe.jpg", "name_contradicts"),
        (papers.picture(), "passport.html", "name_contradicts"),
        (papers.picture(size=(900, 900), form="PNG")[:-40], "a.png", "unreadable"),
        (papers.picture()[:200], "a.jpg", "unreadable"),
        (b"\xff\xd8\xff" + b"\x00" * 500, "a.jpg", "unreadable"),
        (b"%PDF-1.7\n" + b"\x00" * 500, "a.pdf", "unreadable"),
        (papers.pdf(pages=uploads.MAX_PAGES + 1), "a.pdf", "too_many_pages"),
        (
            papers.pdf(encryption=pikepdf.Encryption(owner="secret", user="")),
            "a.pdf", "encrypted",
        ),
        (papers.png_claiming(60_000, 60_000), "a.png", "too_many_dots"),
        (
            papers.picture(form="WEBP", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
            "a.webp", "moving",
        ),
    ],
)  # fmt: skip
def test_what_is_not_taken(raw: bytes, name: str, code: str) -> None:
    assert refused(raw, name) == code


@pytest.mark.slow
def test_a_bomb_ends_its_own_process_and_nothing_else() -> None:
    assert refused(papers.stream_bomb()) == "unreadable"


# Malware ---------------------------------------------------------------------------------------

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """What of clamd matters here: INSTREAM over TCP, and the answers that it gives."""

    def __init__(self) -> None:
        self.answer: bytes | None = None
        self.heard: list[bytes] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _who = self.server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as heard:
                if heard.read(10) != b"zINSTREAM\0":
                    continue
                content = b""
                while size := struct.unpack(">I", heard.read(4))[0]:
                    content += heard.read(size)
                self.heard.append(content)
                found = b"Eicar-Signature FOUND" if EICAR in content else b"OK"
                line.sendall(self.answer if self.answer is not None else b"stream: %s\0" % found)


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    made = Clamd()
    settings.CLM_CLAMD_ADDRESS = made.address
    yield made
    made.server.close()


def test_what_is_sent_is_searched_and_not_what_is_made_of_it(clamd: Clamd) -> None:
    clean = papers.picture()
    assert uploads.take_in(file=clean).content
    assert refused(clean + EICAR) == "infected"
    assert clamd.heard == [clean, clean + EICAR]


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK", b"\0", b"what?\0"]
)
def test_an_answer_that_is_not_clean_keeps_the_file_out(clamd: Clamd, answer: bytes) -> None:
    clamd.answer = answer
    assert refused(papers.picture()) == "scanner_away"


def test_a_scanner_that_is_away_keeps_every_file_out(clamd: Clamd) -> None:
    # Whoever waits for a call keeps a socket that is only closed.
    clamd.server.shutdown(socket.SHUT_RDWR)
    clamd.server.close()
    assert refused(papers.picture()) == "scanner_away"
