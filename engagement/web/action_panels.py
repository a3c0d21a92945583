"""What to do next, on the customer's page and on the adviser's Home."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clm.core import actors, reading
from customers.models import Customer
from engagement import selectors
from engagement.models import NextBestAction, Refusal
from engagement.web.action_words import arbitration

SHOWN = 5


def customer(request: HttpRequest, customer: Customer) -> Mapping[str, Any] | None:
    """The open proposal with its reckoning, and the three answers."""
    actor: Any = request.user
    action = next(iter(_action(customer, actor)), None)
    context: dict[str, Any] = {"customer": customer, "action": action}
    if action is None:
        return context
    today = timezone.localdate()
    return {
        **context,
        "why": arbitration(action.explanation.get("arbitration", {})),
        "refusals": Refusal.choices,
        "may_answer": actors.may(actor=actor, permission="engagement.answer_nextbestaction"),
        "later": today + timedelta(days=30),
        "tomorrow": today + timedelta(days=1),
    }


def customer_reads(request: HttpRequest, customer: Customer) -> list[QuerySet[NextBestAction]]:
    actor: Any = request.user
    return [_action(customer, actor)]


def home(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """The adviser's best proposals."""
    actor: Any = request.user
    found = list(selectors.open_actions(actor=actor)[:SHOWN])
    return {"actions": found} if found else None


def _action(customer: Customer, actor: Any) -> QuerySet[NextBestAction]:
    return reading.shared(
        customer,
        f"next-best-{actor.pk}",
        lambda: selectors.action_of(customer_id=customer.pk, actor=actor),
    )
