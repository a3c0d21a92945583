"""Campaigns with what they cost, the many leads that led nowhere yet, and what leads did."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice

import acquisition.services as acquisition
from acquisition.lifecycle import LeadState
from acquisition.models import Campaign, CampaignCost, Lead, LeadTouch
from clm.core import actors, lifecycle, records
from clm.core.models import Branch
from clm.demobank.golive import ADVISERS, SHARES, Bank
from clm.demobank.people import people
from customers import services as customers
from customers.lifecycle import Stage
from customers.models import Product

# Dice of its own: the rest of the story stays as it is, however many leads there are.
SEED = 20240302
# Two months a batch: a handful of statements each.
BATCHES, A_BATCH = 12, 20


def make_campaigns(*, at: datetime) -> list[Campaign]:
    """Three pushes, two of them running."""
    system = actors.system_user()
    start = at.date()
    plans = [
        ("Ny studerende", "social", start, start + timedelta(days=400), 24_000,
         "Unge på 18 til 25, der begynder at læse", 90, 10, 4_000),
        ("Boligkøb i Aarhus", "web", start + timedelta(days=200), None, 60_000,
         "Familier i Aarhus, der leder efter bolig", 80, 8, 12_000),
        ("Anbefal os", "referral", start, None, 15_000,
         "Venner og familie til bankens kunder", 60, 8, 3_000),
    ]  # fmt: skip
    return [
        acquisition.create_campaign(
            name=name, channel=channel, starts_on=begins, ends_on=ends, budget=Decimal(budget),
            audience=audience, target_leads=leads, target_customers=wanted,
            target_cost=Decimal(cost), actor=system, at=at,
        )
        for name, channel, begins, ends, budget, audience, leads, wanted, cost in plans
    ]  # fmt: skip


def crowd(bank: Bank, campaigns: Sequence[Campaign]) -> None:
    """The campaigns' bills and forms, and the leads of two years of whom most were lost."""
    rng = random.Random(SEED)
    _bills(rng, campaigns, bank.now)
    _form(campaigns[1], bank)
    span = (bank.now - bank.start - timedelta(days=20)) / BATCHES
    for number in range(BATCHES):
        _batch(bank, rng, campaigns, bank.start + timedelta(days=2) + span * number, number)
    _touches(rng, bank.now)
    _plan(campaigns[1], bank)


def _plan(campaign: Campaign, bank: Bank) -> None:
    """Two steps for whoever is still open, and a gift for who takes the loan."""
    system, began = actors.system_user(), bank.now - timedelta(days=9)
    for days, channel, title, danish, english in (
        (3, "phone", "Ring om boligen", "Ring og spørg til boligen.", "Call and ask."),
        (5, "email", "Send regnestykket", "Her er regnestykket.", "Here are the sums."),
    ):
        acquisition.add_step(
            campaign=campaign, after_days=days, channel=channel, title=title, text_da=danish,
            text_en=english, actor=system, at=began,
        )  # fmt: skip
    acquisition.add_incentive(
        campaign=campaign, name_da="Intet stiftelsesgebyr", name_en="No arrangement fee",
        text_da="Intet stiftelsesgebyr på boliglånet.", text_en="No fee for arranging the loan.",
        product=bank.products["boliglaan"], cost=Decimal(4_500), valid_from=campaign.starts_on,
        actor=system, at=began,
    )  # fmt: skip


def take_loans(bank: Bank, campaigns: Sequence[Campaign]) -> None:
    """Most whom the home campaign won took their loan soon after; told when the rest is told."""
    won = Lead.objects.filter(campaign=campaigns[1], customer__stage=Stage.ACTIVE)
    for number, lead in enumerate(won.select_related("customer").order_by("state_since", "id")):
        taken_on = (lead.state_since or bank.now).date() + timedelta(days=25)
        if lead.customer is None or number % 3 == 2 or taken_on > bank.now.date():
            continue
        customers.add_holding(
            customer=lead.customer, product=bank.products["boliglaan"],
            reference=f"HL-{lead.pk.hex[-10:]}", opened_on=taken_on, balance=Decimal(-1_850_000),
            income_per_year=Decimal(14_500), actor=actors.system_user(), at=bank.now,
        )  # fmt: skip


def _bills(rng: random.Random, campaigns: Sequence[Campaign], now: datetime) -> None:
    """A bill a quarter for each campaign, which together come near its budget."""
    bills: list[CampaignCost] = []
    for campaign in campaigns:
        end = min(campaign.ends_on or now.date(), now.date())
        days: list[date] = [
            campaign.starts_on + timedelta(days=30 + 90 * number)
            for number in range(8)
            if campaign.starts_on + timedelta(days=30 + 90 * number) <= end
        ]
        for number, day in enumerate(days):
            amount = campaign.budget / max(len(days), 1) * Decimal(rng.randrange(75, 105)) / 100
            bills.append(
                CampaignCost(
                    campaign=campaign, spent_on=day,
                    kind="production" if number == 0 else rng.choice(["media", "media", "agency"]),
                    amount=amount.quantize(Decimal(100)), reference=f"F-{2400 + len(bills)}",
                )
            )  # fmt: skip
    records.create_many(
        records=bills, actor=actors.system_user(), at=now, validate=False, follow=False
    )


def _form(campaign: Campaign, bank: Bank) -> None:
    acquisition.open_form(
        campaign=campaign, code="boligkoeb", title_da="Skal vi regne på din bolig?",
        title_en="Shall we work out your home?",
        intro_da="Skriv, hvordan vi får fat i dig, så ringer en rådgiver fra Aarhus.",
        intro_en="Tell us how to reach you, and an adviser in Aarhus will call.",
        branch=Branch.objects.get(code="aarhus"), product=bank.products["boliglaan"],
        allowed_origins=["https://www.fjordbank.example"], actor=actors.system_user(), at=bank.now,
    )  # fmt: skip


def _batch(
    bank: Bank, rng: random.Random, campaigns: Sequence[Campaign], at: datetime, number: int
) -> None:
    """Leads of one time, moved on together: contacted, some qualified, nearly all lost since."""
    system = actors.system_user()
    running = [
        one for one in campaigns
        if one.starts_on <= at.date() and (one.ends_on is None or at.date() <= one.ends_on)
    ]  # fmt: skip
    leads = [
        acquisition.draft_lead(
            values={
                "given_names": person.given_names, "family_name": person.family_name,
                "email": person.email, "phone": person.phone if rng.random() < 0.6 else "",
                **_origin(rng, running), "product": _wanted(rng, bank),
                "adviser": bank.users[ADVISERS[branch]],
                "branch": bank.users[ADVISERS[branch]].branch,
            },
            actor=system,
        )
        for branch in SHARES
        for person in islice(
            people(rng, branch=branch, today=bank.now.date()), round(A_BATCH * SHARES[branch])
        )
    ]  # fmt: skip
    acquisition.store_leads(leads=leads, actor=system, at=at)
    last = number == BATCHES - 1
    reached = [one for one in leads if rng.random() < 0.8]
    lifecycle.perform_many(
        records=reached, name="contact", actor=system, at=at + timedelta(hours=20)
    )
    wanted = [one for one in reached if rng.random() < 0.4]
    lifecycle.perform_many(records=wanted, name="qualify", actor=system, at=at + timedelta(days=4))
    gone = [one for one in leads if rng.random() < (0.3 if last else 0.97)]
    lifecycle.perform_many(
        records=gone, name="lose", actor=system, at=at + timedelta(days=12),
        reason="Chose another bank",
    )  # fmt: skip


def _origin(rng: random.Random, running: Sequence[Campaign]) -> dict[str, object]:
    if running and rng.random() < 0.75:
        campaign = rng.choice(running)
        return {"campaign": campaign, "channel": campaign.channel}
    return {"campaign": None, "channel": rng.choice(["branch", "phone", "web", "partner"])}


def _wanted(rng: random.Random, bank: Bank) -> Product:
    return bank.products[rng.choice(["loenkonto", "loenkonto", "boliglaan", "opsparing", "depot"])]


def _touches(rng: random.Random, now: datetime) -> None:
    """What leads did before they came, and since while they are open."""
    kinds = ["visit", "visit", "product_page", "calculator", "ad_click", "email_open", "call"]
    channels = {"call": "phone", "ad_click": "social", "email_open": "email"}
    made = []
    for lead in Lead.objects.exclude(state=LeadState.LOST).select_related("campaign"):
        before = rng.randrange(0, 3)
        for number in range(before + rng.randrange(0, 5)):
            kind = rng.choice(kinds)
            days = -rng.uniform(0.2, 20) if number < before else rng.uniform(0.1, 6)
            at = lead.created_at + timedelta(days=days)
            if at < now:
                made.append(
                    LeadTouch(
                        lead=lead, at=at, kind=kind, channel=channels.get(kind, "web"),
                        campaign=lead.campaign, product_id=lead.product_id,
                    )
                )  # fmt: skip
    LeadTouch.objects.bulk_create(made, batch_size=1000)
