"""`compare_names`: pairs of names, compared by the engine that screens."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kyc import tables
from kyc.features import Party
from kyc.lists import ListError, Reading
from kyc.lists.reading.lines import rows
from kyc.matching import THRESHOLD, compare
from kyc.normalise import spellings
from kyc.screening import LONGEST

REQUIRED = ("kind", "name1", "name2")
KNOWN = (*REQUIRED, "born1", "born2", "country1", "country2")


class Command(BaseCommand):
    help = "Compare pairs of names (kind,name1,name2[,born1,born2,country1,country2])."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", type=Path)
        parser.add_argument("output", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        reading = Reading()
        self.matches = 0
        header = [*KNOWN, "score", "match", "explanation"]
        try:
            pairs = list(rows(options["input"], reading, required=REQUIRED, known=KNOWN))
            shown = [one for one in KNOWN if not pairs or one in pairs[0][1]]
            header = [*shown, "score", "match", "explanation"]
            count = tables.write(options["output"], header, self._rows(pairs, shown))
        except ListError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}.") from None
        for note in reading.notes:
            self.stderr.write(note)
        document = {"pairs": count, "matches": self.matches, "threshold": THRESHOLD}
        self.stdout.write(
            json.dumps(document)
            if options["json"]
            else f"{count} pairs, {self.matches} match at the threshold of {THRESHOLD:.2f}."
        )

    def _rows(
        self, pairs: list[tuple[int, dict[str, str]]], shown: list[str]
    ) -> Iterator[list[Any]]:
        for line, row in pairs:
            kind = tables.kind(row["kind"], line)
            found = compare(_party(row, "1", kind, line), _party(row, "2", kind, line))
            match = found.score >= THRESHOLD
            self.matches += match
            yield [
                *(row[one] for one in shown),
                f"{found.score:.4f}",
                "true" if match else "false",
                json.dumps(found.explanation, ensure_ascii=False),
            ]


def _party(row: dict[str, str], side: str, kind: str, line: int) -> Party:
    name = row[f"name{side}"]
    if len(name) > LONGEST:
        raise ListError(f"Line {line}: name{side} has more than {LONGEST} characters.")
    return Party(
        names=spellings(name, organisation=kind == "organisation"),
        kind=kind,
        births=tables.births(row.get(f"born{side}", ""), line),
        countries=tables.countries(row.get(f"country{side}", "")),
    )
