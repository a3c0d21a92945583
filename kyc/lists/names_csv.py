"""Own lists: names in a CSV file, several rows an entry for its aliases."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from kyc.countries import code_of
from kyc.features import Birth
from kyc.lists import Listed, ListedName, ListError, Reading, register
from kyc.lists.reading.lines import rows
from kyc.matching import kind_of

REQUIRED = ("entry_id", "name")
KNOWN = (*REQUIRED, "kind", "born", "country", "programme", "strength")


@register("names-csv", list_name="Own list")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    Columns `entry_id,name` and optionally `kind,born,country,programme,strength`; rows with the
    same `entry_id` are names of one entry, the first its main name.
    """
    entries: dict[str, Listed] = {}
    for line, row in rows(path, reading, required=REQUIRED, known=KNOWN):
        _add(entries, row, line)
    yield from entries.values()


def _add(entries: dict[str, Listed], row: dict[str, str], line: int) -> None:
    key, name = row["entry_id"], row["name"]
    if not key or not name:
        raise ListError(_("Line %(line)d has no id or no name.") % {"line": line})
    try:
        kind = kind_of(row.get("kind", ""))
    except ValueError:
        raise ListError(
            _("Line %(line)d: there is no kind “%(kind)s”.") % {"line": line, "kind": row["kind"]}
        ) from None
    entry = entries.setdefault(key, Listed(key=key, kind=kind))
    entry.kind = entry.kind or kind
    weak = row.get("strength", "").lower() == "weak"
    if name not in {one.name for one in entry.names}:
        entry.names.append(ListedName(name, primary=not entry.names, weak=weak))
    if row.get("born"):
        birth = parse_born(row["born"])
        if birth is None:
            raise ListError(
                _("Line %(line)d: “%(born)s” is no date of birth.")
                % {"line": line, "born": row["born"]}
            )
        if birth not in entry.births:
            entry.births.append(birth)
    for one in row.get("country", "").replace("/", ";").split(";"):
        code = code_of(one) if one else ""
        if code and code not in entry.countries:
            entry.countries.append(code)
    programme = row.get("programme", "")
    if programme and programme not in entry.programmes:
        entry.programmes.append(programme)


def parse_born(text: str) -> Birth | None:
    """`1960-03-12`, `1960-03` or `1960`; None for anything else."""
    parts = text.strip().split("-")
    try:
        numbers = [int(one) for one in parts]
        if len(numbers) == 3:
            day = date(*numbers)
            return Birth(day, day)
        if len(numbers) == 2:
            year, month = numbers
            following = date(year + month // 12, month % 12 + 1, 1)
            return Birth(date(year, month, 1), date.fromordinal(following.toordinal() - 1))
        if len(numbers) == 1 and len(parts[0]) == 4:
            return Birth(date(numbers[0], 1, 1), date(numbers[0], 12, 31))
    except (ValueError, TypeError):
        pass
    return None
