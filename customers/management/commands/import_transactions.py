"""`import_transactions`: a table or account statements, here and now."""

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
        "Import transactions from a table (CSV, XLSX, JSON Lines) or from account statements"
        " (camt.053, versions 02 and 08). The same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", default="", choices=["csv", "camt053"], help="default: by the file's name"
        )
        parser.add_argument("--source", default="", help="name of the source system")
        parser.add_argument("--errors", type=Path, help="write what was refused to this CSV file")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                job = services.start_transaction_import(
                    file=file,
                    file_name=path.name,
                    source=options["source"] or path.stem[:60],
                    form=options["format"],
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
            with options["errors"].open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, ["line", "column", "code", "detail"])
                writer.writeheader()
                writer.writerows(errors)
        if job.state != Job.State.DONE:
            raise CommandError(job.message or "The import did not finish.")
        self._report(job, errors, options)
        if job.outcome["refused"]:
            sys.exit(1)

    def _run(self, job: Job) -> Job:
        # A worker may have taken the job over; its steps are as good as ours.
        while job.is_open:
            if not jobs.run_step(job_id=job.pk, at=timezone.now()):
                time.sleep(0.05)
            job.refresh_from_db()
            if job.total:
                self.stderr.write(f"{job.done} of {job.total}")
        return job

    def _report(self, job: Job, errors: list[Any], options: dict[str, Any]) -> None:
        if options["json"]:
            document = {
                "file": str(options["file"]), "rows": job.done, **job.outcome, "errors": errors,
            }  # fmt: skip
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
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
        for error in errors[:20]:
            column = f", {error['column']}" if error["column"] else ""
            self.stdout.write(f"  line {error['line']}{column}: {error['detail']}")
        if len(errors) > 20 and not options["errors"]:
            self.stdout.write(f"  and {len(errors) - 20} more; --errors FILE writes them all.")
