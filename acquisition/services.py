"""Writing leads and campaigns, and making the customer of a converted lead."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from acquisition.models import Campaign, Lead
from acquisition.selectors import customer_with_number
from clm.core import actors, crypto, records
from clm.core.models import Event, User
from customers import services as customers
from customers.contacts import InvalidContact, normal_email, normal_phone
from customers.identification import (
    InvalidIdentifier,
    born_on_of_cpr,
    check_identifier,
    index_purpose,
)
from customers.models import Customer

CPR_CONTEXT = "acquisition.Lead.cpr"

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


def create_campaign(
    *,
    name: str,
    channel: str,
    starts_on: date,
    ends_on: date | None = None,
    budget: Decimal = Decimal(0),
    currency: str = "DKK",
    actor: User,
    at: datetime,
) -> Campaign:
    """
    Plan a campaign.

    :raises ValidationError: a field does not hold, such as an end before the start
    """
    campaign = Campaign(
        name=name,
        channel=channel,
        starts_on=starts_on,
        ends_on=ends_on,
        budget=budget,
        currency=currency,
    )
    return records.create(record=campaign, actor=actor, at=at)


def change_campaign(
    *,
    campaign: Campaign,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Campaign:
    """:raises StaleVersion: somebody else changed it since `version`"""
    return records.change(record=campaign, changes=changes, actor=actor, at=at, version=version)


def create_lead(*, values: Mapping[str, Any], cpr: str = "", actor: User, at: datetime) -> Lead:
    """
    Take in a lead; without a branch it goes to the actor's.

    :param values: fields named in `LEAD_FIELDS`
    :param cpr: kept encrypted, never in the event
    :raises ValidationError: by field
    """
    lead = Lead(**_own(values), **_number(cpr))
    if lead.branch_id is None:
        lead.branch = lead.adviser.branch if lead.adviser else actor.branch
    return records.create(
        record=lead,
        actor=actor,
        at=at,
        payload={
            "channel": lead.channel,
            "campaign_id": str(lead.campaign_id) if lead.campaign_id else None,
        },
    )


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
    return records.change(record=lead, changes=fields, actor=actor, at=at, version=version)


def take_lead(*, lead: Lead, actor: User, at: datetime) -> Lead:
    """Make the actor the lead's adviser."""
    return records.change(record=lead, changes={"adviser": actor}, actor=actor, at=at)


def make_customer(*, event: Event, at: datetime) -> None:
    """
    The converted lead becomes a customer (PROSPECT); announces `customer_made`.

    A person who became a customer in the meantime under the same CPR number is that
    customer and not a second one. Running it again changes nothing.
    """
    system = actors.system_user()
    with transaction.atomic():
        lead = Lead.objects.select_for_update(of=("self",)).get(pk=event.record_id)
        if lead.customer_id is not None:
            return
        known = customer_with_number(index=bytes(lead.cpr_index) if lead.cpr_index else None)
        customer = known or _customer_of(lead, system, at)
        records.change(record=lead, changes={"customer": customer}, actor=system, at=at)
        records.note(
            record=lead,
            action="customer_made",
            actor=system,
            at=at,
            payload={
                "customer_id": str(customer.pk),
                "product_id": str(lead.product_id) if lead.product_id else None,
                "known_before": known is not None,
            },
        )


def reveal_cpr(*, lead: Lead) -> str:
    """The number in clear, for handing it on to the customer's record only."""
    if not lead.cpr_token:
        return ""
    return crypto.decrypt(token=lead.cpr_token, context=CPR_CONTEXT)


def _customer_of(lead: Lead, actor: User, at: datetime) -> Customer:
    number = reveal_cpr(lead=lead)
    return customers.create_customer(
        kind=lead.kind,
        given_names=lead.given_names,
        family_name=lead.family_name,
        name=lead.organisation_name,
        emails=[lead.email] if lead.email else [],
        phones=[lead.phone] if lead.phone else [],
        identifiers=[("cpr", number)] if number else [],
        born_on=born_on_of_cpr(number) if number else None,
        language=lead.language,
        branch=lead.branch,
        adviser=lead.adviser,
        source=f"lead:{lead.channel}",
        actor=actor,
        at=at,
    )


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
