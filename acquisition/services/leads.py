"""Capturing leads and correcting them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from acquisition.models import Lead
from acquisition.services.nurturing import plan_next
from clm.core import crypto, records
from clm.core.models import User
from customers.contacts import InvalidContact, normal_email, normal_phone
from customers.identification import InvalidIdentifier, check_identifier, index_purpose

CPR_CONTEXT = "acquisition.Lead.cpr"
_SET_LATER = {"created_at", "updated_at", "state_since"}

# What a person may set on a lead; state, customer and the encrypted number have their own ways.
LEAD_FIELDS = (
    "given_names",
    "family_name",
    "organisation_name",
    "email",
    "phone",
    "language",
    "channel",
    "note",
    "campaign",
    "product",
    "branch",
    "adviser",
)


def create_lead(
    *,
    values: Mapping[str, Any],
    cpr: str = "",
    source: str = "",
    external_id: str = "",
    actor: User,
    at: datetime,
) -> Lead:
    """
    Take in a lead; without a branch it goes to the actor's.

    :param values: fields named in `LEAD_FIELDS`
    :param cpr: kept encrypted, never in the event
    :param source: who told of it, with its id there; the same pair a second time is refused
    :raises ValidationError: by field
    """
    lead = _draft(values, cpr, source, external_id, actor)
    with transaction.atomic():
        lead = records.create(record=lead, actor=actor, at=at, payload=_told(lead))
        plan_next(leads=[lead], at=at)
    return lead


def draft_lead(
    *,
    values: Mapping[str, Any],
    cpr: str = "",
    source: str = "",
    external_id: str = "",
    actor: User,
) -> Lead:
    """
    A lead as `create_lead` would store it, for `store_leads`; asks the database nothing.

    :raises ValidationError: by field
    """
    lead = _draft(values, cpr, source, external_id, actor)
    lead.clean_fields(exclude={"campaign", "product", "branch", "adviser", "customer"} | _SET_LATER)
    if not lead.family_name and not lead.organisation_name:
        raise ValidationError({"family_name": _("A lead needs a name.")})
    return lead


def store_leads(*, leads: Sequence[Lead], actor: User, at: datetime) -> list[Lead]:
    """Store drafts of `draft_lead` in a handful of statements, with an event each."""
    with transaction.atomic():
        made = records.create_many(
            records=leads, actor=actor, at=at, payloads=[_told(one) for one in leads],
            validate=False,
        )  # fmt: skip
        plan_next(leads=made, at=at)
    return made


def change_lead(
    *,
    lead: Lead,
    changes: Mapping[str, Any],
    cpr: str | None = None,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Lead:
    """
    Correct a lead.

    :param cpr: None leaves the number as it is, `""` removes it
    :raises StaleVersion: somebody else changed it since `version`
    :raises ValidationError: by field
    """
    fields = _own(changes)
    if cpr is not None:
        fields |= _number(cpr)
    with transaction.atomic():
        lead = records.change(record=lead, changes=fields, actor=actor, at=at, version=version)
        plan_next(leads=[lead], at=at)
    return lead


def take_lead(*, lead: Lead, actor: User, at: datetime) -> Lead:
    """Make the actor the lead's adviser."""
    return records.change(record=lead, changes={"adviser": actor}, actor=actor, at=at)


def reveal_cpr(*, lead: Lead) -> str:
    """The number in clear, for handing it on to the customer's record only."""
    if not lead.cpr_token:
        return ""
    return crypto.decrypt(token=lead.cpr_token, context=CPR_CONTEXT)


def _draft(values: Mapping[str, Any], cpr: str, source: str, external_id: str, actor: User) -> Lead:
    lead = Lead(
        **_own(values), **_number(cpr), source=source.strip(), external_id=external_id.strip()
    )
    if lead.branch_id is None:
        lead.branch = lead.adviser.branch if lead.adviser else actor.branch
    return lead


def _told(lead: Lead) -> dict[str, Any]:
    return {
        "channel": lead.channel,
        "campaign_id": str(lead.campaign_id) if lead.campaign_id else None,
    }


def _own(values: Mapping[str, Any]) -> dict[str, Any]:
    """The lead's own fields with e-mail and telephone in the spelling the record uses."""
    unknown = set(values) - set(LEAD_FIELDS)
    if unknown:
        raise TypeError(f"not fields of a lead: {', '.join(sorted(unknown))}")
    tidy = {
        name: " ".join(value.split()) if isinstance(value, str) and name != "note" else value
        for name, value in values.items()
    }
    for name, normal in (("email", normal_email), ("phone", normal_phone)):
        if tidy.get(name):
            try:
                tidy[name] = normal(tidy[name])
            except InvalidContact as error:
                raise ValidationError({name: [str(error)]}) from None
    return tidy


def _number(cpr: str) -> dict[str, Any]:
    if not cpr.strip():
        return {"cpr_token": "", "cpr_index": None, "cpr_masked": ""}
    try:
        checked = check_identifier(kind="cpr", value=cpr)
    except InvalidIdentifier as error:
        raise ValidationError({"cpr": [str(error)]}) from None
    purpose = index_purpose(kind=checked.kind, country=checked.country)
    return {
        "cpr_token": crypto.encrypt(plaintext=checked.value, context=CPR_CONTEXT),
        "cpr_index": crypto.blind_index(value=checked.value, purpose=purpose),
        "cpr_masked": checked.masked,
    }
