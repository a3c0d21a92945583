"""What a row of a file of leads says, and what is wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from acquisition.models import Campaign, Channel
from clm.core import crypto
from clm.core.table_jobs import Fault
from clm.core.tables import Row
from customers.imports.columns import CONVERTERS, BadCell, cell_text
from customers.imports.rows import Lookups as BankLookups
from customers.models import Product

#: Columns of our own and the names that others give them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "lead_id"),
    "given_names": ("first_name", "fornavn", "fornavne"),
    "family_name": ("last_name", "surname", "efternavn"),
    "organisation_name": ("company", "company_name", "organisation", "virksomhed"),
    "email": ("e-mail", "mail"),
    "phone": ("mobile", "telefon", "mobil"),
    "language": ("sprog",),
    "channel": ("kanal",),
    "note": ("bemærkning", "comment"),
    "cpr": ("cpr_number", "cpr-nr", "cprnr"),
    "campaign": ("kampagne",),
    "product": ("produkt",),
    "branch": ("afdeling", "filial"),
    "adviser": ("raadgiver", "rådgiver"),
}
#: Read as they stand; the lead's own rules decide about them.
_PLAIN = frozenset({"email", "phone", "cpr"})
_CHANNELS = {value: value for value in Channel.values}


@dataclass(frozen=True)
class Lookups:
    """What a file names by words: campaigns, products, branches, advisers."""

    tables: Mapping[str, Mapping[str, Any]]

    @classmethod
    def load(cls) -> "Lookups":
        bank = BankLookups.load()
        return cls(
            {
                "branch": bank.branches,
                "adviser": bank.advisers,
                "campaign": {one.name.lower(): one for one in Campaign.objects.all()},
                "product": {one.code.lower(): one for one in Product.objects.all()},
                "channel": _CHANNELS,
            }
        )

    def find(self, name: str, text: str) -> Any:
        """:raises BadCell: there is nothing of that name"""
        found = self.tables[name].get(text.lower())
        if found is None:
            words = {
                "branch": _("There is no such branch."),
                "adviser": _("There is no such adviser."),
                "campaign": _("There is no such campaign."),
                "product": _("There is no such product."),
                "channel": _("There is no such channel."),
            }
            raise BadCell(name, words[name])
        return found


@dataclass(frozen=True)
class Read:
    """A row that can be a lead: its id at the source and the lead's values."""

    line: int
    key: str
    values: Mapping[str, Any]


def understand(*, row: Row, meaning: Mapping[int, str], lookups: Lookups) -> Read | list[Fault]:
    """What a row says, or every fault of it; a fault never repeats what the cell held."""
    if row.fault:
        return [Fault(row.line, "", *row.fault)]
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for place, name in meaning.items():
        try:
            text = cell_text("note" if name in _PLAIN else name, row.cells[place])
            if not text:
                continue
            values[name] = _value(name, text, lookups)
        except BadCell as bad:
            faults.append(Fault(row.line, name, bad.code, str(bad)))
    if faults:
        return faults
    key = str(values.pop("external_id", "")).strip()
    if len(key) > 120:
        sentence = _("The id is longer than 120 characters.")
        return [Fault(row.line, "external_id", "too_long", sentence)]
    return Read(row.line, key or _digest(values), values)


def _value(name: str, text: str, lookups: Lookups) -> Any:
    if name in lookups.tables:
        return lookups.find(name, text)
    return text if name in _PLAIN or name not in CONVERTERS else CONVERTERS[name](text)


def faults_of(line: int, error: ValidationError, cells: Iterable[object]) -> list[Fault]:
    """
    A refusal of the lead's own rules, as faults of the row.

    A sentence that quotes what a cell held gives way to one that does not: faults are kept with
    the job, and outlive the lead.

    :param cells: what the row said
    """
    words = [str(one).strip().casefold() for one in cells if len(str(one).strip()) > 1]
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [
        Fault(
            line,
            "" if name == "__all__" else name,
            "invalid",
            " ".join(dict.fromkeys(_unquoted(one, words) for one in sentences)),
        )
        for name, sentences in told.items()
    ]


def _unquoted(sentence: str, words: Iterable[str]) -> str:
    said = sentence.casefold()
    if any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", said) for one in words):
        return _("This value cannot be used here.")
    return sentence


def _digest(values: Mapping[str, Any]) -> str:
    """Stands for a row without an id: the same words again are the same row."""
    plain = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
    # Keyed, as it is made of who somebody is.
    return f"row:{crypto.blind_index(value=plain, purpose='acquisition.import').hex()}"
