"""`import_watchlist`: a list from its file, whole or not at all."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clm.core import actors
from kyc import services
from kyc.lists import ListError, formats
from kyc.services.lists import Loaded


class Command(BaseCommand):
    help = (
        "Load a watchlist as a new version. A file that is not whole changes nothing; a list that"
        " shrank by more than a fifth is held back until a person accepts it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", help=", ".join(formats()))
        parser.add_argument(
            "file", type=Path, help="a file, a folder or a zip, as the format has it"
        )
        parser.add_argument("--list", default="", help="name of the list")
        parser.add_argument("--force", action="store_true", help="accept a list that shrank")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.exists():
            raise CommandError(f"There is nothing at {path}.")
        try:
            loaded = services.load_list(
                format=options["format"],
                path=path,
                name=options["list"],
                force=options["force"],
                actor=actors.system_user(),
                at=timezone.now(),
            )
        except ListError as error:
            raise CommandError(f"{error} The version in force stays.") from None
        version = loaded.version
        if options["json"]:
            self.stdout.write(json.dumps(self._document(loaded), ensure_ascii=False))
        else:
            self._say(loaded)
        if version is not None and loaded.held:
            force = " (or load it with --force)" if loaded.forcible else ""
            raise CommandError(
                f"Held back: {version.held_because} The version in force stays until a person"
                f" accepts this one{force}."
            )

    def _say(self, loaded: Loaded) -> None:
        for note in loaded.notes:
            self.stderr.write(note)
        version = loaded.version
        if version is None:
            self.stdout.write(f"{loaded.watchlist}: nothing changed.")
        elif not loaded.held:
            self.stdout.write(
                f"{loaded.watchlist}, version {version.number}: {version.entries} entries with"
                f" {version.names} names; {version.added} new, {version.changed} edited,"
                f" {version.removed} gone."
            )

    def _document(self, loaded: Loaded) -> dict[str, Any]:
        version = loaded.version
        document: dict[str, Any] = {
            "list": loaded.watchlist.name,
            "changed": version is not None,
            "held": loaded.held,
            "notes": loaded.notes,
        }
        if version is not None:
            document |= {
                "version": version.number,
                "entries": version.entries,
                "names": version.names,
                "added": version.added,
                "edited": version.changed,
                "removed": version.removed,
                "orphans": version.orphans,
                "held_because": version.held_because,
            }
        return document
