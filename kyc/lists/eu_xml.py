"""The consolidated list of the European Union (`xmlFullSanctionsList_1_1`)."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from kyc.countries import code_of
from kyc.features import Birth
from kyc.features.gender import gender_of
from kyc.lists import Listed, ListedName, Reading, register
from kyc.lists.reading import births
from kyc.lists.reading.elements import listed
from kyc.lists.reading.naming import add_names

_NAMESPACES = ("http://eu.europa.ec/fpi/fsd/export", "")
_KINDS = {"person": "person", "p": "person", "enterprise": "organisation", "e": "organisation"}


@register("eu-xml", list_name="EU consolidated")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    One XML file (or gz, or alone in a zip) with `export/sanctionEntity`, whose facts stand in
    attributes; an entry's id is its `logicalId`, its `euReferenceNumber` stands with its
    identifiers. A `nameAlias` with `strong="false"` is weak. Not yet tried on a real file: the
    elements and attributes are those that independent parsers of the list quote.
    """
    yield from listed(
        path,
        reading,
        root="export",
        namespaces=_NAMESPACES,
        entries=("sanctionEntity",),
        dated_by="generationDate",
        build=_entry,
    )


def _value(element: Element, name: str) -> str:
    return " ".join(element.get(name, "").split())


def _says(element: Element, name: str) -> bool:
    return element.get(name, "").strip().lower() in ("true", "1")


def _entry(element: Element) -> tuple[Listed, int]:
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
        gender=_gender(element),
    )
    add_names(entry, sorted(_names(element), key=lambda one: one.weak))
    if entry.names:
        first = entry.names[0]
        entry.names[0] = ListedName(first.name, primary=True, weak=first.weak)
    strange = _births(element, entry)
    entry.remarks = "; ".join(dict.fromkeys([*_remarks(element), *strange]))
    return entry, len(strange)


def _gender(element: Element) -> str:
    """Stated with each name; nothing where they contradict each other."""
    stated = {gender_of(_value(one, "gender")) for one in element.iterfind("nameAlias")} - {""}
    return stated.pop() if len(stated) == 1 else ""


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
    # An unknown country is "00" here, which is no code.
    return code_of(_value(element, "countryIso2Code")) or code_of(
        _value(element, "countryDescription")
    )


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
        names = ("birthdate", "year", "monthOfYear", "dayOfMonth", "yearRangeFrom", "yearRangeTo")
        stated = [_value(one, name) for name in names]
        if not any(stated):
            continue
        calendar = _value(one, "calendarType").upper()
        birth = _birth(*stated) if calendar in ("", "GREGORIAN") else None
        if birth is None:
            strange.append(_as_stated(one, names))
            continue
        birth = Birth(birth.first, birth.last, birth.circa or _says(one, "circa"))
        if birth not in entry.births:
            entry.births.append(birth)
    return strange


def _as_stated(birth: Element, names: tuple[str, ...]) -> str:
    """In words of the list: half a range must not read as the year itself."""
    said = (
        f"{name} {_value(birth, name)}" for name in (*names, "calendarType") if _value(birth, name)
    )
    return "DOB " + ", ".join(said)


def _birth(day: str, year: str, month: str, of_month: str, first: str, last: str) -> Birth | None:
    if first or last:
        return births.parse(f"{first}-{last}") if first and last else None
    if day:
        return births.parse(day)
    parts = (year, month, of_month) if month else (year,)
    return births.parse("-".join(one.zfill(2) for one in parts if one))


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
