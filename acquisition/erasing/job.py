"""The job that erases leads past their time."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy

from acquisition import services
from acquisition.erasing import certificate
from acquisition.models import Lead, LeadErasure
from clm.core import actors, files, jobs, lifecycle, records
from clm.core.models import Job

CHUNK = 500


@jobs.registry.register
class EraseLeads:
    """Erases the leads of a released erasure, 500 a step. Parameter: `erasure_id`."""

    name = services.ERASE_LEADS
    label = gettext_lazy("Erasure of leads")
    permission = "acquisition.release_leaderasure"

    def step(self, *, job: Job, at: datetime) -> bool:
        erasure = LeadErasure.objects.get(pk=job.parameters["erasure_id"])
        if job.total is None:
            job.total = erasure.expected
        leads = services.next_past(erasure=erasure, limit=CHUNK)
        if leads:
            job.done += services.erase_leads(leads=leads, at=at)
            job.cursor = {"digest": _digest(job.cursor.get("digest", ""), leads)}
            return False
        system = actors.system_user()
        erasure = records.change(
            record=erasure,
            changes={"erased": job.done, "job": job, "digest": job.cursor.get("digest", "")},
            actor=system,
            at=at,
        )
        job.total = job.done
        made = files.store(content=certificate.made(erasure=erasure, at=at))
        lifecycle.perform(
            record=erasure, name="finish", actor=system, at=at, changes={"certificate": made}
        )
        return True


def _digest(before: str, leads: Sequence[Lead]) -> str:
    """SHA-256 of the digest before and the next id, lead by lead; before the first, nothing."""
    value = bytes.fromhex(before)
    for one in leads:
        value = hashlib.sha256(value + one.pk.bytes).digest()
    return value.hex()
