"""A job run here and now, by a command that shows its progress and its faults."""

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

from clm.core import jobs
from clm.core.models import Job

_COLUMNS = ("line", "column", "code", "detail")
_SHOWN = 20


class FileJobCommand(BaseCommand):
    """
    Reads one file; a subclass says by `begin` which job that is.

    Exits with 1 when a row was refused: the rest is in.

    :cvar refused: the member of the job's outcome that counts such rows
    """

    refused: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--errors", type=Path, help="write what was refused to this CSV file")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def begin(self, *, stream: Any, path: Path, options: dict[str, Any]) -> Job:
        """Queue the job for the opened file. :raises ValidationError:"""
        raise NotImplementedError

    def report(self, *, job: Job, options: dict[str, Any]) -> None:
        """Say in plain sentences what came of the job."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        job, errors = self._run_file(options)
        if options["json"]:
            said = {name: options[name] for name in ("dry_run",) if name in options}
            document = {
                "file": str(options["file"]), **said, "rows": job.done, **job.outcome,
                "errors": errors,
            }  # fmt: skip
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self.report(job=job, options=options)
            self._show_errors(errors, options)
        if job.outcome[self.refused]:
            sys.exit(1)

    def _run_file(self, options: dict[str, Any]) -> tuple[Job, list[dict[str, Any]]]:
        """
        The job, run to its end, and its errors, written to `--errors`.

        :raises CommandError: the file cannot be read, or the job failed
        """
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                job = self.begin(stream=stream, path=path, options=options)
        except OSError as exc:
            raise CommandError(f"{path} cannot be read: {exc.strerror}.") from None
        except ValidationError as exc:
            raise CommandError(" ".join(exc.messages)) from None
        self._run(job)
        errors = list(job.errors.order_by("line", "id").values(*_COLUMNS))
        if options["errors"]:
            with options["errors"].open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, _COLUMNS)
                writer.writeheader()
                writer.writerows(errors)
        if job.state != Job.State.DONE:
            raise CommandError(job.message or "The import did not finish.")
        return job, errors

    def _show_errors(self, errors: list[dict[str, Any]], options: dict[str, Any]) -> None:
        """The first errors, each with its line and column."""
        for error in errors[:_SHOWN]:
            column = f", {error['column']}" if error["column"] else ""
            self.stdout.write(f"  line {error['line']}{column}: {error['detail']}")
        if len(errors) > _SHOWN and not options["errors"]:
            self.stdout.write(f"  and {len(errors) - _SHOWN} more; --errors FILE writes them all.")

    def _run(self, job: Job) -> None:
        # A worker may have taken the job over; its steps are as good as ours.
        while job.is_open:
            if not jobs.run_step(job_id=job.pk, at=timezone.now()):
                time.sleep(0.05)
            job.refresh_from_db()
            if job.total:
                self.stderr.write(f"{job.done} of {job.total} rows")


class SourceFileCommand(FileJobCommand):
    """Reads a file of a source system, which is named as the file unless one says otherwise."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--source", default="", help="name of the source system")

    def source_of(self, *, path: Path, options: dict[str, Any]) -> str:
        return options["source"] or path.stem[:60]
