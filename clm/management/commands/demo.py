"""`manage.py demo`, listed here for `help`; manage.py runs it before any settings are read."""

from typing import Any

from django.core.management.base import BaseCommand

from clm import demo


class Command(BaseCommand):
    """The whole platform on this machine, with a demo bank."""

    help = "Brings everything up on this machine, with a demo bank; Ctrl-C stops it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--data-dir")
        parser.add_argument("--customers", type=int, default=2000)
        parser.add_argument("--fresh", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        arguments = ["--port", str(options["port"]), "--customers", str(options["customers"])]
        if options["data_dir"]:
            arguments += ["--data-dir", options["data_dir"]]
        if options["fresh"]:
            arguments.append("--fresh")
        raise SystemExit(demo.main(arguments=arguments))
