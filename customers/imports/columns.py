"""What the columns of an import mean, and how a cell becomes a value."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from clm.core.tables import MAX_FIELD

#: Columns of our own and the names that other systems give them.
ALIASES: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "customer_id", "kundenummer", "kunde_id"),
    "kind": ("type", "kundetype"),
    "given_names": ("first_name", "first_names", "fornavn", "fornavne"),
    "family_name": ("last_name", "surname", "efternavn"),
    "name": ("company_name", "organisation", "virksomhed", "navn"),
    "born_on": ("birth_date", "date_of_birth", "foedselsdato", "fødselsdato"),
    "birth_place": ("place_of_birth", "foedested", "fødested"),
    "nationalities": ("nationality", "citizenship", "statsborgerskab"),
    "residence_country": ("country_of_residence", "bopaelsland", "bopælsland"),
    "tax_countries": ("tax_country", "skatteland"),
    "language": ("sprog",),
    "occupation": ("stilling",),
    "legal_form": ("virksomhedsform",),
    "cpr": ("cpr_number", "cpr-nr", "cpr-nummer", "cprnr"),
    "cvr": ("cvr_number", "cvr-nr", "cvr-nummer", "cvrnr"),
    "lei": (),
    "email": ("e-mail", "mail", "emails"),
    "phone": ("mobile", "telefon", "mobil", "phones"),
    "address": ("line1", "street", "adresse", "vej"),
    "postal_code": ("zip", "postnummer", "postnr"),
    "city": ("town", "by"),
    "country": ("land",),
    "branch": ("afdeling", "filial"),
    "adviser": ("raadgiver", "rådgiver"),
    "segment": (),
    "customer_since": ("kunde_siden",),
    "last_transaction_on": ("sidste_bevaegelse", "sidste_bevægelse"),
}
_KINDS = {
    "person": "person", "privat": "person", "individual": "person",
    "organisation": "organisation", "organization": "organisation",
    "company": "organisation", "erhverv": "organisation", "virksomhed": "organisation",
}  # fmt: skip
IDENTIFIERS = ("cpr", "cvr", "lei")
#: Characters of a text; nothing that is asked of a customer is longer.
_LONGEST = 2000
# Bytes that are not UTF-8 arrive as lone surrogates.
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNFIT = re.compile("[\0\ud800-\udfff]")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DANISH = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", re.ASCII)


class BadCell(ValueError):
    """A cell that cannot be used; `code` names the kind of fault."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


def is_plain(cells: Sequence[str]) -> bool:
    """Whether no cell of a row needs the care of `cell_text`: stripping is all it would do."""
    whole = "".join(cells)
    return len(whole) <= _LONGEST and "'" not in whole and not _UNFIT.search(whole)


def cell_text(name: str, text: str) -> str:
    """The text of a cell as its converter takes it. :raises BadCell: it cannot be one"""
    if len(text) > MAX_FIELD:
        raise BadCell("too_long", _("The field is longer than 128 kB."))
    if _UNFIT.search(text):
        if "\0" in text and not _SURROGATES.search(text):
            raise BadCell("nul", _("The field contains a NUL character."))
        raise BadCell("encoding", _("The field is not in UTF-8."))
    text = text.strip()
    if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"}:
        # How an export of ours writes what a spreadsheet would run.
        text = text[1:].strip()
    if len(text) > _LONGEST and name not in CONVERTERS:
        raise BadCell("too_long", _("The field is longer than 2,000 characters."))
    return text


def _date(text: str) -> date:
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DANISH.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise BadCell("date", _("A date is written 2026-03-05 or 05-03-2026."))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadCell("date", _("There is no such day.")) from None


def _country(text: str) -> str:
    code = text.upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise BadCell("country", _("A country is given by its two letters."))
    return code


def _countries(text: str) -> list[str]:
    if len(text) == 2 and text.isalpha():
        return [_country(text)]
    return [_country(part) for part in re.split(r"[\s,;|/]+", text) if part]


def _several(text: str) -> list[str]:
    parts = [text] if ";" not in text and "|" not in text else re.split(r"[;|]", text)
    return [part.strip() for part in parts if part.strip()]


def _kind(text: str) -> str:
    if text.lower() not in _KINDS:
        raise BadCell("kind", _("The kind is “person” or “organisation”."))
    return _KINDS[text.lower()]


def _language(text: str) -> str:
    if text.lower() not in {"da", "en"}:
        raise BadCell("language", _("The language is “da” or “en”."))
    return text.lower()


#: How the text of a column becomes its value, where that is more than the text.
CONVERTERS: dict[str, Callable[[str], Any]] = {
    "born_on": _date,
    "customer_since": _date,
    "last_transaction_on": _date,
    "residence_country": _country,
    "country": _country,
    "nationalities": _countries,
    "tax_countries": _countries,
    "kind": _kind,
    "language": _language,
    "email": _several,
    "phone": _several,
}
