"""`import_transactions`: a table or account statements, here and now."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from clm.core import actors
from clm.core.management.job_command import FileJobCommand
from clm.core.models import Job
from customers import services


class Command(FileJobCommand):
    help = (
        "Import transactions from a table (CSV, XLSX, JSON Lines) or from account statements"
        " (camt.053, versions 02 and 08). The same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--format", default="", choices=["csv", "camt053"], help="default: by the file's name"
        )

    def begin(self, *, stream: Any, path: Path, source: str, options: dict[str, Any]) -> Job:
        return services.start_transaction_import(
            file=stream,
            file_name=path.name,
            source=source,
            form=options["format"],
            actor=actors.system_user(),
            at=timezone.now(),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        job, errors = self.run_file(options)
        outcome = job.outcome
        if options["json"]:
            document = {
                "file": str(options["file"]), "rows": job.done, **outcome, "errors": errors,
            }  # fmt: skip
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self._report(job)
            self.show_errors(errors, options)
        if outcome["refused"]:
            sys.exit(1)

    def _report(self, job: Job) -> None:
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
