"""What a file is, by its first bytes; its name is only listened to where it contradicts."""

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Kind:
    """
    A kind of file that is taken.

    :param family: how it is written anew
    :param suffixes: endings of names that mean it
    :param content_type: of what is kept, as is `suffix`: every picture becomes a JPEG
    """

    family: Literal["picture", "pdf"]
    suffixes: frozenset[str]
    content_type: str
    suffix: str


_PICTURE = Kind(
    "picture", frozenset({"jpg", "jpeg", "jpe", "jfif", "png", "webp"}), "image/jpeg", "jpg"
)
_PDF = Kind("pdf", frozenset({"pdf"}), "application/pdf", "pdf")
KINDS = (_PICTURE, _PDF)
#: Endings that no picture or PDF has, wherever they stand in a name (`passport.exe.pdf`).
HARMFUL_SUFFIXES = frozenset(
    {
        "exe", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "msi", "lnk",
        "jar", "sh", "php", "asp", "aspx", "jsp", "html", "htm", "xhtml", "svg", "xml", "swf",
        "iso", "zip", "rar", "7z", "docm", "xlsm", "pptm",
    }
)  # fmt: skip


def kind_of(content: bytes) -> Kind | None:
    """The kind, or None for what is not taken. A mark that does not stand first is no mark."""
    if content.startswith(b"%PDF-"):
        return _PDF
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _PICTURE
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _PICTURE
    return None


def suffixes_of(name: str) -> list[str]:
    """The endings of a name, the last one last; `passport.tar.gz` has `tar` and `gz`."""
    last = re.split(r"[\\/]", name)[-1]
    return [one.strip().lower() for one in last.split(".")[1:]]
