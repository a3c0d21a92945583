"""Conversations for tests."""

from datetime import UTC, datetime
from typing import Any

from clm.core import actors
from customers.lifecycle import Stage
from engagement import services
from engagement.models import Interaction
from tests.factories import customers

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


def interaction(*, at: datetime = NOW, **fields: Any) -> Interaction:
    """A conversation that reached the customer; `fields` are those of `record_interaction`."""
    values: dict[str, Any] = {
        "channel": "phone",
        "purpose": "service",
        "outcome": "reached",
        "text": "Asked about the new fee.",
        "actor": actors.system_user(),
        **fields,
    }
    if "customer" not in values:
        values["customer"] = customers.customer(stage=Stage.ACTIVE, at=at)
    return services.record_interaction(at=at, **values)
