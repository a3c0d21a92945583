from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from clm.demobank.make import make


class Command(BaseCommand):
    help = "Makes the demo bank with 24 months of history; changes nothing when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=2000)

    def handle(self, *args: Any, customers: int, **options: Any) -> None:
        if make(customers=customers, now=timezone.now(), say=self.stderr.write):
            self.stdout.write(f"Made the demo bank with about {customers} customers.")
        else:
            self.stdout.write("The demo bank is there already.")
