"""Planted: customers who stand twice, and sources that say different things of one customer."""

from collections.abc import Sequence
from datetime import timedelta

from clm.core import actors
from clm.core.models import User
from clm.demobank.golive import Bank
from customers import services
from customers.models import Customer, SourceRecord, SourceSystem
from customers.services import match_keys
from customers.services.golden import settle
from customers.single_view.payloads import pack

MOBILE, CARDS = "mobile-bank", "card-company"
NAMES = {
    "core-banking": "Core banking",
    MOBILE: "Mobile bank sign-ups",
    CARDS: "Card company",
    "manual": "Entered by hand",
}


def plant(bank: Bank, known: Sequence[Customer]) -> None:
    """Eight doubles as people make them, and four disagreements between sources."""
    for code, name in NAMES.items():
        SourceSystem.objects.update_or_create(code=code, defaults={"name": name})
    ids = [one.pk for one in known]
    persons = list(
        Customer.objects.filter(pk__in=ids, kind="person", stage="ACTIVE", born_on__isnull=False)
        .prefetch_related("contact_points", "addresses")
        .order_by("pk")[:60]
    )
    doubled, argued = persons[:8], persons[8:12]
    match_keys.refresh(customer_ids=ids)
    twins = [_double(bank, one, number) for number, one in enumerate(doubled)]
    system = actors.system_user()
    for twin in twins:
        services.compare_customer(customer_id=twin.pk, actor=system, at=bank.now)
    for number, one in enumerate(argued):
        _argue(bank, one, ("Odense", "Aalborg", "Nuuk", "Malmö")[number])


def _double(bank: Bank, one: Customer, number: int) -> Customer:
    """The same person once more, with a slip of the kind that people make."""
    points = {point.kind: point.value for point in one.contact_points.all()}
    address = next(iter(one.addresses.all()), None)
    given, family, born_on = one.given_names, one.family_name, one.born_on
    slips = number % 4
    if slips == 0:
        family = family.replace("ø", "oe").replace("æ", "ae").replace("å", "aa")
    elif slips == 1:
        given = given.split()[0]
    elif slips == 2 and born_on is not None:
        born_on = born_on + timedelta(days=1)
    by: User = bank.users["ola"]
    return services.create_customer(
        kind="person",
        given_names=given,
        family_name=family,
        born_on=born_on,
        residence_country="DK",
        emails=[points["email"]] if "email" in points and slips != 1 else [],
        phones=[points["phone"]] if "phone" in points and slips != 3 else [],
        addresses=[
            {"line1": address.line1, "postal_code": address.postal_code, "city": address.city}
        ]
        if address
        else [],
        branch=one.branch,
        adviser=one.adviser,
        source=MOBILE,
        actor=by,
        at=bank.now - timedelta(days=3, hours=number),
    )


def _argue(bank: Bank, one: Customer, other_place: str) -> None:
    """Two sources, trusted alike, of which each knows another place of birth."""
    at = bank.now - timedelta(days=2)
    for system, place in ((MOBILE, "Aarhus"), (CARDS, other_place)):
        SourceRecord.objects.create(
            customer=one,
            system=system,
            external_id=f"{system}-{one.pk}",
            digest=b"",
            ciphertext=pack(
                values={"birth_place": place, "born_on": one.born_on, "occupation": one.occupation},
                at=at,
            ),
            seen_at=at,
        )
    settle(customer=one, actor=actors.system_user(), at=at)
