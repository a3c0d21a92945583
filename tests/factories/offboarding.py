"""Closures for tests, one trait per state, each reached by walking the real transitions."""

from datetime import UTC, datetime
from typing import Any

from clm.core import actors, events, lifecycle
from clm.core.models import Branch, User
from customers.lifecycle import Stage
from offboarding import services
from offboarding.lifecycle import ClosureState
from offboarding.models import Closure
from tests.factories import customers

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)

WALKS: dict[str, tuple[str, ...]] = {
    ClosureState.REQUESTED: (),
    ClosureState.CHECKING: ("check",),
    ClosureState.PENDING_APPROVAL: ("check", "propose"),
    ClosureState.SETTLING: ("check", "propose", "settle"),
    ClosureState.CLOSED: ("check", "propose", "settle", "close"),
    ClosureState.CANCELLED: ("check", "cancel"),
    ClosureState.BLOCKED: ("check", "block"),
}


def second_person() -> User:
    """Somebody who may confirm what the system's user proposed."""
    known = User.objects.filter(username="second").first()
    if known is not None:
        return known
    from django.contrib.auth.models import Group

    branch = Branch.objects.get_or_create(code="aarhus", defaults={"name": "Aarhus"})[0]
    user = User.objects.create_user(username="second", password="secret", branch=branch)
    user.groups.set(Group.objects.filter(name="retention_manager"))
    return user


def closure(*, state: str = ClosureState.REQUESTED, at: datetime = NOW, **fields: Any) -> Closure:
    """A closure in `state`; `fields` are those of `request_closure`."""
    system = actors.system_user()
    customer = fields.pop("customer", None) or customers.customer(
        stage=Stage.ACTIVE, adviser=fields.pop("adviser", None), at=at
    )
    values: dict[str, Any] = {"ground": "customer", "exit_reason": "price", **fields}
    made = services.request_closure(customer=customer, actor=system, at=at, **values)
    for name in WALKS[state]:
        made = walk_step(made, name, at=at)
    return made


def walk_step(made: Closure, name: str, *, at: datetime = NOW) -> Closure:
    """One step of the walk, done by whoever may."""
    system = actors.system_user()
    if name == "check":
        created = events.for_record(made).get(action="create")
        services.check_obligations(event=created, at=at)
        made.refresh_from_db()
        return made
    actor = second_person() if name == "settle" else system
    return lifecycle.perform(record=made, name=name, actor=actor, at=at, reason="test")
