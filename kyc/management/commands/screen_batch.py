"""`screen_batch`: names in a file against the lists in force."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from clm.core.management.progress import Progress
from kyc import screening, tables
from kyc.features import Party
from kyc.lists import ListError, Reading
from kyc.lists.reading.lines import rows
from kyc.matching import THRESHOLD
from kyc.models import Watchlist
from kyc.normalise import can_be_screened, spellings

REQUIRED = ("id", "name")
KNOWN = (*REQUIRED, "born", "country", "kind")
HEADER = ("id", "list", "entry_id", "name", "score", "explanation")
CHUNK = 500
#: So many lines with nothing to compare are named one by one.
TOLD = 20


class Command(BaseCommand):
    help = "Screen the names of a CSV file (id,name[,born,country,kind]); nothing of it is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", type=Path)
        parser.add_argument("output", type=Path)
        parser.add_argument("--threshold", type=float, default=THRESHOLD)
        parser.add_argument("--list", nargs="+", action="extend", default=[], metavar="NAME")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["threshold"] <= 1:
            raise CommandError("The threshold lies between 0 and 1.")
        lists = lists_named(options["list"])
        reading = Reading()
        self.screened = 0
        self._unscreened: list[int] = []
        self._progress = Progress(total=lines_in(options["input"]), what="names")
        try:
            count = tables.write(
                options["output"],
                HEADER,
                self._rows(options["input"], options["threshold"], lists, reading),
            )
        except ListError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}.") from None
        finally:
            self._progress.end()
        for line in self._unscreened[:TOLD]:
            self.stderr.write(f"Line {line}: the name has fewer than two letters, or too many.")
        if self._unscreened:
            reading.notes.append(f"{len(self._unscreened)} names could not be compared.")
        for note in reading.notes:
            self.stderr.write(note)
        # What could not be compared was not screened, whoever counts.
        screened = self.screened - len(self._unscreened)
        document = {
            "screened": screened,
            "not_screened": len(self._unscreened),
            "candidates": count,
            "threshold": options["threshold"],
        }
        self.stdout.write(
            json.dumps(document)
            if options["json"]
            else f"{screened} names screened, {count} candidates at or above"
            f" {options['threshold']:.2f}."
        )

    def _rows(
        self, path: Path, threshold: float, lists: set[UUID] | None, reading: Reading
    ) -> Iterator[list[Any]]:
        asked = rows(path, reading, required=REQUIRED, known=KNOWN)
        while part := list(islice(asked, CHUNK)):
            parties = [_party(row, line) for line, row in part]
            found = screening.screen(parties=parties, threshold=threshold, lists=lists)
            self.screened += len(part)
            self._progress.show(self.screened)
            for (line, row), candidates in zip(part, found, strict=True):
                if not _is_a_name(row["name"]):
                    self._unscreened.append(line)
                for one in candidates:
                    yield [
                        row["id"],
                        one.entry.watchlist.name,
                        one.entry.key,
                        one.name,
                        f"{one.score:.4f}",
                        json.dumps(one.comparison.explanation, ensure_ascii=False),
                    ]


def _is_a_name(name: str) -> bool:
    return len(name) <= screening.LONGEST and can_be_screened(name)


def _party(row: dict[str, str], line: int) -> Party:
    kind = tables.kind(row.get("kind", ""), line)
    name = row["name"]
    return Party(
        names=spellings(name, organisation=kind == "organisation") if _is_a_name(name) else (),
        kind=kind,
        births=tables.births(row.get("born", ""), line),
        countries=tables.countries(row.get("country", "")),
    )


def lines_in(path: Path) -> int:
    """How many lines a file has; 0 where it cannot be read, which its reader will say."""
    try:
        with path.open("rb") as file:
            return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0


def lists_named(names: list[str]) -> set[UUID] | None:
    """
    The ids of lists by name, None for all.

    :raises CommandError: there is no such list
    """
    if not names:
        return None
    known = dict(Watchlist.objects.values_list("name", "pk"))
    missing = [one for one in names if one not in known]
    if missing:
        there = ", ".join(sorted(known)) or "none yet"
        raise CommandError(f"There is no list {', '.join(missing)}; there are: {there}.")
    return {known[one] for one in names}
