"""Field-level history in words: when, who, which field, from what to what."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clm.core import history
from clm.core.models import Branch, User

#: What a reference to is shown by name; anything else may be outside the reader's reach.
_NAMED = (User, Branch)
#: Names by model and key.
Named = Mapping[tuple[Any, Any], str]


@dataclass(frozen=True)
class Line:
    """One field of one change."""

    at: datetime
    who: User | None
    field: str
    before: str
    after: str


def lines(*, record: models.Model) -> list[Line]:
    """The record's changes as a person reads them, newest first."""
    found = history.changes_of(record)
    people = User.objects.in_bulk({who for row, _all in found if (who := _who(row))})
    by_id = {str(pk): person for pk, person in people.items()}
    named = _named(one for _row, all_of_it in found for one in all_of_it)
    return [
        Line(
            at=row.pgh_created_at,
            who=by_id.get(_who(row)),
            field=one.label[:1].upper() + one.label[1:],
            before=in_words(one.field, one.before, named),
            after=in_words(one.field, one.after, named),
        )
        for row, differences in found
        for one in differences
    ]


def _named(differences: Iterable[Any]) -> Named:
    """The names of what the columns refer to, asked for once a model."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for one in differences:
        related = one.field.related_model
        if related is not None and issubclass(related, _NAMED):
            wanted.setdefault(related, set()).update({one.before, one.after} - {None, ""})
    return {
        (model, pk): str(record)
        for model, keys in wanted.items()
        for pk, record in model._base_manager.in_bulk(keys).items()
    }


def in_words(field: Any, value: Any, named: Named) -> str:
    """A column's value as the reader's language writes it; empty when there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return named.get((field.related_model, value), str(value))


def _who(row: Any) -> str:
    return str((row.pgh_context or {}).get("user") or "")
