import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clm.core import crypto, second_factor


class Command(BaseCommand):
    help = "Encrypts every encrypted field anew under the first key of CLM_FIELD_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        rewritten = crypto.rotate()
        rewritten["mfa.Authenticator.secret"] = second_factor.rotate()
        if options["json"]:
            self.stdout.write(json.dumps(rewritten))
            return
        for column, rows in rewritten.items():
            self.stdout.write(f"{column}: {rows} rows under the newest key")
