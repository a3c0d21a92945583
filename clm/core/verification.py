"""Verifying the audit trail as a job: it takes a while, and its verdict stays to be read."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from clm.core import audit, jobs
from clm.core.models import Job


def _verify() -> audit.Verdict:
    try:
        return audit.verify()
    finally:
        connection.close()


@jobs.registry.register
class VerifyAudit:
    """Recomputes every chain and every seal in one step."""

    name = "core.verify_audit"
    label = _("Verify the audit trail")
    permission = "core.verify_audit"

    def step(self, *, job: Job, at: datetime) -> bool:
        # The verdict needs one unmoving picture of the log, which a transaction must ask for
        # before its first question; the step's own has asked already, hence a connection apart.
        with ThreadPoolExecutor(max_workers=1) as pool:
            verdict = pool.submit(_verify).result()
        for found in verdict.broken[:1000]:
            where = ", ".join(f"{k} {v}" for k, v in found.items() if k != "what")
            jobs.add_error(job=job, code="broken", detail=f"{found['what']}: {where}")
        job.done = job.total = verdict.events
        job.outcome = {
            "whole": not verdict.broken,
            "events": verdict.events,
            "records": verdict.records,
            "seals": verdict.seals,
            "unsealed": verdict.unsealed,
            "broken": len(verdict.broken),
            "root": verdict.root,
        }
        return True
