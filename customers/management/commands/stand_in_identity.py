"""`stand_in_identity`: an identity provider on this machine, for the demo's My page."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import translation

from clm.core import crypto
from clm.core.addresses import is_this_machine
from clm.core.identity.standin import Person, StandIn
from customers.lifecycle import Stage
from customers.models import Identifier, PartyKind
from customers.services.drafts import IDENTIFIER_CONTEXT

#: How many people of each stage are offered.
OFFERED = {
    Stage.ACTIVE: 3, Stage.ONBOARDING: 2, Stage.AT_RISK: 1, Stage.DORMANT: 1,
    Stage.OFFBOARDING: 1, Stage.CLOSED: 1,
}  # fmt: skip
STRANGER = ("Ukendt Person", "Kendes ikke af banken / not known to the bank", "2402921238")


class Command(BaseCommand):
    help = (
        "A stand-in for an identity provider such as MitID: whoever opens its page may be any of"
        " some people of the demo bank. Runs until it is stopped; in the demo only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="where the pages are")

    def handle(self, *args: Any, **options: Any) -> None:
        # It shows the numbers of people who do not exist, and of nobody else.
        if not (settings.CLM_LOCAL and settings.CLM_DEMO and is_this_machine(settings.EID_ISSUER)):
            raise CommandError("The stand-in belongs to the demo; there is none here.")
        ways_back = (reverse("my:back"), reverse("link:identity_back"))
        site = urlsplit(options["site"])
        provider = StandIn(
            client_id=settings.EID_CLIENT_ID,
            client_secret=settings.EID_CLIENT_SECRET,
            redirects=[
                f"http://{host}:{site.port}{back}"
                for host in ("127.0.0.1", "localhost")
                for back in ways_back
            ],
            people=lambda: list(_people()),
            port=urlsplit(settings.EID_ISSUER).port or 0,
        )
        said = f"The stand-in for {settings.EID_NAME} answers at {provider.issuer}"
        provider.run(lambda: self.stdout.write(said))


def _people() -> Iterator[Person]:
    for stage, count in OFFERED.items():
        found = Identifier.objects.filter(
            kind="cpr", customer__stage=stage, customer__kind=PartyKind.PERSON
        )
        for one in found.select_related("customer").order_by("customer__created_at", "pk")[:count]:
            notes = []
            for language in ("da", "en"):
                with translation.override(language):
                    notes.append(str(Stage(stage).label))
            number = crypto.decrypt(token=one.ciphertext, context=IDENTIFIER_CONTEXT)
            yield _person(str(one.customer), " / ".join(notes), number)
    yield _person(*STRANGER)


def _person(name: str, note: str, number: str) -> Person:
    return Person(name, note, {settings.EID_CPR_CLAIM: number})
