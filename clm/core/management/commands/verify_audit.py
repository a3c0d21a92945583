import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from clm.core import audit


class Command(BaseCommand):
    help = "Recomputes every chain and seal of the audit trail; exit 1 names what was bent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")
        parser.add_argument("--seal", action="store_true", help="seal what is new first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seal"]:
            audit.seal(at=timezone.now())
        verdict = audit.verify()
        if options["json"]:
            self.stdout.write(json.dumps(vars(verdict), default=str))
        else:
            for one in verdict.broken:
                where = ", ".join(f"{key} {value}" for key, value in one.items() if key != "what")
                self.stdout.write(f"{one['what']}: {where}")
            self.stdout.write(
                f"{verdict.events} events of {verdict.records} records, {verdict.seals} seals,"
                f" {verdict.unsealed} events not yet sealed; root {verdict.root or 'none'}"
            )
        if verdict.broken:
            raise SystemExit(1)
