"""The consolidated list of the European Union (`xmlFullSanctionsList_1_1`)."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from kyc.countries import code_of
from kyc.features import Birth
from kyc.lists import Listed, ListedName, ListError, Reading, register
from kyc.lists.reading import births
from kyc.lists.reading.dates import moment
from kyc.lists.reading.elements import elements
from kyc.lists.reading.naming import add_names

_NAMESPACES = ("http://eu.europa.ec/fpi/fsd/export", "")
_KINDS = {"person": "person", "p": "person", "enterprise": "organisation", "e": "organisation"}


@register("eu-xml", list_name="EU consolidated")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    One XML file (or gz, or alone in a zip) with `export/sanctionEntity`, whose facts stand in
    attributes; an entry's id is its `logicalId`, its `euReferenceNumber` stands with its
    identifiers. A `nameAlias` with `strong="false"` is weak.
    """

    def dated(attributes: dict[str, str]) -> None:
        reading.dated_at = moment(attributes.get("generationDate", ""))

    unread = 0
    for line, element in elements(
        path, root="export", namespaces=_NAMESPACES, entries=("sanctionEntity",), on_root=dated
    ):
        entry = _entry(element)
        if not entry.key or not entry.names:
            raise ListError(
                _("Line %(line)d, <%(element)s>: the entry has no number or no name.")
                % {"line": line, "element": element.tag}
            )
        strange = _births(element, entry)
        unread += len(strange)
        entry.remarks = "; ".join(dict.fromkeys([*_remarks(element), *strange]))
        yield entry
    reading.end_mark = True
    if unread:
        reading.notes.append(
            _("%(count)d dates of birth could not be read; they stand in the remarks.")
            % {"count": unread}
        )


def _value(element: Element, name: str) -> str:
    return " ".join(element.get(name, "").split())


def _says(element: Element, name: str) -> bool:
    return element.get(name, "").strip().lower() in ("true", "1")


def _entry(element: Element) -> Listed:
    entry = Listed(
        key=_value(element, "logicalId"),
        kind=_kind(element),
        programmes=list(
            dict.fromkeys(
                one for x in element.iterfind("regulation") if (one := _value(x, "programme"))
            )
        ),
        nationalities=_countries(element, "citizenship"),
        countries=_countries(element, "address"),
        birth_places=list(dict.fromkeys(filter(None, map(_place, element.iterfind("birthdate"))))),
        identifiers=_identifiers(element),
    )
    add_names(entry, sorted(_names(element), key=lambda one: one.weak))
    if entry.names:
        first = entry.names[0]
        entry.names[0] = ListedName(first.name, primary=True, weak=first.weak)
    return entry


def _kind(element: Element) -> str:
    subject = element.find("subjectType")
    if subject is None:
        return ""
    code = _KINDS.get(_value(subject, "code").lower())
    return code or _KINDS.get(_value(subject, "classificationCode").lower(), "")


def _names(element: Element) -> Iterator[ListedName]:
    for alias in element.iterfind("nameAlias"):
        parts = (_value(alias, name) for name in ("firstName", "middleName", "lastName"))
        name = _value(alias, "wholeName") or " ".join(filter(None, parts))
        yield ListedName(name, weak=alias.get("strong", "true").strip().lower() in ("false", "0"))


def _country(element: Element) -> str:
    # "00" is the list's code for an unknown country.
    code = _value(element, "countryIso2Code")
    return code.upper() if len(code) == 2 and code.isalpha() else code_of(
        _value(element, "countryDescription")
    )  # fmt: skip


def _countries(element: Element, name: str) -> list[str]:
    return sorted({code for one in element.iterfind(name) if (code := _country(one))})


def _place(birth: Element) -> str:
    country = _value(birth, "countryDescription")
    names = [_value(birth, name) for name in ("place", "city", "region")]
    names.append("" if country.upper() == "UNKNOWN" else country)
    return ", ".join(dict.fromkeys(filter(None, names)))


def _births(element: Element, entry: Listed) -> list[str]:
    """Adds the dates of birth; those that cannot be read are returned as they stand."""
    strange = []
    for one in element.iterfind("birthdate"):
        names = ("birthdate", "year", "month", "day", "yearRangeFrom", "yearRangeTo")
        stated = [_value(one, name) for name in names]
        if not any(stated):
            continue
        calendar = _value(one, "calendarType").upper()
        birth = _birth(*stated) if calendar in ("", "GREGORIAN") else None
        if birth is None:
            strange.append(" ".join(filter(None, ["DOB", *stated, calendar])))
            continue
        birth = Birth(birth.first, birth.last, birth.circa or _says(one, "circa"))
        if birth not in entry.births:
            entry.births.append(birth)
    return strange


def _birth(day: str, year: str, month: str, of_month: str, first: str, last: str) -> Birth | None:
    if first or last:
        return births.parse(f"{first or last}-{last or first}")
    if day:
        return births.parse(day)
    return births.parse("-".join(one.zfill(2) for one in (year, month, of_month) if one))


def _identifiers(element: Element) -> list[dict[str, str]]:
    found = [
        {"kind": kind, "value": value, "country": ""}
        for kind, name in (
            ("EU reference", "euReferenceNumber"),
            ("UN reference", "unitedNationId"),
        )
        if (value := _value(element, name))
    ]
    for one in element.iterfind("identification"):
        kind = _value(one, "identificationTypeDescription") or _value(one, "identificationTypeCode")
        if _says(one, "knownFalse"):
            kind += " (known to be false)"
        numbers = (_value(one, "number"), _value(one, "latinNumber"))
        for number in dict.fromkeys(filter(None, numbers)):
            found.append({"kind": kind, "value": number, "country": _country(one)})
    return found


def _remarks(element: Element) -> Iterator[str]:
    for alias in element.iterfind("nameAlias"):
        if function := _value(alias, "function"):
            yield function
    if details := _value(element, "designationDetails"):
        yield details
    for remark in element.iterfind("remark"):
        if text := " ".join((remark.text or "").split()):
            yield text
