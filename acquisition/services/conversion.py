"""The customer that a converted lead becomes."""

from datetime import datetime

from django.db import transaction

from acquisition.models import Lead
from acquisition.selectors import customer_with_number
from acquisition.services.leads import reveal_cpr
from clm.core import actors, records
from clm.core.models import Event, User
from customers import services as customers
from customers.identification import born_on_of_cpr
from customers.models import Customer, Decision


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
        _pass_consents_on(lead, customer, system)
        _pass_offers_on(lead, customer)
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


def _pass_consents_on(lead: Lead, customer: Customer, actor: User) -> None:
    """
    What the lead agreed to goes into the customer's ledger as of when it was said, so that a
    later objection of theirs still goes before it.
    """
    for one in lead.consents.select_related("wording"):
        customers.record_consent(
            customer=customer, purpose=one.purpose, channel=one.channel, decision=Decision.GIVEN,
            source=one.source, wording_version=one.wording.code, language=one.language,
            actor=actor, at=one.at,
        )  # fmt: skip


def _pass_offers_on(lead: Lead, customer: Customer) -> None:
    """What was offered to the lead is an offer to the customer, as it was made then."""
    for one in lead.offers.select_related("incentive__campaign", "incentive__product", "made_by"):
        incentive = one.incentive
        customers.make_offer(
            customer=customer, kind="welcome", text=incentive.text_in(lead.language),
            given_by=one.made_by, at=one.made_at, product=incentive.product, cost=incentive.cost,
            currency=incentive.campaign.currency, valid_until=incentive.valid_to,
            payload={"lead_id": str(lead.pk)},
        )  # fmt: skip


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
