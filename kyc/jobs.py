"""Screening the whole bank again when a list changes, in key ranges."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clm.core.jobs import registry
from clm.core.models import Job
from customers.models import Customer
from kyc.models import Trigger, WatchlistEntry
from kyc.services import rescreen
from kyc.services.portfolio import RESCREEN

CHUNK = 500


@registry.register
class Rescreen:
    """One step screens the next customers in order of their id against a version's new entries."""

    name = RESCREEN
    label = _("Screen all customers against a list change")
    permission = "kyc.import_watchlist"

    def step(self, *, job: Job, at: datetime) -> bool:
        """Screen one range; running a range again opens no second case."""
        version = UUID(job.parameters["version_id"])
        entries = set(
            WatchlistEntry.objects.filter(changed_in=version, removed_in=None).values_list(
                "pk", flat=True
            )
        )
        customers = Customer.objects.order_by("pk")
        if not job.total:
            job.total = customers.count()
        last = job.cursor.get("last")
        if last:
            customers = customers.filter(pk__gt=last)
        part = list(customers[:CHUNK])
        if not part or not entries:
            job.done = job.total
            return True
        opened = rescreen(
            customers=part, trigger=Trigger.LIST_CHANGED, at=at, cause=version, entries=entries
        )
        job.cursor = {
            "last": str(part[-1].pk),
            "opened": job.cursor.get("opened", 0) + opened,
        }
        job.done += len(part)
        return len(part) < CHUNK
