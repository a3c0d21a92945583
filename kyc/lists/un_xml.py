"""The consolidated list of the United Nations Security Council (`consolidated.xml`)."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from kyc.countries import code_of
from kyc.features import Birth
from kyc.features.gender import gender_of
from kyc.lists import Listed, ListedName, Reading, register
from kyc.lists.reading import births
from kyc.lists.reading.elements import listed, text_of
from kyc.lists.reading.naming import add_names, split_names

_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY")


@register("un-xml", list_name="UN Security Council")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    One XML file (or gz, or alone in a zip) with `CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL` and
    `ENTITIES/ENTITY`; an entry's id is its `DATAID`, its `REFERENCE_NUMBER` stands with its
    identifiers. Aliases of quality `Low` are weak.
    """
    yield from listed(
        path,
        reading,
        root="CONSOLIDATED_LIST",
        namespaces=("",),
        entries=("INDIVIDUALS/INDIVIDUAL", "ENTITIES/ENTITY"),
        dated_by="dateGenerated",
        build=_entry,
    )


def _entry(element: Element) -> tuple[Listed, int]:
    person = element.tag == "INDIVIDUAL"
    kind = "INDIVIDUAL" if person else "ENTITY"
    entry = Listed(
        key=text_of(element, "DATAID"),
        kind="person" if person else "organisation",
        programmes=_texts(element, "UN_LIST_TYPE"),
        nationalities=_codes(element, "NATIONALITY/VALUE"),
        countries=_codes(element, f"{kind}_ADDRESS/COUNTRY"),
        birth_places=list(dict.fromkeys(_birth_places(element))),
        identifiers=_identifiers(element),
        gender=gender_of(text_of(element, "GENDER")),
    )
    main = " ".join(one for name in _NAMES if (one := text_of(element, name)))
    add_names(entry, _as_names(main, primary=True))
    for text in _texts(element, "NAME_ORIGINAL_SCRIPT"):
        add_names(entry, _as_names(text))
    for alias in element.iter(f"{kind}_ALIAS"):
        weak = text_of(alias, "QUALITY").lower() == "low"
        add_names(entry, _as_names(text_of(alias, "ALIAS_NAME"), weak=weak))
        _before, in_script, name = text_of(alias, "NOTE").partition(" script:")
        if in_script:
            add_names(entry, _as_names(name, weak=weak))
    strange = _births(element, entry)
    entry.remarks = "; ".join([*_remarks(element), *strange])
    return entry, len(strange)


def _as_names(text: str, *, primary: bool = False, weak: bool = False) -> list[ListedName]:
    return [
        ListedName(name, primary=primary and not place, weak=weak or short)
        for place, (name, short) in enumerate(split_names(text))
    ]


def _texts(element: Element, path: str) -> list[str]:
    found = (" ".join((one.text or "").split()) for one in element.iterfind(path))
    return list(dict.fromkeys(one for one in found if one))


def _codes(element: Element, path: str) -> list[str]:
    # "na" stands for "not available" here, not for Namibia.
    found = (code_of(one) for one in _texts(element, path) if one.lower() != "na")
    return sorted({code for code in found if code})


def _birth_places(element: Element) -> Iterator[str]:
    for place in element.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"):
        if parts := [one for name in _PLACE if (one := text_of(place, name))]:
            yield ", ".join(parts)
    for alias in element.iterfind("INDIVIDUAL_ALIAS"):
        names = ("CITY_OF_BIRTH", "COUNTRY_OF_BIRTH")
        if parts := [one for name in names if (one := text_of(alias, name))]:
            yield ", ".join(parts)


def _births(element: Element, entry: Listed) -> list[str]:
    """Adds the dates of birth; those that cannot be read are returned as they stand."""
    strange = []
    for one in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        stated = [text_of(one, name) for name in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE")]
        if not any(stated):
            continue
        birth = _birth(text_of(one, "TYPE_OF_DATE").upper(), *stated)
        if birth is None:
            strange.append("DOB " + " ".join(filter(None, stated)))
        elif birth not in entry.births:
            entry.births.append(birth)
    for alias in element.iterfind("INDIVIDUAL_ALIAS"):
        text = text_of(alias, "DATE_OF_BIRTH")
        birth = births.parse(text)
        if birth is not None and birth not in entry.births:
            entry.births.append(birth)
        elif birth is None and text:
            strange.append(f"DOB {text}")
    return strange


def _birth(kind: str, day: str, year: str, first: str, last: str, note: str) -> Birth | None:
    circa = kind == "APPROXIMATELY" or note.lower().startswith("approx")
    if kind == "BETWEEN" or (first and last):
        found = births.span(_number(first), _number(last))
    elif day:
        found = births.parse(day)
    elif year:
        # The note of a year may be its month.
        found = births.parse(f"{note} {year}") if note else None
        found = found or births.parse(year)
    else:
        found = births.parse(note)
    if found is None:
        return None
    return Birth(found.first, found.last, circa or found.circa)


def _number(text: str) -> int:
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else 0


def _identifiers(element: Element) -> list[dict[str, str]]:
    found = []
    reference = text_of(element, "REFERENCE_NUMBER")
    if reference:
        found.append({"kind": "UN reference", "value": reference, "country": ""})
    for one in element.iterfind("INDIVIDUAL_DOCUMENT"):
        value = text_of(one, "NUMBER")
        if value:
            found.append(
                {
                    "kind": text_of(one, "TYPE_OF_DOCUMENT") or text_of(one, "TYPE_OF_DOCUMENT2"),
                    "value": value,
                    "country": code_of(text_of(one, "ISSUING_COUNTRY"))
                    or code_of(text_of(one, "COUNTRY_OF_ISSUE")),
                }
            )
    return found


def _remarks(element: Element) -> list[str]:
    return [
        *_texts(element, "TITLE/VALUE"),
        *_texts(element, "DESIGNATION/VALUE"),
        *_texts(element, "COMMENTS1"),
    ]
