"""`import_transactions`: a table or account statements, here and now."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from clm.core import actors
from clm.core.management.job_command import SourceFileCommand
from clm.core.models import Job
from customers import services


class Command(SourceFileCommand):
    help = (
        "Import transactions from a table (CSV, XLSX, JSON Lines) or from account statements"
        " (camt.053, versions 02 and 08). The same file again changes nothing."
    )

    refused = "refused"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--format", default="", choices=["csv", "camt053"], help="default: by the file's name"
        )

    def begin(self, *, stream: Any, path: Path, options: dict[str, Any]) -> Job:
        return services.start_transaction_import(
            file=stream,
            file_name=path.name,
            source=self.source_of(path=path, options=options),
            form=options["format"],
            actor=actors.system_user(),
            at=timezone.now(),
        )

    def report(self, *, job: Job, options: dict[str, Any]) -> None:
        outcome = job.outcome
        self.stdout.write(
            f"{job.done} rows: {outcome['added']} added, {outcome['known']} known before,"
            f" {outcome['parked']} parked, {outcome['refused']} refused."
        )
        if "statements" in outcome:
            self.stdout.write(
                f"{outcome['statements']} statements, {outcome['refused_statements']} refused;"
                f" {outcome['balances']} balances written."
            )
