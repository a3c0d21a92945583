"""The job that proposes, in ranges of keys."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy

from clm.core import jobs
from clm.core.models import Job
from customers.lifecycle import RELATIONSHIP
from customers.models import Customer
from engagement import services

CHUNK = 500


@jobs.registry.register
class ProposeActions:
    """The next best action of every customer who has no open proposal, 500 a step."""

    name = "engagement.actions"
    label = gettext_lazy("Next best actions")
    permission = "engagement.add_nextbestaction"

    def step(self, *, job: Job, at: datetime) -> bool:
        if not job.cursor:
            job.total = Customer.objects.filter(stage__in=RELATIONSHIP).count()
        after = job.cursor.get("after")
        last = services.propose_actions(after=UUID(after) if after else None, limit=CHUNK, at=at)
        if last is None:
            return True
        job.cursor = {"after": str(last)}
        job.done = min(job.done + CHUNK, job.total or 0)
        return False
