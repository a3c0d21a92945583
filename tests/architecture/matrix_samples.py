"""One record of each kind, in Aarhus, in the adviser's portfolio, for the permission matrix."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from clm.core import jobs, work
from clm.core.models import Event, Job, User


@jobs.registry.register
class MatrixJob:
    name = "tests.matrix"
    label = "Matrix"
    permission = ""

    def step(self, *, job: Job, at: datetime) -> bool:
        return True


Make = Callable[[User, datetime], Any]


def task(owner: User, at: datetime) -> Any:
    return work.add_task(title="T", record=None, assignee=owner, due_at=None, actor=owner, at=at)


def job(owner: User, at: datetime) -> Any:
    from clm.core import files

    return Job.objects.create(
        kind=MatrixJob.name, created_by=owner, created_at=at,
        result_file=files.store(content=b"x"), result_name="x.csv",
    )  # fmt: skip


def customer(owner: User, at: datetime, **fields: Any) -> Any:
    from tests.factories import customers

    return customers.customer(branch=owner.branch, adviser=owner, at=at, **fields)


def campaign(owner: User, at: datetime) -> Any:
    from tests.factories import acquisition

    return acquisition.campaign(at=at)


def lead(owner: User, at: datetime) -> Any:
    from tests.factories import acquisition

    return acquisition.lead(branch=owner.branch, at=at)


def application(owner: User, at: datetime) -> Any:
    from tests.factories import onboarding

    return onboarding.application(customer=customer(owner, at, stage="ONBOARDING"), at=at)


def case(owner: User, at: datetime) -> Any:
    from clm.core.actors import system_user
    from kyc.models import Trigger
    from kyc.services import cases

    return cases.open_case(
        customer=customer(owner, at, stage="ONBOARDING"),
        trigger=Trigger.ONBOARDING,
        actor=system_user(),
        at=at,
    )


def interaction(owner: User, at: datetime) -> Any:
    from tests.factories import engagement

    return engagement.interaction(customer=customer(owner, at), at=at)


def save_case(owner: User, at: datetime) -> Any:
    from tests.factories import retention

    return retention.save_case(customer=customer(owner, at, stage="ACTIVE"), at=at)


def closure(owner: User, at: datetime) -> Any:
    from tests.factories import offboarding

    return offboarding.closure(customer=customer(owner, at, stage="ACTIVE"), at=at)


def event(owner: User, at: datetime) -> Any:
    return Event.objects.filter(record_id=task(owner, at).pk).get()


# A kind that is not here stands for a record that does not exist: everybody is told 404.
SAMPLES: dict[str, Make] = {
    one.__name__: one
    for one in (
        task, job, customer, event, campaign, lead, application, case, interaction, save_case,
        closure,
    )
}  # fmt: skip
