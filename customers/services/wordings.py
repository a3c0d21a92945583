"""Versions of the wordings of consents: drafted by one, put in force by another."""

import json
from datetime import datetime
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records
from clm.core.lifecycle import RulesState
from clm.core.models import User
from customers.models import ConsentWording, Purpose

SHIPPED = Path(__file__).parent.parent / "consent" / "data" / "wordings.json"


def draft_wording(
    *, purpose: str, text_da: str, text_en: str, note: str, actor: User, at: datetime
) -> ConsentWording:
    """
    The next version of a purpose's wording, as a draft.

    :raises PermissionDenied: `actor` may not change wordings
    :raises ValidationError: an unknown purpose, a language without text, or no note
    """
    _demand(actor)
    if not note.strip():
        raise ValidationError({"note": _("Say what changes and why.")})
    with transaction.atomic():
        number = _next_number(purpose)
        wording = ConsentWording(
            purpose=purpose, number=number, code=f"{purpose}-{number}",
            text_da=text_da.strip(), text_en=text_en.strip(), note=note.strip(),
        )  # fmt: skip
        return records.create(
            record=wording, actor=actor, at=at, payload={"purpose": purpose, "number": number}
        )


def replace_wording(*, record: ConsentWording, actor: User, at: datetime) -> None:
    """Beside `approve`, in its transaction: the version before ends when this one begins."""
    for one in ConsentWording.objects.filter(purpose=record.purpose, state=RulesState.IN_FORCE):
        lifecycle.perform(
            record=one, name="retire", actor=actors.system_user(), at=at,
            changes={"in_force_until": at}, payload={"replaced_by": str(record.pk)},
        )  # fmt: skip
    ConsentWording.objects.filter(pk=record.pk).update(in_force_from=at)
    record.in_force_from = at


def take_over_wording(
    *,
    purpose: str,
    code: str,
    text_da: str,
    text_en: str,
    in_force_from: datetime,
    in_force_until: datetime,
    actor: User,
    at: datetime,
) -> ConsentWording:
    """
    A wording that the bank used before the platform, with its period, for the consents under it.

    The same name again is the same wording.

    :raises PermissionDenied: `actor` may not change wordings
    :raises ValidationError: the name is taken by other words
    """
    _demand(actor)
    with transaction.atomic():
        known = ConsentWording.objects.filter(purpose=purpose, code=code).first()
        if known is not None:
            if (known.text_da, known.text_en) != (text_da, text_en):
                raise ValidationError({"code": _("This name is taken by another wording.")})
            return known
        wording = ConsentWording(
            purpose=purpose, number=_next_number(purpose), code=code, text_da=text_da,
            text_en=text_en, origin=ConsentWording.Origin.BEFORE, state=RulesState.RETIRED,
            in_force_from=in_force_from, in_force_until=in_force_until,
        )  # fmt: skip
        return records.create(record=wording, actor=actor, at=at)


def load_wordings(*, at: datetime) -> list[ConsentWording]:
    """Add the shipped wordings of purposes that have none yet; loading again changes nothing."""
    added = []
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    with transaction.atomic():
        for content in shipped:
            if ConsentWording.objects.filter(purpose=content["purpose"]).exists():
                continue
            wording = ConsentWording(
                purpose=content["purpose"], number=1, code=content["code"],
                text_da=content["text_da"], text_en=content["text_en"],
                origin=ConsentWording.Origin.SHIPPED, state=RulesState.IN_FORCE,
                in_force_from=parse_datetime(content["in_force_from"]),
            )  # fmt: skip
            wording.created_at = wording.updated_at = at
            # Like the law sets they come with a migration, before there is anybody to have done it.
            wording.save(force_insert=True)
            added.append(wording)
    return added


def _demand(actor: User) -> None:
    if not actors.may(actor=actor, permission="customers.change_consentwording"):
        raise PermissionDenied(_("You may not change the wordings of consents."))


def _next_number(purpose: str) -> int:
    if purpose not in Purpose.values:
        raise ValidationError({"purpose": _("This purpose is not known.")})
    with connection.cursor() as cursor:
        # Two who draft at once get two numbers.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('customers.wording'))")
    last = ConsentWording.objects.filter(purpose=purpose).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
