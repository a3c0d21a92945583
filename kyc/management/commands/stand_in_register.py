"""`stand_in_register`: a company register on this machine, for the demo."""

from argparse import ArgumentParser
from collections.abc import Hashable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from customers import selectors as customers
from customers.models import Address, Customer, Identifier
from kyc.companies.standin import StandIn
from kyc.registers import Extract, Owner


class Command(BaseCommand):
    help = (
        "A stand-in for the Danish business register: it knows the companies of the demo bank, and"
        " says of some another director or address than they did. Runs until it is stopped; in the"
        " demo only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="0: the one of CVR_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        address = urlsplit(settings.CVR_URL)
        if not (settings.CLM_LOCAL and settings.CLM_DEMO and address.scheme == "http"):
            raise CommandError("The stand-in belongs to the demo; there is none here.")
        register = StandIn(
            of=answer_of, port=options["port"] or address.port or 0,
            user=settings.CVR_USER, password=settings.CVR_PASSWORD,
        )  # fmt: skip
        register.run(lambda: self.stdout.write(f"The register answers at {register.address}"))


def answer_of(number: str) -> Extract | None:
    """`said_of` in a thread of its own, which leaves no connection behind."""
    try:
        return said_of(number)
    finally:
        connection.close()


def said_of(number: str) -> Extract | None:
    """What the demo's register says: what the bank has, but for every third company."""
    known = Identifier.objects.filter(kind="cvr", masked=number).select_related("customer").first()
    if known is None:
        return None
    company, today = known.customer, timezone.localdate()
    above = customers.above(customer=company, on=today)
    law = customers.law_on(country=settings.CLM_COUNTRY, on=today)
    owners = customers.owners_under(found=above, law=law).owners
    names: dict[Hashable, str] = {one.pk: str(one) for one in Customer.objects.filter(
        pk__in=[*(one.key for one in owners), *above.directors])}  # fmt: skip
    place = company.addresses.filter(valid_to=None, kind=Address.Kind.REGISTERED).first()
    line = f"{place.line1} {place.line2} {place.postal_code} {place.city}" if place else ""
    directors = [names[key] for key in above.directors if key in names]
    if int(number) % 3 == 0:
        directors.append("Eva Lindegaard")
        line = "Rådhuspladsen 2 8000 Aarhus C"
    return Extract(
        register="CVR",
        name=company.name,
        owners=[
            Owner(names[one.key], round(float(one.capital.middle) * 100, 2))
            for one in owners
            if one.key in names
        ],
        directors=directors,
        address=" ".join(line.split()),
    )
