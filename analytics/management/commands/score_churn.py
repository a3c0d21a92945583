"""`score_churn`: today's scores for every customer, here and now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import services
from clm.core import jobs
from clm.core.actors import system_user
from clm.core.models import Job


class Command(BaseCommand):
    help = "Score the churn risk of all customers with the model in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        scored = known = 0
        for started in services.start_scoring(actor=system_user(), at=now):
            job = jobs.run(job=started, at=now)
            if job.state != Job.State.DONE:
                raise CommandError(job.message or _("Scoring did not come to its end."))
            scored += job.outcome.get("created", 0)
            known += job.outcome.get("unchanged", 0)
        if options["as_json"]:
            self.stdout.write(json.dumps({"scored": scored, "scored_before": known}))
        else:
            self.stdout.write(
                _("%(scored)d customers scored, %(known)d were scored today already.")
                % {"scored": scored, "known": known}
            )
