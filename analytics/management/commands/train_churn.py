"""`train_churn`: on the platform's own history, or on a flat table."""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import services
from analytics.churn.table import UnfitTable
from analytics.churn.training import Fitted, train
from clm.core.actors import system_user
from clm.core.web.words import number


class Command(BaseCommand):
    help = "Train the churn model; prints its figures, all out of fold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dataset", type=Path, help="a CSV table instead of own history")
        parser.add_argument("--target", help="the column that says who left")
        parser.add_argument("--id", action="append", default=[], help="a column that is an id")
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
        return {**version.metrics, "model": str(version), "state": version.state}

    def _on_table(self, **options: Any) -> dict[str, Any]:
        if not options["target"]:
            raise CommandError(_("Say with --target which column says who left."))
        frame = _read(options["dataset"])
        for name in (options["target"], *options["id"]):
            if name not in frame.columns:
                raise CommandError(
                    _("The table has no column “%(name)s”. It has: %(names)s.")
                    % {"name": name, "names": ", ".join(frame.columns)}
                )
        said = frame.pop(options["target"])
        if said.isna().any():
            raise CommandError(
                _("Row %(row)d has no outcome.") % {"row": int(np.flatnonzero(said.isna())[0])}
            )
        positive, target = _outcome(said.astype(str), options["positive"])
        fitted = train(frame, target, unwanted=options["id"])
        if options["out"]:
            _write(options["out"], fitted)
        return {
            **fitted.metrics,
            "positive": positive,
            "refused_columns": dict(fitted.encoding.refused),
            "importance": fitted.importance,
        }

    def _tell(self, document: dict[str, Any]) -> None:
        for key in ("roc_auc", "average_precision", "brier", "calibration_error", "positive_rate"):
            self.stdout.write(f"{key:>20}  {number(document[key], 4)}")
        for key in ("rows", "features", "seconds"):
            self.stdout.write(f"{key:>20}  {document[key]}")
        for name, why in document.get("refused_columns", {}).items():
            self.stderr.write(
                _("Column %(name)s is not used: %(why)s") % {"name": name, "why": why}
            )
        if "model" in document:
            self.stdout.write(
                _("Registered as %(model)s; a second person has to approve it.")
                % {"model": document["model"]}
            )


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, encoding="utf-8-sig", low_memory=False)
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}
        ) from None
    except (ValueError, pd.errors.ParserError) as error:
        raise CommandError(
            _("%(file)s is not a CSV table: %(why)s") % {"file": path, "why": error}
        ) from None


def _outcome(said: pd.Series, positive: str | None) -> tuple[str, Any]:
    """Those who left as 1; the value that means it, by default the rarer one."""
    counts = said.value_counts()
    if len(counts) != 2 and (positive is None or len(counts) < 2):
        raise UnfitTable(
            _("The target has %(count)d different values; it needs two.") % {"count": len(counts)}
        )
    chosen = str(counts.index[-1]) if positive is None else positive
    if chosen not in counts.index:
        raise CommandError(
            _("No row has the outcome “%(value)s”; there are: %(values)s.")
            % {"value": chosen, "values": ", ".join(map(str, counts.index[:10]))}
        )
    return chosen, (said == chosen).to_numpy().astype(np.int64)


def _write(path: Path, fitted: Fitted) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["row", "fold", "probability"])
        for row, (fold, probability) in enumerate(
            zip(fitted.folds.tolist(), fitted.out_of_fold.tolist(), strict=True)
        ):
            writer.writerow([row, fold, repr(probability)])
