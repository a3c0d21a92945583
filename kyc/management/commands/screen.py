"""`screen`: one name against the lists in force, explained."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from kyc import screening, tables, words
from kyc.features import Party
from kyc.lists import ListError
from kyc.matching import THRESHOLD
from kyc.normalise import spellings


class Command(BaseCommand):
    help = "Screen one name against every list in force; nothing of it is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--born", default="", help="2026-03-05, 2026-03 or 2026")
        parser.add_argument("--country", default="", help="two letters or a name")
        parser.add_argument("--kind", default="", help="person or organisation")
        parser.add_argument("--gender", default="", choices=["male", "female"])
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            options["name"].encode()
            screening.check_name(options["name"])
            if len(options["country"]) == 2 and options["country"].lower() != "uk":
                screening.check_country(options["country"])
            if options["country"] and not tables.countries(options["country"]):
                raise ValidationError(f"There is no country “{options['country']}”.")
        except UnicodeEncodeError:
            raise CommandError("The name is not in UTF-8.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if options["limit"] < 1:
            raise CommandError("The limit is at least 1.")
        try:
            kind = tables.kind(options["kind"], 1)
            asked = Party(
                names=spellings(options["name"], organisation=kind == "organisation"),
                kind=kind,
                births=tables.births(options["born"], 1),
                countries=tables.countries(options["country"]),
                gender=options["gender"],
            )
        except ListError as error:
            raise CommandError(str(error)) from None
        found = screening.screen(
            parties=[asked], threshold=screening.WORTH_SHOWING, limit=options["limit"]
        )[0]
        if options["json"]:
            document = {
                "name": options["name"],
                "threshold": THRESHOLD,
                "candidates": [_document(one) for one in found],
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        if not found:
            self.stdout.write("No listed name comes near.")
        for one in found:
            verdict = "match" if one.score >= THRESHOLD else "below the threshold"
            self.stdout.write(
                f"{one.score:.2f} {verdict}: {one.name} ({one.entry.watchlist}, {one.entry.key})"
            )
            for feature in one.comparison.features:
                self.stdout.write(
                    f"    {feature.points:+6.1f}  {words.feature(feature.code, feature.facts)}"
                )


def _document(one: screening.Candidate) -> dict[str, Any]:
    return {
        "list": one.entry.watchlist.name,
        "entry_id": one.entry.key,
        "name": one.name,
        "kind": one.entry.kind,
        "score": one.score,
        "match": one.score >= THRESHOLD,
        "explanation": one.comparison.explanation,
    }
