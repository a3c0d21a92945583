"""OFAC's Specially Designated Nationals in their delimited form (`sdn.csv` and its companions)."""

import csv
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from kyc.countries import code_of
from kyc.features import Birth
from kyc.lists import Listed, ListedName, ListError, Reading, register

NULL = "-0-"
END = "\x1a"
LARGEST = 300 * 1024 * 1024
COLUMNS = {"sdn.csv": 12, "alt.csv": 5, "add.csv": 6, "sdn_comments.csv": 2}
_KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft", "": "organisation"}
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_DATE = re.compile(r"(?:(\d{1,2}) )?(?:([A-Za-z]{3})[a-z]* )?(\d{4})$")
_ALIAS = re.compile(r"(?:a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)\s*'(.+)'\.?$")
_IDENTIFIER = re.compile(
    r"(?:alt\. )?((?:[A-Z][\w.'&/-]* ){0,4}?(?:No\.|Number|ID|Passport|Code|IMO|SSN|C\.U\.R\.P\.|R\.F\.C\.))"
    r" ([A-Z0-9][A-Z0-9./-]{3,})(?: \(([^)]+)\))?"
)


@register("ofac-csv", list_name="OFAC SDN")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    A folder or zip with `sdn.csv`, and if they are there `alt.csv`, `add.csv` and
    `sdn_comments.csv`; no header, `-0-` is null, a line with 0x1A ends each file.
    """
    with _opened(path) as files:
        if "sdn.csv" not in files:
            raise ListError(_("There is no sdn.csv in %(path)s.") % {"path": path.name})
        aliases = _aliases(files, reading)
        countries = _countries(files)
        comments = _comments(files)
        seen: dict[str, int] = {}
        for line, row in _rows(files, "sdn.csv", reading):
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
        birth = parse_birth(rest)
        if birth is not None:
            entry.births.append(birth)
    elif word == "POB":
        entry.birth_places.append(rest)
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


def parse_birth(text: str) -> Birth | None:
    """`12 Mar 1960`, `Mar 1960`, `circa 1962`, `1960 to 1962`; None for anything else."""
    text = text.strip().rstrip(".")
    circa = text.startswith("circa ")
    text = text.removeprefix("circa ")
    first, separator, last = text.partition(" to ")
    if not separator and re.fullmatch(r"\d{4}-\d{4}", text):
        first, _dash, last = text.partition("-")
    begin = _span(first)
    end = _span(last) if last else begin
    if begin is None or end is None or end[1] < begin[0]:
        return None
    return Birth(begin[0], end[1], circa)


def _span(text: str) -> tuple[date, date] | None:
    found = _DATE.match(text.strip())
    if not found:
        return None
    day, month_name, year = found.group(1), (found.group(2) or "").lower(), int(found.group(3))
    try:
        if not month_name:
            return date(year, 1, 1), date(year, 12, 31)
        month = _MONTHS[month_name]
        if day:
            return date(year, month, int(day)), date(year, month, int(day))
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), date.fromordinal(following.toordinal() - 1)
    except (ValueError, KeyError):
        return None


def _aliases(files: dict[str, IO[bytes]], reading: Reading) -> dict[str, list[ListedName]]:
    found: dict[str, list[ListedName]] = {}
    for _line, row in _rows(files, "alt.csv"):
        if row[3]:
            found.setdefault(row[0].strip(), []).append(ListedName(row[3]))
    return found


def _countries(files: dict[str, IO[bytes]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _line, row in _rows(files, "add.csv"):
        found.setdefault(row[0].strip(), []).append(row[4])
    return found


def _comments(files: dict[str, IO[bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for _line, row in _rows(files, "sdn_comments.csv"):
        found[row[0].strip()] = found.get(row[0].strip(), "") + row[1]
    return found


def _rows(
    files: dict[str, IO[bytes]], name: str, reading: Reading | None = None
) -> Iterator[tuple[int, list[str]]]:
    if name not in files:
        return
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
                    if reading is not None:
                        reading.end_mark = True
                    return
                _check_row(row, name, before + 1, line, width)
                yield line, [_value(cell) for cell in row]
        except csv.Error:
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
            line.encode("utf-8", "surrogateescape").decode("latin-1")
            if any("\udc80" <= letter <= "\udcff" for letter in line)
            else line
        )


def _value(cell: str) -> str:
    cell = cell.strip().replace("\x00", "")
    return "" if cell == NULL else cell


@contextmanager
def _opened(path: Path) -> Iterator[dict[str, IO[bytes]]]:
    """The files of the folder or zip by name, in lower case."""
    opened: dict[str, IO[bytes]] = {}
    archive: zipfile.ZipFile | None = None
    try:
        if path.is_dir():
            for one in path.iterdir():
                if one.name.lower() in COLUMNS:
                    opened[one.name.lower()] = one.open("rb")
        else:
            try:
                archive = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, OSError):
                raise ListError(
                    _("%(path)s is neither a folder nor a zip file.") % {"path": path.name}
                ) from None
            for info in archive.infolist():
                name = Path(info.filename).name.lower()
                if name in COLUMNS:
                    if info.file_size > LARGEST:
                        raise ListError(_("%(file)s is too large.") % {"file": name})
                    opened[name] = archive.open(info)
        yield opened
    finally:
        for handle in opened.values():
            handle.close()
        if archive is not None:
            archive.close()
