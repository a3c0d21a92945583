"""`import_events`: touchpoints from a CSV or XES log."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core.actors import system_user
from journeys import services
from journeys.logs import LogRefused
from journeys.models import ColumnMapping

_SHOWN = 20


class Command(BaseCommand):
    help = "Import touchpoints from a CSV or XES event log, gzipped or not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--journey", help="by default named after the file")
        parser.add_argument("--mapping", help="a saved column mapping")
        parser.add_argument("--zone", default="UTC", help="zone of times without an offset")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        name = options["journey"] or path.name.split(".")[0]
        now = timezone.now()
        actor = system_user()
        columns, zone = self._columns(options["mapping"]), self._zone(options["zone"])
        try:
            with path.open("rb") as stream:
                journey = services.journey_named(name=name, actor=actor, at=now)
                done = services.import_log(
                    stream=stream, journey=journey, actor=actor, at=now, columns=columns, zone=zone
                )
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}
            ) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except LogRefused as refusal:
            raise CommandError(str(refusal)) from None
        if options["as_json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "journey": journey.slug,
                        "read": done.read,
                        "added": done.added,
                        "known": done.known,
                        "refused": len(done.errors),
                        "broken": done.broken,
                        "errors": [error._asdict() for error in done.errors],
                    },
                    ensure_ascii=False,
                )
            )
        else:
            self._tell(journey.slug, done)
        if done.broken:
            raise CommandError(
                _("The file breaks off: %(why)s What came before is kept; import it whole.")
                % {"why": done.broken}
            )
        if done.read and len(done.errors) == done.read:
            raise CommandError(_("No row of the file could be used."))

    def _tell(self, slug: str, done: services.Imported) -> None:
        for error in done.errors[:_SHOWN]:
            self.stderr.write(
                _("Line %(line)d %(column)s: %(detail)s")
                % {"line": error.line, "column": error.column, "detail": error.detail}
            )
        if len(done.errors) > _SHOWN:
            more = len(done.errors) - _SHOWN
            self.stderr.write(_("and %(more)d more lines") % {"more": more})
        self.stdout.write(
            _("Journey %(slug)s: %(added)d new events, %(known)d known before, %(bad)d left out.")
            % {"slug": slug, "added": done.added, "known": done.known, "bad": len(done.errors)}
        )

    def _columns(self, name: str | None) -> dict[str, str]:
        if not name:
            return {}
        mapping = ColumnMapping.objects.filter(name=name).first()
        if mapping is None:
            raise CommandError(_("There is no saved mapping “%(name)s”.") % {"name": name})
        return dict(mapping.columns)

    def _zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise CommandError(_("There is no time zone “%(name)s”.") % {"name": name}) from None
