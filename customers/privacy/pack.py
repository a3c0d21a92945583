"""
The subject-access pack: everything the rooms of the house hold about a customer (GDPR art. 15).

What there is, is told by the `PersonalData` registry, so a model added later is in it by being
registered. Material of suspicious-activity reports is registered nowhere (hvidvaskloven § 38).
"""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import registries
from clm.core.documents import pdf
from clm.core.models import User
from clm.core.registries import PersonalData
from customers.models import Customer
from customers.selectors.duplicates import records_of

TEMPLATE = Path(__file__).with_name("pack.typ")
#: Rows of one model in the PDF; the data file beside it holds them all.
SHOWN = 200


def archive(
    *, customer: Customer, at: datetime, reader: User | None = None, own: bool = False
) -> bytes:
    """
    A zip of `data.json` (all of it, for machines) and `pack.pdf` (PDF/UA, for people).

    :param reader: who of the bank makes it, and gets what they may be told
    :param own: for customers who fetch it themselves; see `PersonalData.own`
    """
    with translation.override(customer.language):
        held = collect(customer=customer, reader=reader, own=own)
        document = pdf(template=TEMPLATE, content=_content(customer, held, at, own), at=at)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        machine = {"customer": str(customer.pk), "at": at.isoformat(), "held": held}
        packed.writestr(
            "data.json", json.dumps(machine, ensure_ascii=False, indent=1, default=_json)
        )
        packed.writestr("pack.pdf", document)
    return out.getvalue()


def collect(
    *, customer: Customer, reader: User | None = None, own: bool = False
) -> list[dict[str, Any]]:
    """
    One entry a model that holds something: `category`, `what`, `retention` and `records`.

    A record is a list of `{field, label, value}` in the active language.
    """
    found = []
    about = records_of(customer=customer)
    for entry in registries.personal_data:
        names = entry.fields if not own or entry.own == "*" else entry.own
        if not names:
            continue
        records = [
            list(_fields(entry, row, names))
            for row in entry.told(customers=about, reader=reader, own=own)
        ]
        if records:
            found.append(
                {
                    "category": str(entry.category),
                    "what": str(entry.model._meta.verbose_name_plural),
                    "model": entry.model._meta.label,
                    "retention": entry.retention,
                    "records": records,
                }
            )
    return found


def _fields(
    entry: PersonalData, row: models.Model, names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    for name in names:
        value = getattr(row, name)
        if value in (None, "", [], {}):
            continue
        field = entry.model._meta.get_field(name)
        shown = getattr(row, f"get_{name}_display", lambda value=value: value)()
        label = str(getattr(field, "verbose_name", name))
        yield {"field": name, "label": label, "value": value, "shown": _words(shown)}


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal | float):
        return formats.number_format(value, use_l10n=True)
    if isinstance(value, list | tuple):
        return ", ".join(_words(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_words(one)}" for name, one in value.items())
    return str(value)


def _content(
    customer: Customer, held: list[dict[str, Any]], at: datetime, own: bool
) -> dict[str, Any]:
    day = formats.date_format(timezone.localdate(at), "DATE_FORMAT")
    return {
        "title": _("What we hold about you"),
        "bank": settings.CLM_BANK_NAME,
        "language": customer.language,
        "lead": _("%(name)s, as of %(day)s. Made by %(bank)s on request (GDPR art. 15).")
        % {"name": customer.display_name, "day": day, "bank": settings.CLM_BANK_NAME},
        "what": _("What"),
        "value": _("Value"),
        "rights": [*_by_person(own), *_rights()],
        "sections": [_section(one) for one in held],
    }


def _by_person(own: bool) -> list[dict[str, Any]]:
    """The same words to everybody, whether or not there is anything."""
    if not own:
        return []
    line = _(
        "This is what you can fetch yourself. Our own assessments and notes are handed over by a"
        " person: ask your adviser for the full pack."
    )
    return [{"heading": _("What is not in this pack"), "lines": [line]}]


def _rights() -> list[dict[str, Any]]:
    return [
        {
            "heading": _("Why we hold it"),
            "lines": [
                _("To serve you under our agreements with you (GDPR art. 6(1)(b))."),
                _("To know our customers, as the law against money laundering demands (art. 6(1)(c))."),
                _("Where you have consented, for the purposes of each consent (art. 6(1)(a))."),
            ],
        },
        {
            "heading": _("Your rights"),
            "lines": [
                _("You may have wrong data corrected (art. 16) and, when nothing in law keeps it, erased (art. 17)."),
                _("You may object to direct marketing at any time (art. 21)."),
                _("A decision made without a person may be contested and is then looked at by one (art. 22)."),
                _("You may complain to the data protection authority, in Denmark Datatilsynet."),
            ],
        },
    ]  # fmt: skip


def _section(held: dict[str, Any]) -> dict[str, Any]:
    records = held["records"]
    note = ngettext("%(count)d record.", "%(count)d records.", len(records))
    text = note % {"count": len(records)}
    if len(records) > SHOWN:
        text += " " + _("The first %(count)d are shown; the data file holds all.") % {
            "count": SHOWN
        }
    return {
        "heading": f"{held['category']}: {held['what']}",
        "note": text,
        "records": [[[one["label"], one["shown"]] for one in row] for row in records[:SHOWN]],
    }


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
