"""Every text of the project that wants a translation, and the translations there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {"tests", "node_modules", "build", "benchmarks", "static"}
KEYWORDS: dict[str, object] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@dataclass(frozen=True)
class Message:
    """A text to be translated and where it stands."""

    text: str
    plural: str
    context: str
    place: str


def _files() -> Iterator[Path]:
    for top in sorted(ROOT.iterdir()):
        if top.is_dir() and not top.name.startswith(".") and top.name not in SKIPPED:
            yield from sorted(p for p in top.rglob("*") if p.suffix in {".py", ".html", ".txt"})


def _source(path: Path) -> bytes:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    from django.utils.translation.template import templatize

    # Indentation means something in Python and nothing in a template.
    lines = templatize(text, origin=str(path)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def messages() -> Iterator[Message]:
    """Every text in Python and templates that goes through gettext."""
    for path in _files():
        if "locale" in path.parts:
            continue
        found = extract(
            "babel.messages.extract:extract_python",
            BytesIO(_source(path)),
            keywords=KEYWORDS,  # type: ignore[arg-type]
            options={"encoding": "utf-8"},
        )
        for line, message, _comments, context in found:
            text, plural = (message, "") if isinstance(message, str) else (message[0], message[-1])
            place = f"{path.relative_to(ROOT)}:{line}"
            yield Message(text, plural, context or "", place)


def catalogues(*, language: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Finished translations by text and context, from every catalogue of the project."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in sorted(ROOT.glob(f"**/locale/{language}/LC_MESSAGES/django.po")):
        if path.relative_to(ROOT).parts[0] in {".venv", *SKIPPED}:
            continue
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        for message in catalogue:
            if not message.id or message.fuzzy or not message.string:
                continue
            text = message.id if isinstance(message.id, str) else message.id[0]
            words = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            if all(words):
                found[text, message.context or ""] = words
    return found
