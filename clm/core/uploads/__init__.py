"""
Taking in a file from outside: known by its content, searched for malware, written anew.

What is kept is never what was sent. A picture is decoded and encoded again, a PDF is put
together again from its pages; both in a process of their own with little memory and little
time, so that a file made to do harm ends that process and nothing else.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clm.core import crypto
from clm.core.uploads import malware
from clm.core.uploads.sniffing import HARMFUL_SUFFIXES, KINDS, Kind, kind_of, suffixes_of

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 40
#: Seconds of the clock; the child allows itself less of the processor.
_PATIENCE = 60
_CLEANING = Path(__file__).with_name("cleaning.py")
_PURPOSE = "clm.core.uploads"


class UploadRefused(ValidationError):
    """This file is not taken; `code` says why, `str(exc)` says it to people."""

    code: str

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__({"file": ValidationError(sentence, code=code)})
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Taken:
    """
    A file that was taken in.

    :param content: what is to be kept, written anew
    :param content_type: of that content
    :param suffix: the ending of a name for it
    :param digest: the same for the same bytes sent, under a key of the bank
    """

    content: bytes
    content_type: str
    suffix: str
    pages: int
    digest: bytes


def take_in(*, file: IO[bytes] | bytes, name: str = "") -> Taken:
    """
    Look at a file and write it anew.

    :param name: what the sender calls it: it may contradict the content, and is not kept
    :raises UploadRefused: empty, too large, not of a kind that is taken, not what its name says,
        damaged, locked, able to act by itself, infected; or malware cannot be looked for now
    """
    raw = file if isinstance(file, bytes) else file.read(MAX_BYTES + 1)
    if not raw:
        raise _refused("empty")
    if len(raw) > MAX_BYTES:
        raise _refused("too_large")
    kind = kind_of(raw)
    if kind is None:
        raise _refused("unknown_kind")
    _agree(kind, name)
    _search(raw)
    made, pages = _clean(kind, raw)
    return Taken(
        content=made,
        content_type=kind.content_type,
        suffix=kind.suffix,
        pages=pages,
        digest=crypto.blind_index(value=raw.hex(), purpose=_PURPOSE),
    )


def _agree(kind: Kind, name: str) -> None:
    """What the name says, where it says something, is what the content is."""
    suffixes = suffixes_of(name)
    if any(one in HARMFUL_SUFFIXES for one in suffixes):
        raise _refused("name_contradicts")
    told = next((one for one in KINDS if suffixes and suffixes[-1] in one.suffixes), None)
    # Phones call every picture .jpg; between pictures the name is no lie worth refusing.
    if told is not None and told.family != kind.family:
        raise _refused("name_contradicts")


def _search(raw: bytes) -> None:
    try:
        found = malware.search(content=raw)
    except malware.ScannerAway:
        raise _refused("scanner_away") from None
    if found:
        raise _refused("infected")


def _clean(kind: Kind, raw: bytes) -> tuple[bytes, int]:
    """The content written anew by a child, and its pages."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CLEANING), kind.family, str(MAX_PAGES)],
            input=raw,
            capture_output=True,
            timeout=_PATIENCE,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise _refused("unreadable") from None
    head, _line, content = done.stdout.partition(b"\n")
    told = _told(head) if done.returncode == 0 else {}
    if "refused" in told:
        raise _refused(str(told["refused"]))
    if not content or "pages" not in told:
        raise _refused("unreadable")
    return content, int(told["pages"])


def _told(head: bytes) -> dict[str, Any]:
    try:
        told = json.loads(head)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _refused(code: str) -> UploadRefused:
    sentences = {
        "empty": _("The file is empty."),
        "too_large": _("The file is larger than 20 MB."),
        "unknown_kind": _("Only PDF files and pictures (JPEG, PNG, WebP) can be taken."),
        "name_contradicts": _("The file is not what its name says."),
        "scanner_away": _("Files cannot be checked for malware right now. Try again later."),
        "infected": _("Malware was found in the file."),
        "encrypted": _("The PDF is locked with a password. Send it without one."),
        "active": _("The PDF has scripts, forms that act, or files within it. Print it to a new PDF and send that."),
        "too_many_pages": _("The PDF has more than %(count)d pages.") % {"count": MAX_PAGES},
        "too_many_dots": _("The picture is too large. Send one of at most 60 megapixels."),
        "moving": _("The picture moves. Send a still one."),
    }  # fmt: skip
    sentence = sentences.get(code, _("The file is damaged or cannot be read."))
    return UploadRefused(code if code in sentences else "unreadable", sentence)
