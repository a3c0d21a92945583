"""May we turn to this lead with marketing, and what may be offered to them; each with reasons."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from acquisition.models import Incentive, Lead, LeadOffer
from acquisition.models.nurturing import STEP_CHANNELS
from acquisition.selectors.matches import customer_with_number, same_customers
from clm.core.models import User
from customers import selectors as customers
from customers.lifecycle import Stage
from customers.models import ConsentEntry, Customer, Decision, Purpose
from customers.selectors.contact import Contactability, Reason, may_contact_somebody
from customers.selectors.eligibility import eligibility
from kyc.clearance import may_deal_with

OK, NO, LATER = "ok", "no", "later"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing an offer was judged by: `ok`, `no`, or `later` where it is asked after this."""

    code: str
    label: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way of making an offer, and what it was judged by; `channel` is empty if they asked."""

    channel: str
    label: str
    checks: tuple[Check, ...]

    @property
    def refused(self) -> list[str]:
        return stands_in_the_way(self.checks)


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer of the campaign at one lead: made already, or with the ways of making it."""

    incentive: Incentive
    made: LeadOffer | None
    ways: tuple[Way, ...]


def known_customer(*, lead: Lead) -> Customer | None:
    """
    The customer whose word counts for a lead: whom it became, or the one it surely is already
    (the same CPR number, or the one customer with this e-mail address).
    """
    if lead.customer_id is not None:
        return lead.customer
    by_number = customer_with_number(index=bytes(lead.cpr_index) if lead.cpr_index else None)
    if by_number is not None:
        return by_number
    same = same_customers(leads=[lead]).get(lead.pk, [])
    return Customer.objects.filter(pk=same[0]).first() if len(same) == 1 else None


def may_contact_lead(*, lead: Lead, channel: str, actor: User, at: datetime) -> Contactability:
    """
    Whether a lead may be turned to with marketing by a channel, and why (not).

    Who is a customer already is answered by the customers' ledger, objections and the Robinson
    list included; anybody else by what they agreed to when they came in, in the same words. Of a
    customer whom the actor does not reach the answer is told without its reasons.
    """
    customer = known_customer(lead=lead)
    if customer is not None:
        answer = customers.may_contact(
            customer=customer, purpose=Purpose.MARKETING, channel=channel, at=at
        )
        if _reaches(actor, customer):
            return answer
        return Contactability(answer.allowed, (Reason("elsewhere", _elsewhere()),))
    return may_contact_somebody(
        kind=lead.kind,
        lines=[
            ConsentEntry(
                purpose=one.purpose, channel=one.channel, decision=Decision.GIVEN, at=one.at
            )
            for one in lead.consents.all()
            if one.at <= at
        ],
        points=[
            name for name, value in (("email", lead.email), ("phone", lead.phone)) if value
        ],
        purpose=Purpose.MARKETING,
        channel=channel,
        at=at,
    )  # fmt: skip


def judge_offer(
    *, lead: Lead, incentive: Incentive, channel: str, actor: User, at: datetime
) -> list[Check]:
    """
    Every check of an offer to a lead: its period, the catalogue, contact, KYC.

    What is known of a customer whom the actor does not reach is one check without its reasons.

    :param channel: how the bank turns to them with it; empty where they asked in a conversation
    """
    customer = known_customer(lead=lead)
    about = [
        *_catalogue(lead, incentive, customer, at),
        _contact(lead, channel, actor, at),
        _kyc(customer),
    ]
    if customer is not None and not _reaches(actor, customer):
        state = NO if stands_in_the_way(about) else OK
        about = [Check("elsewhere", _("Customer already"), state, f"{_elsewhere()}.")]
    return [_period(incentive, at), *about]


def offers_for(*, lead: Lead, actor: User, at: datetime) -> list[OfferView]:
    """What the lead's campaign offers, each judged by every way in which it may be made now."""
    made = {one.incentive_id: one for one in lead.offers.select_related("made_by")}
    found = []
    for one in (
        Incentive.objects.filter(campaign=lead.campaign_id)
        .select_related("product", "campaign")
        .order_by("valid_from", "id")
    ):
        if one.pk in made:
            found.append(OfferView(one, made[one.pk], ()))
        elif lead.is_open and one.is_used:
            ways = tuple(
                Way(
                    channel=channel,
                    label=str(label),
                    checks=tuple(
                        judge_offer(lead=lead, incentive=one, channel=channel, actor=actor, at=at)
                    ),
                )
                for channel, label in (("", _("They asked for it")), *STEP_CHANNELS)
            )
            found.append(OfferView(one, None, ways))
    return found


def _reaches(actor: User, customer: Customer) -> bool:
    return customers.visible_customers(actor=actor).filter(pk=customer.pk).exists()


def _elsewhere() -> str:
    return _("This is a customer of others in the bank, who know why")


def stands_in_the_way(checks: Sequence[Check]) -> list[str]:
    """The sentences that refuse."""
    return [one.words for one in checks if one.state == NO]


def _period(incentive: Incentive, at: datetime) -> Check:
    on, label = timezone.localdate(at), _("The offer’s period")
    if not incentive.is_used:
        return Check("period", label, NO, _("The offer is not made any more."))
    if on < incentive.valid_from:
        return Check("period", label, NO, _("The offer has not begun yet."))
    if incentive.valid_to is not None and on > incentive.valid_to:
        return Check("period", label, NO, _("The offer is over."))
    return Check("period", label, OK, _("It runs."))


def _catalogue(
    lead: Lead, incentive: Incentive, customer: Customer | None, at: datetime
) -> list[Check]:
    product = incentive.product
    if product is None:
        return []
    label = _("The catalogue: %(product)s") % {"product": product}
    later = []
    if customer is None:
        # What is not known of a lead is asked in the application, and judged there.
        product = copy(product)
        if lead.kind == "person" and (product.minimum_age or product.maximum_age):
            product.minimum_age = product.maximum_age = None
            words = _("The age is asked in the application.")
            later.append(Check("age", _("Age"), LATER, words))
        if product.countries:
            product.countries = []
            words = _("The country of residence is asked in the application.")
            later.append(Check("residence", _("Residence"), LATER, words))
    who = customer or Customer(kind=lead.kind, stage=Stage.PROSPECT)
    answer = eligibility(customer=who, product=product, on=timezone.localdate(at))
    if answer.eligible:
        return [Check("catalogue", label, OK, _("They can have it.")), *later]
    return [Check("catalogue", label, NO, " ".join(answer.reasons)), *later]


def _contact(lead: Lead, channel: str, actor: User, at: datetime) -> Check:
    label = _("Consent, objection and Robinson list")
    if not channel:
        return Check("contact", label, OK, _("They asked for it themselves."))
    answer = may_contact_lead(lead=lead, channel=channel, actor=actor, at=at)
    return Check("contact", label, OK if answer.allowed else NO, answer.reason)


def _kyc(customer: Customer | None) -> Check:
    if customer is None:
        return Check("kyc", "KYC", LATER, _("KYC comes with the application."))
    if may_deal_with(customer.pk):
        return Check("kyc", "KYC", OK, _("KYC has cleared the customer."))
    return Check("kyc", "KYC", NO, _("KYC has not cleared this customer."))
