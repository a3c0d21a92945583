import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clm.core.api import clients, scopes
from clm.core.models import Branch, User


class Command(BaseCommand):
    help = "Makes an API client and prints its id and secret; the secret is shown only now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the client is called")
        parser.add_argument("--scopes", required=True, help='as in "customers:read kyc:propose"')
        parser.add_argument("--reach", default="all", help="all, or branch:NAME")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["scopes"].replace(",", " ").split()
        unknown = sorted(set(wanted) - set(scopes.known_scopes()))
        if unknown or not wanted:
            known = ", ".join(scopes.known_scopes())
            raise CommandError(f"Unknown scope: {', '.join(unknown) or 'none'}. Known: {known}")
        reach, branch = self._reach(options["reach"])
        secret = secrets.token_urlsafe(32)
        try:
            client = clients.create_client(
                name=options["name"], scopes=wanted, reach=reach, branch=branch, secret=secret
            )
        except clients.ClientRefused as exc:
            raise CommandError(str(exc)) from exc
        found = {"client_id": client.pk, "client_secret": secret}
        if options["json"]:
            shown = {**found, "name": client.name, "scopes": wanted, "reach": options["reach"]}
            self.stdout.write(json.dumps(shown))
            return
        for key, value in found.items():
            self.stdout.write(f"{key}: {value}")

    def _reach(self, text: str) -> tuple[str, Branch | None]:
        if text == "all":
            return User.Reach.ALL, None
        kind, _colon, name = text.partition(":")
        if kind != "branch" or not name:
            raise CommandError("--reach is all, or branch:NAME.")
        branch = (
            Branch.objects.filter(name__iexact=name).first()
            or Branch.objects.filter(code__iexact=name).first()
        )
        if branch is None:
            known = ", ".join(Branch.objects.values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no branch {name}. Known: {known}")
        return User.Reach.BRANCH, branch
