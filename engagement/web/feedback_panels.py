"""What a customer thinks, on their page."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from clm.core import actors, reading
from customers.models import Customer
from engagement import selectors
from engagement.models import Feedback, Survey


def customer(request: HttpRequest, customer: Customer) -> Mapping[str, Any] | None:
    """Their last answers, and the way to ask them in person."""
    actor: Any = request.user
    found, surveys = _answers(customer, actor), _surveys(customer, actor)
    if not found and not surveys:
        return None
    return {"customer": customer, "answers": found, "surveys": surveys}


def customer_reads(request: HttpRequest, customer: Customer) -> list[Any]:
    actor: Any = request.user
    return [_answers(customer, actor), _surveys(customer, actor)]


def _answers(customer: Customer, actor: Any) -> QuerySet[Feedback]:
    return reading.shared(
        customer,
        f"feedback-{actor.pk}",
        lambda: selectors.latest_feedback(customer_id=customer.pk, actor=actor),
    )


def _surveys(customer: Customer, actor: Any) -> QuerySet[Survey]:
    """Surveys that this customer can still be asked."""
    if not actors.may(actor=actor, permission="engagement.add_interaction"):
        return Survey.objects.none()
    return reading.shared(
        customer,
        f"surveys-{actor.pk}",
        lambda: (
            selectors.visible_surveys(actor=actor)
            .filter(is_open=True)
            .exclude(invitations__customer=customer.pk, invitations__answered_at__isnull=False)
            .order_by("name", "id")[:20]
        ),
    )
