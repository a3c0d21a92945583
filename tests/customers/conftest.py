from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clm.core import jobs
from clm.core.models import Branch, Job, User
from customers import services
from customers.lifecycle import Stage
from customers.models import Customer
from tests.factories import customers as make


@pytest.fixture
def run_import(db: None, ola: User, now: datetime) -> Callable[..., Job]:
    """Import some text or bytes as Ola and run the job to its end."""

    def run(content: str | bytes, **options: Any) -> Job:
        raw = content.encode() if isinstance(content, str) else content
        given: dict[str, Any] = {
            "source": "core",
            "actor": ola,
            "at": now,
            "file_name": "customers.csv",
        } | options
        job = services.start_import(file=raw, **given)
        return jobs.run(job=job, at=now)

    return run


@pytest.fixture
def mette(ada: User, aarhus: Branch, now: datetime) -> Customer:
    """A customer of Ada's who is at risk, with a score and an offer."""
    customer = make.customer(
        stage=Stage.AT_RISK,
        adviser=ada,
        branch=aarhus,
        given_names="Mette",
        family_name="Sørensen",
        born_on=(now - timedelta(days=41 * 366)).date(),
        nationalities=["DK"],
        emails=["mette@example.dk"],
        identifiers=[("cpr", "120384-1234")],
    )
    make.holding(of=customer, balance=38412)
    services.set_insight(
        customer_id=customer.pk,
        churn_probability=0.68,
        churn_band="high",
        churn_reasons=[{"label": "Salary moved away", "points": 27}, ["Has a home loan", -6]],
        at=now,
    )
    services.make_offer(customer=customer, kind="fee", text="No fee", given_by=ada, at=now)
    return customer
