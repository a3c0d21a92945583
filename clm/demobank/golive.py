"""The day the bank went live: the customers it had already, admitted by two people."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice

from clm.core import actors, lifecycle, records
from clm.core.models import Job, User
from clm.demobank.people import Firm, Person, firms, people
from clm.demobank.staff import BRANCHES
from customers import services
from customers.lifecycle import Stage
from customers.models import (
    ConsentEntry,
    ConsentWording,
    Customer,
    Holding,
    ImportBatch,
    Product,
    SourceRecord,
)
from customers.services import drafts

SYSTEM_NAME = "core-banking"
ADVISERS = {"aarhus": "ada", "odense": "bo", "kobenhavn": "pia", "aalborg": "tom"}
# How the bank's customers spread over its branches.
SHARES = {"aarhus": 0.34, "odense": 0.24, "kobenhavn": 0.26, "aalborg": 0.16}


@dataclass(frozen=True)
class Bank:
    """What the makers of history share."""

    rng: random.Random
    users: dict[str, User]
    products: dict[str, Product]
    start: datetime
    now: datetime


def admit_customers(bank: Bank, *, count: int) -> list[Customer]:
    """Import `count` customers and release them: maker Ola, checker Karen."""
    at = bank.start
    made: list[Customer] = []
    for branch in BRANCHES:
        wanted = round(count * SHARES[branch])
        made += _import_branch(bank, branch, wanted, at)
    _add_holdings(bank, made, at)
    _record_consents(bank, made, at)
    return made


def _import_branch(bank: Bank, branch: str, count: int, at: datetime) -> list[Customer]:
    ola, karen = bank.users["ola"], bank.users["karen"]
    adviser = bank.users[ADVISERS[branch]]
    persons = people(bank.rng, branch=branch, today=bank.now.date())
    companies = firms(bank.rng, branch=branch)
    new = [_person(one, adviser, bank.rng, at) for one in islice(persons, round(count * 0.92))]
    new += [_firm(one, adviser, bank.rng, at) for one in islice(companies, count - len(new))]
    job = Job.objects.create(
        kind="customers.import",
        state=Job.State.DONE,
        created_by=ola,
        created_at=at,
        started_at=at,
        finished_at=at,
        done=len(new),
        total=len(new),
        file_name=f"{branch}.csv",
    )
    batch = records.create(
        record=ImportBatch(
            job=job,
            system=f"{SYSTEM_NAME}-{branch}",
            file_name=f"{branch}.csv",
            customers=len(new),
            review_on=at.date() + timedelta(days=1500),
        ),
        actor=ola,
        at=at,
    )
    customers = drafts.store(drafts=new, actor=ola, at=at, source=SYSTEM_NAME, validate=False)
    SourceRecord.objects.bulk_create(
        [
            SourceRecord(
                customer=one,
                system=batch.system,
                external_id=f"{branch}-{number:06d}",
                digest=b"",
                batch=batch,
                seen_at=at,
            )
            for number, one in enumerate(customers)
        ],
        batch_size=1000,
    )
    batch = lifecycle.perform(record=batch, name="ask_release", actor=ola, at=at)
    lifecycle.perform(record=batch, name="release", actor=karen, at=at + timedelta(hours=3))
    lifecycle.perform_many(
        records=customers,
        name="admit_existing",
        actor=actors.system_user(),
        at=at + timedelta(hours=3),
    )
    return list(
        Customer.objects.filter(pk__in=[one.pk for one in customers]).select_related(
            "adviser", "branch"
        )
    )


def _person(one: Person, adviser: User, rng: random.Random, at: datetime) -> drafts.NewCustomer:
    level = rng.choices(["low", "medium", "high"], [0.86, 0.125, 0.015])[0]
    return drafts.draft(
        kind="person",
        given_names=one.given_names,
        family_name=one.family_name,
        born_on=one.born_on,
        nationalities=["DK"] if rng.random() < 0.94 else ["DK", rng.choice(["SE", "DE", "NO"])],
        residence_country="DK",
        tax_countries=["DK"],
        language="da" if rng.random() < 0.93 else "en",
        occupation=one.occupation,
        emails=[one.email],
        phones=[one.phone],
        addresses=[one.address],
        identifiers=[("cpr", one.cpr)],
        **_standing(adviser, level, rng, at),
    )


def _firm(one: Firm, adviser: User, rng: random.Random, at: datetime) -> drafts.NewCustomer:
    level = rng.choices(["low", "medium", "high"], [0.62, 0.33, 0.05])[0]
    return drafts.draft(
        kind="organisation",
        name=one.name,
        legal_form=one.name.rsplit(" ", 1)[-1],
        residence_country="DK",
        tax_countries=["DK"],
        emails=[one.email],
        phones=[one.phone],
        addresses=[one.address],
        identifiers=[("cvr", one.cvr)],
        **_standing(adviser, level, rng, at),
    )


def _standing(adviser: User, level: str, rng: random.Random, at: datetime) -> dict[str, object]:
    """What core banking knew of a customer who was there already."""
    years = rng.triangular(0.5, 32, 6)
    # AMLR art. 26: a high risk is looked at every year, others within five.
    review_days = rng.randrange(900, 1080) if level == "high" else rng.randrange(760, 1820)
    return {
        "stage": Stage.UNADMITTED,
        "adviser": adviser,
        "branch": adviser.branch,
        "risk_level": level,
        "kyc_cleared_at": at - timedelta(days=rng.randrange(1, 300)),
        "kyc_review_on": at.date() + timedelta(days=review_days),
        "customer_since": at.date() - timedelta(days=round(365.25 * years)),
        "last_transaction_on": at.date() + timedelta(days=rng.randrange(690, 729)),
        "source": SYSTEM_NAME,
        "segment": rng.choices(["private", "private-plus", "private-banking"], [0.7, 0.25, 0.05])[
            0
        ],
    }


def _add_holdings(bank: Bank, customers: Sequence[Customer], at: datetime) -> None:
    holdings = [
        holding
        for number, customer in enumerate(customers)
        for holding in _holdings_of(bank, customer, number)
    ]
    records.create_many(
        records=holdings,
        actor=actors.system_user(),
        at=at,
        payloads=[
            {"customer_id": str(one.customer_id), "product": one.product.code} for one in holdings
        ],
        validate=False,
    )


def _holdings_of(bank: Bank, customer: Customer, number: int) -> list[Holding]:
    rng = bank.rng
    since: date = customer.customer_since or bank.start.date()
    if customer.kind == "organisation":
        wanted = {"erhvervskonto": (5_000, 900_000)}
    else:
        wanted = {"loenkonto": (500, 90_000), "visakort": (0, 0)}
        for code, chance, low, high in (
            ("budgetkonto", 0.6, 500, 30_000),
            ("opsparing", 0.45, 1_000, 400_000),
            ("boliglaan", 0.34, -3_900_000, -300_000),
            ("forbrugslaan", 0.16, -180_000, -5_000),
            ("depot", 0.18, 10_000, 1_500_000),
            ("pension", 0.3, 20_000, 2_200_000),
        ):
            if rng.random() < chance:
                wanted[code] = (low, high)
    return [
        Holding(
            customer=customer,
            product=bank.products[code],
            reference=f"{2000 + number % 7000:04d}-{number:06d}-{slot}",
            opened_on=since + timedelta(days=rng.randrange(0, 30)) if slot else since,
            balance=Decimal(rng.randint(low, high)),
            income_per_year=_income(bank.products[code], rng),
        )
        for slot, (code, (low, high)) in enumerate(wanted.items())
    ]


def _income(product: Product, rng: random.Random) -> Decimal:
    scale = {"mortgage": 14_500, "loan": 3_800, "investment": 2_400, "pension": 1_900}
    return Decimal(round(scale.get(product.category, 260) * rng.uniform(0.4, 1.8)))


#: What the demo bank asked its customers by before it had the platform, in Danish and English.
OLD_WORDINGS = {
    "service": (
        "Jeg er orienteret om, at banken sender mig beskeder om mine aftaler og konti.",
        "I have been told that the bank sends me messages about my agreements and accounts.",
    ),
    "marketing": (
        "Ja tak til nyheder og tilbud fra banken. Jeg kan altid sige nej tak igen.",
        "Yes please to news and offers from the bank. I can always say no again.",
    ),
    "profiling": (
        "Ja tak til tilbud, der passer til mig ud fra mine egne oplysninger i banken.",
        "Yes please to offers that suit me, found from my own information at the bank.",
    ),
}


def _old_wording(purpose: str, text: tuple[str, str], bank: Bank) -> ConsentWording:
    return services.take_over_wording(
        purpose=purpose,
        code="2023-1",
        text_da=text[0],
        text_en=text[1],
        in_force_from=bank.start.replace(year=2023, month=1, day=1),
        in_force_until=max(
            bank.start + timedelta(days=1), bank.start.replace(year=2026, month=1, day=1)
        ),
        actor=bank.users["admin"],
        at=bank.start,
    )


def _record_consents(bank: Bank, customers: Sequence[Customer], at: datetime) -> None:
    system = actors.system_user()
    wordings = {
        purpose: _old_wording(purpose, text, bank) for purpose, text in OLD_WORDINGS.items()
    }
    ConsentEntry.objects.bulk_create(
        [
            ConsentEntry(
                customer=customer,
                purpose=purpose,
                channel="any",
                decision="given",
                source=SYSTEM_NAME,
                wording=wordings[purpose],
                wording_version=wordings[purpose].code,
                language=customer.language,
                at=at,
                recorded_by=system,
            )
            for customer in customers
            for purpose, chance in (("service", 1.0), ("marketing", 0.58), ("profiling", 0.41))
            if bank.rng.random() < chance
        ],
        batch_size=1000,
    )
