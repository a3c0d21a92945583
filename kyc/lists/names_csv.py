"""Own lists: names in a CSV file, several rows an entry for its aliases."""

from collections.abc import Iterator
from pathlib import Path

from clm.core.sayings import gettext as _
from kyc import tables
from kyc.features.gender import gender_of
from kyc.lists import Listed, ListedName, ListError, Reading, register
from kyc.lists.reading.lines import rows

REQUIRED = ("entry_id", "name")
KNOWN = (*REQUIRED, "kind", "born", "country", "gender", "programme", "strength")


@register("names-csv", list_name="Own list")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    Columns `entry_id,name` and optionally `kind,born,country,gender,programme,strength`; rows with the
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
    kind = tables.kind(row.get("kind", ""), line)
    entry = entries.setdefault(key, Listed(key=key, kind=kind))
    entry.kind = entry.kind or kind
    weak = row.get("strength", "").lower() == "weak"
    if name not in {one.name for one in entry.names}:
        entry.names.append(ListedName(name, primary=not entry.names, weak=weak))
    for birth in tables.births(row.get("born", ""), line):
        if birth not in entry.births:
            entry.births.append(birth)
    entry.countries = sorted({*entry.countries, *tables.countries(row.get("country", ""))})
    entry.gender = entry.gender or gender_of(row.get("gender", ""))
    programme = row.get("programme", "")
    if programme and programme not in entry.programmes:
        entry.programmes.append(programme)
