"""`train_churn`: on the platform's own history, or on a flat table."""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import services
from analytics.churn.flat import read_table, train_on_table
from analytics.churn.table import UnfitTable
from analytics.churn.training import Fitted
from clm.core.actors import system_user
from clm.core.web.words import number


class Command(BaseCommand):
    help = "Train the churn model; prints its figures, all out of fold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dataset", type=Path, help="a table (CSV, XLSX) instead of own history"
        )
        parser.add_argument("--target", help="the column that says who left")
        parser.add_argument("--id", action="append", default=[], help="a column that is an id")
        parser.add_argument(
            "--keep", action="append", default=[], metavar="COLUMN",
            help="use this column although it tells the outcome all by itself",
        )  # fmt: skip
        parser.add_argument("--positive", help="the value of those who left; else the rarer one")
        parser.add_argument("--out", type=Path, help="write row,fold,probability, out of fold")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["dataset"]:
                document = self._on_table(**options)
            else:
                document = self._on_history()
        except UnfitTable as error:
            raise CommandError(str(error)) from None
        if options["as_json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self._tell(document)

    def _on_history(self) -> dict[str, Any]:
        version = services.train_on_history(actor=system_user(), at=timezone.now())
        return {
            **version.metrics,
            "candidates": version.card["candidates"],
            "model": str(version),
            "state": version.state,
        }

    def _on_table(self, **options: Any) -> dict[str, Any]:
        if not options["target"]:
            raise CommandError(_("Say with --target which column says who left."))
        trained = train_on_table(
            read_table(options["dataset"]),
            target=options["target"],
            ids=options["id"],
            keep=options["keep"],
            positive=options["positive"],
        )
        if options["out"]:
            _write(options["out"], trained.fitted)
        return {
            **trained.fitted.metrics,
            "positive": trained.positive,
            "refused_columns": dict(trained.fitted.encoding.refused),
            "warnings": list(trained.warnings),
            "importance": trained.fitted.importance,
            "candidates": trained.fitted.candidates,
        }

    def _tell(self, document: dict[str, Any]) -> None:
        self._figures(document)
        if "out_of_time" in document:
            self.stdout.write(_("Trained on what was known before, tested on the time after:"))
            self._figures(document["out_of_time"])
        for key in ("rows", "features", "seconds"):
            self.stdout.write(f"{key:>20}  {document[key]}")
        for name, why in document.get("refused_columns", {}).items():
            self.stderr.write(
                _("Column %(name)s is not used: %(why)s") % {"name": name, "why": why}
            )
        for warning in document.get("warnings", ()):
            self.stderr.write(warning)
        if "model" in document:
            self.stdout.write(
                _("Registered as %(model)s; a second person has to approve it.")
                % {"model": document["model"]}
            )

    def _figures(self, figures: dict[str, Any]) -> None:
        for key in ("roc_auc", "average_precision", "brier", "calibration_error", "positive_rate"):
            interval = figures.get(f"{key}_interval")
            beside = f"  ({number(interval[0], 4)} – {number(interval[1], 4)})" if interval else ""
            self.stdout.write(f"{key:>20}  {number(figures[key], 4)}{beside}")


def _write(path: Path, fitted: Fitted) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["row", "fold", "probability"])
        for row, (fold, probability) in enumerate(
            zip(fitted.folds.tolist(), fitted.out_of_fold.tolist(), strict=True)
        ):
            writer.writerow([row, fold, repr(probability)])
