"""The job that makes a subject-access pack."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import access, actors, files, jobs
from clm.core.models import Job, User
from customers import selectors
from customers.privacy import pack

PERMISSION = "customers.give_access"


@jobs.registry.register
class SubjectAccess:
    """
    One customer's pack. Parameters: `customer_id`, and `own` where the customer ordered it.
    """

    name = "customers.subject_access"
    label = gettext_lazy("What we hold about a customer")
    permission = PERMISSION

    def step(self, *, job: Job, at: datetime) -> bool:
        actor = _who(job)
        if not self.may_fetch(job=job, actor=actor):
            raise jobs.JobFailed(_("You may not see this customer any more."))
        customer = selectors.visible_customers(actor=actor).get(
            pk=UUID(job.parameters["customer_id"])
        )
        own = actors.is_customer(actor)
        job.total = job.done = 1
        reader = None if own else actor
        job.result_file = files.store(
            content=pack.archive(customer=customer, at=at, reader=reader, own=own)
        )
        job.result_name = f"access-{customer.pk.hex[-8:]}.zip"
        access.write(
            actor=actor, kind="export", route=self.name, record_type="customers.Customer",
            record_ids=[str(customer.pk)], reason=_("Subject access"), at=at,
        )  # fmt: skip
        return True

    def may_fetch(self, *, job: Job, actor: User) -> bool:
        """The customer is still within the actor's reach."""
        return (
            actor.is_active
            and actors.may(actor=actor, permission=PERMISSION)
            and selectors.visible_customers(actor=actor)
            .filter(pk=UUID(job.parameters["customer_id"]))
            .exists()
        )


def _who(job: Job) -> User:
    """Who ordered it; customers are bound again to the one customer that they are."""
    if not actors.is_customer(job.created_by):
        return job.created_by
    return actors.themself(customer_id=UUID(job.parameters["customer_id"]))
