"""`import_customers`: customers from a CSV, XLSX or JSON Lines file, here and now."""

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
        "Import customers from a CSV, XLSX or JSON Lines file. Good rows go in and wait for a"
        " second person's release; each bad row is named. The same file again changes nothing."
    )

    refused = "failed"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--mapping", default="", help="name of a saved column mapping")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )

    def begin(self, *, stream: Any, path: Path, options: dict[str, Any]) -> Job:
        return services.start_import(
            file=stream,
            file_name=path.name,
            source=self.source_of(path=path, options=options),
            mapping=options["mapping"],
            dry_run=options["dry_run"],
            actor=actors.system_user(),
            at=timezone.now(),
        )

    def report(self, *, job: Job, options: dict[str, Any]) -> None:
        outcome = job.outcome
        verb = "would be" if options["dry_run"] else "were"
        self.stdout.write(
            f"{job.done} rows: {outcome['created']} {verb} created, {outcome['changed']} changed,"
            f" {outcome['linked']} linked, {outcome['unchanged']} unchanged,"
            f" {outcome['failed']} refused."
        )
        if job.message:
            self.stdout.write(job.message)
