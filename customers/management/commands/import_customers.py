"""`import_customers`: customers from a CSV, XLSX or JSON Lines file, here and now."""

import csv
import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clm.core import actors, jobs
from clm.core.models import Job
from customers import services


class Command(BaseCommand):
    help = (
        "Import customers from a CSV, XLSX or JSON Lines file. Good rows go in and wait for a second person's"
        " release; each bad row is named. The same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="name of the source system")
        parser.add_argument("--mapping", default="", help="name of a saved column mapping")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument("--errors", type=Path, help="write the bad rows to this CSV file")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                job = services.start_import(
                    file=stream,
                    file_name=path.name,
                    source=options["source"] or path.stem[:60],
                    mapping=options["mapping"],
                    dry_run=options["dry_run"],
                    actor=actors.system_user(),
                    at=timezone.now(),
                )
        except OSError as exc:
            raise CommandError(f"{path} cannot be read: {exc.strerror}.") from None
        except ValidationError as exc:
            raise CommandError(" ".join(exc.messages)) from None
        job = self._run(job)
        errors: list[Any] = list(
            job.errors.order_by("line", "id").values("line", "column", "code", "detail")
        )
        if options["errors"]:
            _write_errors(options["errors"], errors)
        if job.state != Job.State.DONE:
            raise CommandError(job.message or "The import did not finish.")
        self._report(job, errors, options)
        if job.outcome["failed"]:
            sys.exit(1)

    def _run(self, job: Job) -> Job:
        # A worker may have taken the job over; its steps are as good as ours.
        while job.is_open:
            if not jobs.run_step(job_id=job.pk, at=timezone.now()):
                time.sleep(0.05)
            job.refresh_from_db()
            if job.total:
                self.stderr.write(f"{job.done} of {job.total} rows")
        return job

    def _report(self, job: Job, errors: list[Any], options: dict[str, Any]) -> None:
        if options["json"]:
            document = {
                "file": str(options["file"]),
                "dry_run": options["dry_run"],
                "rows": job.done,
                **job.outcome,
                "errors": errors,
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        outcome = job.outcome
        verb = "would be" if options["dry_run"] else "were"
        self.stdout.write(
            f"{job.done} rows: {outcome['created']} {verb} created, {outcome['changed']} changed,"
            f" {outcome['linked']} linked, {outcome['unchanged']} unchanged,"
            f" {outcome['failed']} refused."
        )
        if job.message:
            self.stdout.write(job.message)
        for error in errors[:20]:
            column = f", {error['column']}" if error["column"] else ""
            self.stdout.write(f"  line {error['line']}{column}: {error['detail']}")
        if len(errors) > 20 and not options["errors"]:
            self.stdout.write(f"  and {len(errors) - 20} more; --errors FILE writes them all.")


def _write_errors(path: Path, errors: list[Any]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ["line", "column", "code", "detail"])
        writer.writeheader()
        writer.writerows(errors)
