"""Engagement's pieces of other pages: Home, Customer 360, the timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, reading
from clm.core.models import User
from clm.core.registries import TimelineEntry
from customers.models import Customer
from engagement import selectors
from engagement.models import Channel, Interaction
from engagement.web.interaction_forms import InteractionForm

_ICONS = {
    Channel.PHONE: "phone",
    Channel.MEETING: "users",
    Channel.VIDEO: "video",
    Channel.EMAIL: "mail",
    Channel.SMS: "message-2",
    Channel.APP: "device-mobile",
    Channel.LETTER: "mail",
}


def icon_of(channel: str) -> str:
    return _ICONS[Channel(channel)]


def home(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """The adviser's customers at risk or left alone; nothing for who has no portfolio."""
    actor: Any = request.user
    found = selectors.needing_adviser(actor=actor, at=timezone.now())
    return {"needing": found} if found else None


def customer(request: HttpRequest, customer: Customer) -> Mapping[str, Any] | None:
    """When the customer was last spoken with, and the form for the next conversation."""
    actor: Any = request.user
    may_add = actors.may(actor=actor, permission="engagement.add_interaction")
    return {
        "customer": customer,
        "last": next(iter(_last(customer, actor)), None),
        "form": InteractionForm(prefix="interaction") if may_add else None,
    }


def customer_reads(request: HttpRequest, customer: Customer) -> list[QuerySet[Interaction]]:
    actor: Any = request.user
    return [_last(customer, actor)]


def _last(customer: Customer, actor: User) -> QuerySet[Interaction]:
    return reading.shared(
        customer,
        f"last-contact-{actor.pk}",
        lambda: selectors.of_customer(customer_id=customer.pk, actor=actor, limit=1),
    )


def interactions_of(
    *, customer: Customer, actor: User, before: datetime | None, limit: int
) -> list[QuerySet[Interaction]]:
    if not actors.may(actor=actor, permission="engagement.view_interaction"):
        return []
    return [selectors.of_customer(customer_id=customer.pk, actor=actor, before=before, limit=limit)]


def entry(interaction: Interaction) -> TimelineEntry:
    """A conversation, with what was said and how the customer felt."""
    felt = ""
    if interaction.sentiment is not None:
        felt = _("Felt: %(mood)s") % {"mood": interaction.get_sentiment_display()}
    return TimelineEntry(
        at=interaction.at,
        title=f"{interaction.get_channel_display()}: {interaction.get_purpose_display()}",
        detail=" · ".join(
            part for part in (interaction.get_outcome_display(), interaction.text, felt) if part
        ),
        icon=icon_of(interaction.channel),
        who=str(interaction.by),
        kind="contact",
        important=(interaction.sentiment or 0) <= -1,
    )
