"""Screening the whole bank again when a list changes."""

from datetime import datetime

from clm.core import actors, jobs
from clm.core.models import Event, Job

RESCREEN = "kyc.rescreen"


def rescreen_after_load(*, event: Event, at: datetime) -> None:
    """
    A list version came into force with new or changed entries: a job screens the bank against
    them. One version starts one job.
    """
    payload = event.payload
    if payload.get("held") or not (payload.get("added") or payload.get("changed")):
        return
    version = str(event.record_id)
    if Job.objects.filter(kind=RESCREEN, parameters__version_id=version).exists():
        return
    jobs.start(kind=RESCREEN, parameters={"version_id": version}, actor=actors.system_user(), at=at)
