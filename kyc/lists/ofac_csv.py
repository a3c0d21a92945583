"""OFAC's Specially Designated Nationals in their delimited form (`sdn.csv` and its companions)."""

import csv
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from clm.core.sayings import gettext as _
from kyc.countries import code_of
from kyc.features.gender import gender_of
from kyc.lists import Listed, ListedName, ListError, Reading, register
from kyc.lists.reading import births
from kyc.lists.reading.source import BROKEN, member, unzipped

NULL = "-0-"
END = "\x1a"
LARGEST = 300 * 1024 * 1024
COLUMNS = {"sdn.csv": 12, "alt.csv": 5, "add.csv": 6, "sdn_comments.csv": 2}
#: Without these a list is not whole; comments come without the end mark at times.
WHOLE = ("sdn.csv", "alt.csv", "add.csv")
_KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft", "": "organisation"}
#: How Python keeps a byte that is no UTF-8.
_ODD = re.compile("[\udc80-\udcff]")
_ALIAS = re.compile(r"(?:a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)\s*'(.+)'\.?$")
_IDENTIFIER = re.compile(
    r"(?:alt\. )?((?:[A-Z][\w.'&/-]* ){0,4}?(?:No\.|Number|ID|Passport|Code|IMO|SSN|C\.U\.R\.P\.|R\.F\.C\.))"
    r" ([A-Z0-9][A-Z0-9./-]{3,})(?: \(([^)]+)\))?"
)


@register("ofac-csv", list_name="OFAC SDN")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    A folder or zip with `sdn.csv`, and if they are there `alt.csv`, `add.csv` and
    `sdn_comments.csv`; no header, `-0-` is null, a line with 0x1A ends each file. A companion
    that is not there is noted, one that breaks off before its end mark puts the list in doubt.
    """
    with _opened(path) as files:
        if "sdn.csv" not in files:
            raise ListError(_("There is no sdn.csv in %(path)s.") % {"path": path.name})
        ended: dict[str, bool] = {}
        aliases = _aliases(files, ended)
        countries = _countries(files, ended)
        comments = _comments(files, ended)
        seen: dict[str, int] = {}
        for line, row in _rows(files, "sdn.csv", ended):
            key = row[0].strip()
            if not key or not row[1]:
                raise ListError(
                    _("sdn.csv, line %(line)d: the entry has no number or no name.")
                    % {"line": line}
                )
            if key in seen:
                raise ListError(
                    _(
                        "sdn.csv, line %(line)d: the number %(key)s stands there already, on line %(first)d."
                    )
                    % {"line": line, "key": key, "first": seen[key]}
                )
            seen[key] = line
            yield _entry(row, aliases.pop(key, []), countries.pop(key, []), comments.pop(key, ""))
        _look(ended, reading)
        reading.orphans = sum(map(len, aliases.values())) + sum(map(len, countries.values()))
        if reading.orphans:
            reading.notes.append(
                _("%(aliases)d aliases and %(addresses)d addresses belong to entries that sdn.csv "
                  "does not have; they were passed over.")
                % {
                    "aliases": sum(map(len, aliases.values())),
                    "addresses": sum(map(len, countries.values())),
                }
            )  # fmt: skip


def _look(ended: dict[str, bool], reading: Reading) -> None:
    """Whether every file is there to its end."""
    absent = [name for name in WHOLE if name not in ended]
    cut = [name for name in WHOLE if not ended.get(name, True)]
    reading.end_mark = not absent and not cut
    if absent:
        reading.notes.append(
            _("There is no %(files)s; what it says of the entries is missing.")
            % {"files": ", ".join(absent)}
        )
    if cut and any(ended.values()):
        reading.doubt = _(
            "The mark that ends the file is missing in %(files)s, though not in the others; it seems"
            " to be cut off."
        ) % {"files": ", ".join(cut)}


def _entry(row: list[str], aliases: list[ListedName], countries: list[str], more: str) -> Listed:
    remarks = row[11] + more
    entry = Listed(
        key=row[0].strip(),
        kind=_KINDS.get(row[2].lower(), "organisation"),
        names=[ListedName(row[1], primary=True), *aliases],
        programmes=[one for one in re.split(r"\]\s*\[|;", row[3].strip("[] ")) if one.strip()],
        countries=sorted({code for one in countries if (code := code_of(one))}),
        remarks=remarks,
    )
    for part in remarks.rstrip(".").split(";"):
        _read_remark(entry, part.strip())
    entry.nationalities = sorted(set(entry.nationalities))
    known = set()
    entry.names = [one for one in entry.names if not (one.name in known or known.add(one.name))]  # type: ignore[func-returns-value]
    return entry


def _read_remark(entry: Listed, part: str) -> None:
    word, _space, rest = part.removeprefix("alt. ").partition(" ")
    if word == "DOB":
        birth = births.parse(rest)
        if birth is not None:
            entry.births.append(birth)
    elif word == "POB":
        entry.birth_places.append(rest)
    elif word == "Gender":
        entry.gender = gender_of(rest)
    elif word in ("nationality", "citizen"):
        code = code_of(rest)
        if code:
            entry.nationalities.append(code)
    elif alias := _ALIAS.match(part):
        # What stands in quotation marks in the remarks is what the list calls a weak alias.
        entry.names.append(ListedName(alias.group(1), weak=True))
    elif found := _IDENTIFIER.match(part):
        entry.identifiers.append(
            {
                "kind": found.group(1).strip(),
                "value": found.group(2).rstrip("."),
                "country": code_of(found.group(3) or ""),
            }
        )


def _aliases(files: dict[str, IO[bytes]], ended: dict[str, bool]) -> dict[str, list[ListedName]]:
    found: dict[str, list[ListedName]] = {}
    for _line, row in _rows(files, "alt.csv", ended):
        if row[3]:
            found.setdefault(row[0].strip(), []).append(ListedName(row[3]))
    return found


def _countries(files: dict[str, IO[bytes]], ended: dict[str, bool]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _line, row in _rows(files, "add.csv", ended):
        found.setdefault(row[0].strip(), []).append(row[4])
    return found


def _comments(files: dict[str, IO[bytes]], ended: dict[str, bool]) -> dict[str, str]:
    found: dict[str, str] = {}
    for _line, row in _rows(files, "sdn_comments.csv", ended):
        found[row[0].strip()] = found.get(row[0].strip(), "") + row[1]
    return found


def _rows(
    files: dict[str, IO[bytes]], name: str, ended: dict[str, bool]
) -> Iterator[tuple[int, list[str]]]:
    """Line and cells; afterwards `ended` says of the file whether its end mark was met."""
    if name not in files:
        return
    ended[name] = False
    width = COLUMNS[name]
    line = 0
    with TextIOWrapper(
        files[name], encoding="utf-8-sig", errors="surrogateescape", newline=""
    ) as text:
        reader = csv.reader(_lines(text), strict=True)
        try:
            for row in reader:
                before, line = line, reader.line_num
                if not row:
                    continue
                if row[0].startswith(END):
                    ended[name] = True
                    return
                _check_row(row, name, before + 1, line, width)
                yield line, [_value(cell) for cell in row]
        except (csv.Error, *BROKEN):
            raise ListError(
                _(
                    "%(file)s, line %(line)d: this line cannot be read; the file seems to be cut off."
                )
                % {"file": name, "line": line + 1}
            ) from None


def _check_row(row: list[str], name: str, first: int, last: int, width: int) -> None:
    if last > first and name != "sdn_comments.csv":
        raise ListError(
            _("%(file)s, line %(line)d: a quotation mark is not closed.")
            % {"file": name, "line": first}
        )
    if len(row) != width:
        raise ListError(
            _("%(file)s, line %(line)d: %(found)d columns instead of %(width)d; "
              "the file seems to be cut off.")
            % {"file": name, "line": last, "found": len(row), "width": width}
        )  # fmt: skip


def _lines(text: TextIOWrapper) -> Iterator[str]:
    for line in text:
        # Old files are in Latin-1; a byte that is no UTF-8 is read as that.
        yield (
            line.encode("utf-8", "surrogateescape").decode("latin-1") if _ODD.search(line) else line
        )


def _value(cell: str) -> str:
    cell = cell.strip().replace("\x00", "")
    return "" if cell == NULL else cell


@contextmanager
def _opened(path: Path) -> Iterator[dict[str, IO[bytes]]]:
    """The files of the folder or zip by name, in lower case."""
    with ExitStack() as stack:
        try:
            found = _in_folder(path, stack) if path.is_dir() else _in_zip(path, stack)
        except OSError as error:
            raise ListError(
                _("The file cannot be read: %(why)s.") % {"why": error.strerror or error}
            ) from None
        opened: dict[str, IO[bytes]] = {}
        for name, handle in found:
            if name in opened:
                raise ListError(_("%(file)s is there twice.") % {"file": name})
            opened[name] = handle
        yield opened


def _in_folder(path: Path, stack: ExitStack) -> list[tuple[str, IO[bytes]]]:
    return [
        (one.name.lower(), stack.enter_context(one.open("rb")))
        for one in path.iterdir()
        if one.name.lower() in COLUMNS
    ]


def _in_zip(path: Path, stack: ExitStack) -> list[tuple[str, IO[bytes]]]:
    file = stack.enter_context(path.open("rb"))
    if not zipfile.is_zipfile(file):
        raise ListError(_("%(path)s is neither a folder nor a zip file.") % {"path": path.name})
    archive, inside = unzipped(file)
    stack.enter_context(archive)
    found = []
    for one in inside:
        name = Path(one.filename).name.lower()
        if name in COLUMNS:
            if one.file_size > LARGEST:
                raise ListError(_("%(file)s is too large.") % {"file": name})
            found.append((name, stack.enter_context(member(archive, one))))
    return found
