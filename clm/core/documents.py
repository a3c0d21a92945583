"""
PDF for people who read and for people who listen: PDF/UA-1 (ISO 14289-1), made by Typst.

A template is a `.typ` file that reads its content with `json(bytes(sys.inputs.at("data")))`.
The same content at the same instant gives the same bytes.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from anyascii import anyascii

#: Scripts that the embedded typeface draws; others are latinised, or PDF/UA could not be kept.
_DRAWN = ("LATIN", "GREEK", "CYRILLIC", "DIGIT", "MODIFIER LETTER")


def pdf(*, template: Path, content: Mapping[str, Any], at: datetime) -> bytes:
    """
    A PDF/UA-1 document.

    :param content: what the template shows; texts in scripts without a typeface are latinised,
        with their code points beside them
    :raises RuntimeError: the template cannot be set, with Typst's reason
    """
    import typst

    data = json.dumps(_drawable(content), ensure_ascii=False, default=str)
    made = typst.compile(
        str(template),
        root=str(template.parent),
        format="pdf",
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
        sys_inputs={"data": data},
    )
    if not isinstance(made, bytes):
        raise RuntimeError(f"{template.name} gave no single document.")
    return made


def latinised(text: str) -> str:
    """A text whose every letter can be drawn: `习近平` is `XiJinPing (U+4E60 U+8FD1 U+5E73)`."""
    strange = [one for one in text if not _is_drawn(one)]
    if not strange:
        return text
    shown = "".join(one if _is_drawn(one) else anyascii(one) for one in text).strip()
    codes = " ".join(f"U+{ord(one):04X}" for one in strange[:40])
    return f"{shown} ({codes})".strip()


def _is_drawn(character: str) -> bool:
    if character.isascii():
        return True
    category = unicodedata.category(character)
    if category[0] in "PZ" or category == "Sc":
        # Punctuation, spaces, currency signs of the scripts above.
        return ord(character) < 0x2100
    return ord(character) < 0x1E00 + 0x300 and unicodedata.name(character, "").startswith(_DRAWN)


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        # Control characters are no text; a line break is the only one that sets.
        clean = "".join(one for one in value if one == "\n" or unicodedata.category(one)[0] != "C")
        return latinised(clean)
    if isinstance(value, Mapping):
        return {name: _drawable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(one) for one in value]
    return value
