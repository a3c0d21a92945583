"""`stand_in_bank`: another bank's account interface on this machine, for demo and try-outs."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clm.core import actors, records
from customers.models import OtherBank
from customers.openbanking.standin import StandIn

CODE = "sundbank"


class Command(BaseCommand):
    help = (
        "A stand-in for another bank: its account interface on loopback, with invented payments."
        " Runs until it is stopped; in a local run only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="0: as last time, or a free one")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.CLM_LOCAL:
            raise CommandError("The stand-in belongs to a local run; there is none here.")
        bank = OtherBank.objects.filter(code=CODE).first()
        before = urlsplit(bank.address).port if bank else 0
        stand_in = _listen(options["port"] or before or 0)
        _know(bank, stand_in.address)
        said = f"{stand_in.name} answers at {stand_in.address}"
        stand_in.run(lambda: self.stdout.write(said))


def _listen(port: int) -> StandIn:
    keep = settings.CLM_DATA_DIR / "stand-in-bank.json"
    try:
        return StandIn(port=port, keep=keep)
    except OSError:
        return StandIn(port=0, keep=keep)


def _know(bank: OtherBank | None, address: str) -> None:
    """Write down where it listens."""
    system, at = actors.system_user(), timezone.now()
    if bank is None:
        bank = OtherBank(code=CODE, name="Sundbank", country="DK", address=address)
        records.create(record=bank, actor=system, at=at)
    else:
        records.change(record=bank, changes={"address": address}, actor=system, at=at)
