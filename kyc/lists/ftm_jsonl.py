"""FollowTheMoney entities as JSON lines (`entities.ftm.json`, `targets.nested.json`)."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clm.core.sayings import gettext as _
from kyc.beside import beside
from kyc.features.gender import gender_of
from kyc.lists import Listed, ListedName, ListError, Reading, register
from kyc.lists.reading import births
from kyc.lists.reading.lines import lines
from kyc.lists.reading.naming import add_names
from kyc.lists.reading.schemas import country_of, kind_of_schema

#: Entities that say something of another, and the property that names the other.
_ABOUT = {"Sanction": "entity", "Identification": "holder", "Passport": "holder", "Address": ""}
_COUNTRIES = ("country", "jurisdiction", "mainCountry", "flag")
_NUMBERS = (
    "idNumber", "passportNumber", "registrationNumber", "taxNumber", "socialSecurityNumber",
    "leiCode", "vatCode", "innCode", "ogrnCode", "okpoCode", "kppCode", "bikCode", "swiftBic",
    "dunsCode", "uscCode", "npiCode", "uniqueEntityId", "icpCode", "imoNumber", "mmsi",
    "callSign", "serialNumber",
)  # fmt: skip
_TABLES = "CREATE TABLE said (about TEXT, schema TEXT, properties TEXT)"
Properties = dict[str, Any]


@register("ftm-jsonl", list_name="FollowTheMoney")
def read(path: Path, reading: Reading) -> Iterator[Listed]:
    """
    One entity a line, plain, gz or alone in a zip: `id, schema, properties` with lists of values.
    Sanctions, addresses, passports and identifications join the entity they belong to, from a
    line of their own, before or after it, or nested in it; other schemas and entities that say
    `"target": false` are passed over.
    """
    others = 0
    with _joins(path) as joins:
        for line, document in _documents(path, reading):
            kind = kind_of_schema(document["schema"])
            if kind is None or document.get("target") is False:
                others += document["schema"] not in _ABOUT
                continue
            yield _entry(document, kind, joins, line)
    if others:
        reading.notes.append(
            _("%(count)d entries are no party to be screened; they were passed over.")
            % {"count": others}
        )


def _documents(path: Path, reading: Reading) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, text in lines(path, reading):
        if not text.strip():
            continue
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise ListError(
                _("Line %(line)d is no whole JSON document; the file seems to be cut off.")
                % {"line": line}
            ) from None
        if not _is_entity(document):
            raise ListError(
                _("Line %(line)d is no entity: it has no id, schema and properties.")
                % {"line": line}
            )
        yield line, document | {"id": _clean(document["id"])}


def _is_entity(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and isinstance(document.get("id"), str)
        and bool(_clean(document["id"]))
        and isinstance(document.get("schema"), str)
        and isinstance(document.get("properties"), dict)
    )


@contextmanager
def _joins(path: Path) -> Iterator[sqlite3.Connection]:
    """What other lines say of entities, by the entity's id, in a file beside the memory."""
    with beside(tables=_TABLES) as joins:
        joins.executemany("INSERT INTO said VALUES (?, ?, ?)", _said(path))
        joins.execute("CREATE INDEX said_about ON said (about)")
        yield joins


def _said(path: Path) -> Iterator[tuple[str, str, str]]:
    words = tuple(f'"{schema}"' for schema in _ABOUT)
    for _line, text in lines(path, Reading()):
        if not any(word in text for word in words):
            continue
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            continue  # the second reading says so, with its line
        if not _is_entity(document) or document["schema"] not in _ABOUT:
            continue
        properties = document["properties"]
        texts = {name: _texts(properties, name) for name in properties}
        by = _ABOUT[document["schema"]]
        for about in texts.get(by, []) if by else [_clean(document["id"])]:
            yield about, document["schema"], json.dumps(texts)


def _texts(properties: Properties, *names: str) -> list[str]:
    """The values of properties that are texts, each once."""
    found = []
    for name in names:
        values = properties.get(name, [])
        for one in values if isinstance(values, list) else [values]:
            if isinstance(one, str) and one.strip():
                found.append(_clean(one))
    return list(dict.fromkeys(found))


def _clean(text: str) -> str:
    """Single spaces, and nothing that JSON can say and a database cannot keep."""
    text = text.replace("\x00", "").encode("utf-8", "replace").decode()
    return " ".join(text.split())


def _related(document: dict[str, Any], joins: sqlite3.Connection) -> list[tuple[str, Properties]]:
    """What is said of an entity: nested in it, or on lines of their own."""
    properties = document["properties"]
    found = [
        (one["schema"], one["properties"])
        for values in properties.values()
        if isinstance(values, list)
        for one in values
        if _is_entity(one)
    ]
    for about in (document["id"], *_texts(properties, "addressEntity")):
        found += [
            (schema, json.loads(text))
            for schema, text in joins.execute(
                "SELECT schema, properties FROM said WHERE about = ? ORDER BY rowid", (about,)
            )
        ]
    return found


def _entry(document: dict[str, Any], kind: str, joins: sqlite3.Connection, line: int) -> Listed:
    properties: Properties = document["properties"]
    related = _related(document, joins)
    said: dict[str, list[Properties]] = {}
    for schema, one in related:
        said.setdefault(schema, []).append(one)
    programmes = [*_texts(properties, "programId", "program")]
    for one in said.get("Sanction", []):
        programmes += _texts(one, "programId") or _texts(one, "program")
    # The order of values means nothing in this format and differs from export to export.
    entry = Listed(
        key=document["id"],
        kind=kind,
        birth_places=sorted(_texts(properties, "birthPlace")),
        nationalities=_codes(properties, "nationality", "citizenship"),
        countries=sorted(
            {
                *_codes(properties, *_COUNTRIES),
                *(code for one in said.get("Address", []) for code in _codes(one, "country")),
            }
        ),
        programmes=[*sorted(set(programmes)), *sorted(_texts(properties, "topics"))],
        identifiers=_identifiers(properties, said),
        gender=_gender(properties),
    )
    _add_names(entry, document)
    if not entry.names:
        raise ListError(_("Line %(line)d has no id or no name.") % {"line": line})
    remarks = sorted(_texts(properties, "position", "notes"))
    for text in sorted(_texts(properties, "birthDate")):
        birth = births.parse(text)
        if birth is None:
            remarks.append(f"DOB {text}")
        else:
            entry.births.append(birth)
    entry.remarks = "; ".join(remarks)
    return entry


def _gender(properties: Properties) -> str:
    stated = {gender_of(one) for one in _texts(properties, "gender")}
    return stated.pop() if len(stated) == 1 else ""


def _add_names(entry: Listed, document: dict[str, Any]) -> None:
    properties = document["properties"]
    names = _texts(properties, "name")
    caption = _caption(document)
    if caption in names:
        names.remove(caption)
        names.insert(0, caption)
    if not names:
        given = [_texts(properties, one)[:1] for one in ("firstName", "middleName", "lastName")]
        names = [" ".join(part for one in given for part in one) or _caption(document)]
    strong = sorted([*names[1:], *_texts(properties, "alias", "previousName")])
    weak = sorted(_texts(properties, "weakAlias", "abbreviation"))
    add_names(entry, [ListedName(names[0], primary=True)])
    add_names(entry, [ListedName(one) for one in strong])
    add_names(entry, [ListedName(one, weak=True) for one in weak])


def _caption(document: dict[str, Any]) -> str:
    """What the list shows the entity as; all that a ship or an aircraft may have for a name."""
    caption = document.get("caption")
    return _clean(caption) if isinstance(caption, str) else ""


def _codes(properties: Properties, *names: str) -> list[str]:
    return sorted({code for one in _texts(properties, *names) if (code := country_of(one))})


def _identifiers(properties: Properties, said: dict[str, list[Properties]]) -> list[dict[str, str]]:
    found = [
        {"kind": name, "value": value, "country": ""}
        for name in _NUMBERS
        for value in sorted(_texts(properties, name))
    ]
    for schema in ("Identification", "Passport"):
        for one in said.get(schema, []):
            kind = ", ".join(_texts(one, "type")) or schema
            country = next(iter(_codes(one, "country")), "")
            for value in _texts(one, "number", "passportNumber"):
                found.append({"kind": kind, "value": value, "country": country})
    known: dict[str, dict[str, str]] = {}
    for number in sorted(found, key=lambda one: (not one["country"], one["kind"], one["value"])):
        known.setdefault(number["value"], number)
    return list(known.values())
