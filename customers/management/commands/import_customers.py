"""`import_customers`: customers from a CSV, XLSX or JSON Lines file, here and now."""

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
        "Import customers from a CSV, XLSX or JSON Lines file. Good rows go in and wait for a"
        " second person's release; each bad row is named. The same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--mapping", default="", help="name of a saved column mapping")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )

    def begin(self, *, stream: Any, path: Path, source: str, options: dict[str, Any]) -> Job:
        return services.start_import(
            file=stream,
            file_name=path.name,
            source=source,
            mapping=options["mapping"],
            dry_run=options["dry_run"],
            actor=actors.system_user(),
            at=timezone.now(),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        job, errors = self.run_file(options)
        if options["json"]:
            document = {
                "file": str(options["file"]),
                "dry_run": options["dry_run"],
                "rows": job.done,
                **job.outcome,
                "errors": errors,
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self._report(job, dry_run=options["dry_run"])
            self.show_errors(errors, options)
        if job.outcome["failed"]:
            sys.exit(1)

    def _report(self, job: Job, *, dry_run: bool) -> None:
        outcome = job.outcome
        verb = "would be" if dry_run else "were"
        self.stdout.write(
            f"{job.done} rows: {outcome['created']} {verb} created, {outcome['changed']} changed,"
            f" {outcome['linked']} linked, {outcome['unchanged']} unchanged,"
            f" {outcome['failed']} refused."
        )
        if job.message:
            self.stdout.write(job.message)
