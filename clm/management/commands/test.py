"""`manage.py test`, listed here for `help`; manage.py runs it before any settings are read."""

from typing import Any

from django.core.management.base import BaseCommand

from clm import testrun


class Command(BaseCommand):
    """The suite with pytest, on embedded servers in a data folder of its own."""

    help = "Runs the whole test suite; every argument is handed to pytest."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("arguments", nargs="*", help="arguments of pytest")

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(testrun.main(arguments=options["arguments"]))
