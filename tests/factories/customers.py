"""
Customers for tests, one trait per stage, each reached by walking the real transitions.

`customer(stage=Stage.AT_RISK, adviser=ada, at=now)`; the walk is done by the system's user.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from clm.core import actors, lifecycle
from clm.core.ids import uuid7
from clm.core.models import Job, User
from customers import services
from customers.lifecycle import Stage
from customers.models import Customer, Holding, ImportBatch, Product, SourceRecord

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
_numbers = count(1)

#: The way to each stage; what a guard asks for is done before its transition (see `_prepare`).
WALKS: dict[str, tuple[str, ...]] = {
    Stage.PROSPECT: (),
    Stage.ONBOARDING: ("start_onboarding",),
    Stage.ACTIVE: ("start_onboarding", "activate"),
    Stage.AT_RISK: ("start_onboarding", "activate", "flag_at_risk"),
    Stage.DORMANT: ("start_onboarding", "activate", "mark_dormant"),
    Stage.OFFBOARDING: ("start_onboarding", "activate", "start_offboarding"),
    Stage.CLOSED: ("start_onboarding", "activate", "start_offboarding", "close"),
    Stage.DECLINED: ("start_onboarding", "decline"),
    Stage.WITHDRAWN: ("withdraw",),
}


def customer(*, stage: str = Stage.PROSPECT, at: datetime = NOW, **fields: Any) -> Customer:
    """A customer in `stage`; `fields` are those of `create_customer`."""
    number = next(_numbers)
    names: dict[str, Any] = {"kind": "person"}
    if fields.get("kind") == "organisation":
        names |= {"name": f"Firma {number} ApS"}
    else:
        names |= {"given_names": "Mette", "family_name": f"Sørensen {number}"}
    actor = fields.pop("actor", None) or actors.system_user()
    made = services.create_customer(**{"source": "test", **names, **fields}, actor=actor, at=at)
    return walk(made, stage, at=at)


def walk(made: Customer, stage: str, *, at: datetime = NOW) -> Customer:
    """Take a prospect to `stage`."""
    system = actors.system_user()
    for name in WALKS[stage]:
        made = _prepare(made, name, at=at, actor=system)
        made = lifecycle.perform(
            record=made, name=name, actor=system, at=at, reason="test", changes=_changes(name, at)
        )
    return made


def unadmitted(*, importer: User, at: datetime = NOW, review_on: date | None = None) -> Customer:
    """A customer as an import leaves it, in a batch of its own that waits for its release."""
    from clm.core import records
    from customers.services import drafts

    job = Job.objects.create(kind="customers.import", created_by=importer, created_at=at)
    batch = records.create(
        record=ImportBatch(
            job=job, system="test", customers=1, review_on=review_on or at.date() + timedelta(365)
        ),
        actor=importer,
        at=at,
    )
    new = drafts.draft(
        kind="person",
        given_names="Ib",
        family_name=f"Import {next(_numbers)}",
        stage=Stage.UNADMITTED,
    )
    made = drafts.store(drafts=[new], actor=importer, at=at, source="test")[0]
    SourceRecord.objects.create(
        customer=made, system="test", external_id=str(made.pk), digest=b"x", batch=batch, seen_at=at
    )
    lifecycle.perform(record=batch, name="ask_release", actor=importer, at=at)
    return made


def product(*, code: str = "salary", at: datetime = NOW, **fields: Any) -> Product:
    """A catalogue entry, made once per code."""
    known = Product.objects.filter(code=code).first()
    return known or services.add_product(
        code=code,
        name_da=fields.pop("name_da", "Lønkonto"),
        name_en=fields.pop("name_en", "Salary account"),
        category=fields.pop("category", "account"),
        valid_from=date(2020, 1, 1),
        actor=actors.system_user(),
        at=at,
        **fields,
    )


def holding(*, of: Customer, at: datetime = NOW, **fields: Any) -> Holding:
    """An open holding of a customer."""
    return services.add_holding(
        customer=of,
        product=fields.pop("product", None) or product(at=at),
        reference=fields.pop("reference", f"6400-{uuid7().hex[-12:]}"),
        opened_on=fields.pop("opened_on", at.date() - timedelta(days=400)),
        actor=actors.system_user(),
        at=at,
        **fields,
    )


def _prepare(made: Customer, name: str, *, at: datetime, actor: User) -> Customer:
    if name == "activate":
        return services.set_clearance(customer=made, cleared_at=at, actor=actor, at=at)
    if name == "mark_dormant":
        return services.change_customer(
            customer=made,
            changes={"last_transaction_on": date(2020, 1, 1)},
            actor=actor,
            at=at,
        )
    return made


def _changes(name: str, at: datetime) -> dict[str, Any] | None:
    if name == "close":
        return {
            "closed_on": at.date(),
            "retention_until": services.retention_end(stage=Stage.CLOSED, ended_on=at.date()),
        }
    return None
