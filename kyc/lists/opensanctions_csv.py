"""OpenSanctions' simplified table (`targets.simple.csv`)."""

from collections.abc import Iterator
from pathlib import Path

from clm.core.sayings import gettext as _
from kyc.lists import Listed, ListedName, ListError, Reading, register
from kyc.lists.reading import births
from kyc.lists.reading.lines import rows
from kyc.lists.reading.naming import add_names
from kyc.lists.reading.schemas import country_of, kind_of_schema

REQUIRED = ("id", "schema", "name")
KNOWN = (
    *REQUIRED, "aliases", "birth_date", "countries", "addresses", "identifiers", "sanctions",
    "phones", "emails", "program_ids", "dataset", "first_seen", "last_seen", "last_change",
)  # fmt: skip


@register("opensanctions-csv", list_name="OpenSanctions")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    Columns `id,schema,name` and, as far as they are there, `aliases,birth_date,countries,
    identifiers,sanctions,program_ids,dataset`; several values in a cell are parted by `;`. When
    an entry was seen first or last is no change of it and is passed over, as are schemas that
    are no party.
    """
    others = 0
    for line, row in rows(path, reading, required=REQUIRED, known=KNOWN):
        if not row["id"] or not row["name"]:
            raise ListError(_("Line %(line)d has no id or no name.") % {"line": line})
        kind = kind_of_schema(row["schema"])
        if kind is None:
            others += 1
            continue
        yield _entry(row, kind, line)
    if others:
        reading.notes.append(
            _("%(count)d entries are no party to be screened; they were passed over.")
            % {"count": others}
        )


def _values(row: dict[str, str], name: str) -> list[str]:
    parts = (part.strip() for part in row.get(name, "").split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def _entry(row: dict[str, str], kind: str, line: int) -> Listed:
    programmes, sanctions = _values(row, "program_ids"), _values(row, "sanctions")
    remarks = [*(sanctions if programmes else []), *_values(row, "dataset")]
    entry = Listed(
        key=row["id"],
        kind=kind,
        countries=sorted({code for one in _values(row, "countries") if (code := country_of(one))}),
        programmes=programmes or sanctions,
        identifiers=[
            {"kind": "", "value": one, "country": ""} for one in _values(row, "identifiers")
        ],
    )
    add_names(entry, [ListedName(row["name"], primary=True)])
    add_names(entry, [ListedName(one) for one in _values(row, "aliases")])
    if not entry.names:
        raise ListError(_("Line %(line)d has no id or no name.") % {"line": line})
    for text in _values(row, "birth_date"):
        birth = births.parse(text)
        if birth is None:
            remarks.append(f"DOB {text}")
        elif birth not in entry.births:
            entry.births.append(birth)
    entry.remarks = "; ".join(remarks)
    return entry
