"""`mine`: the friction report of a journey."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core.actors import system_user
from clm.core.web.words import duration, number
from journeys import selectors, services
from journeys.models import LIFE_CYCLE, Journey

_SHOWN = 15


class Command(BaseCommand):
    help = "Print the friction report of a journey."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("journey", help="its short name or its name")
        parser.add_argument("--complete-only", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        name: str = options["journey"]
        if name == LIFE_CYCLE:
            services.project(at=timezone.now())
        journey = (
            Journey.objects.filter(slug=name).first() or Journey.objects.filter(name=name).first()
        )
        if journey is None:
            known = ", ".join(Journey.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                _("There is no journey “%(name)s”. Known: %(known)s.")
                % {"name": name, "known": known or "–"}
            )
        report = selectors.friction(
            journey=journey,
            actor=system_user(),
            cut=selectors.Cut(complete_only=options["complete_only"]),
        )
        if options["as_json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(report)

    def _tell(self, report: dict[str, Any]) -> None:
        write = self.stdout.write
        write(
            _("%(events)s events, %(cases)s cases, %(variants)s variants")
            % {
                "events": number(report["events"]),
                "cases": number(report["cases"]),
                "variants": number(len(report["variants"])),
            }
        )
        lasting = report["case_duration_s"]
        write(
            _("A case lasts %(median)s in the middle, %(p90)s for the slowest tenth")
            % {"median": duration(lasting["median"]), "p90": duration(lasting["p90"])}
        )
        for edge in report["edges"][:_SHOWN]:
            write(
                f"{number(edge['count']):>10}  {edge['source']} → {edge['target']}"
                f"  {duration(edge['median_s'])} / {duration(edge['p90_s'])}"
            )
