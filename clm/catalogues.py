"""Compiles the translations with Babel: a bare machine has no `msgfmt`."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


class CatalogueError(Exception):
    """A catalogue is malformed; `str()` names the file."""


def sources(*, root: Path) -> Iterator[Path]:
    """The project's own catalogues: in `locale/` of the root and of every app."""
    for pattern in ("locale", "*/locale", "clm/core/locale", "clm/core/*/locale"):
        for folder in sorted(root.glob(pattern)):
            if not folder.parent.name.startswith(".") and "node_modules" not in folder.parts:
                yield from sorted(folder.glob("*/LC_MESSAGES/*.po"))


def compile_stale(*, root: Path) -> int:
    """
    Compile what changed since it was compiled; how many that were.

    :raises CatalogueError: a file is malformed
    """
    done = 0
    for source in sources(root=root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        try:
            with source.open("rb") as file:
                catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            raise CatalogueError(f"{source.relative_to(root)}: {error}") from error
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, catalogue)
        unfinished.replace(target)
        done += 1
    return done
