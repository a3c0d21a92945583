"""`import_robinson`: the Robinson list, here and now."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from clm.core import actors
from clm.core.management.job_command import FileJobCommand
from clm.core.models import Job
from customers import services


class Command(FileJobCommand):
    help = (
        "Import the Robinson list (CSV, XLSX, JSON Lines; columns cpr, or name, address and"
        " postal_code). A whole list replaces the one before; the same file again changes nothing."
    )

    refused = "failed"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--date", type=date.fromisoformat, help="the list's own date; default: today"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and count, write nothing")
        parser.add_argument(
            "--force",
            action="store_true",
            help="accept a list that is more than 20 %% shorter, or has rows that cannot be read",
        )

    def begin(self, *, stream: Any, path: Path, options: dict[str, Any]) -> Job:
        now = timezone.now()
        return services.start_robinson_import(
            file=stream,
            file_name=path.name,
            listed_on=options["date"] or timezone.localdate(now),
            dry_run=options["dry_run"],
            force=options["force"],
            actor=actors.system_user(),
            at=now,
        )

    def report(self, *, job: Job, options: dict[str, Any]) -> None:
        outcome = job.outcome
        self.stdout.write(
            f"{outcome['people']} people on the list, {outcome['customers']} of them customers:"
            f" {outcome['added']} new, {outcome['removed']} no longer on it;"
            f" {outcome['failed']} rows refused."
        )
        if job.message:
            self.stdout.write(job.message)
        if options["dry_run"]:
            self.stdout.write("Nothing was written.")
