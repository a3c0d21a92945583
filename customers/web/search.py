"""Customers in the command menu."""

from collections.abc import Sequence

from django.urls import reverse

from clm.core.models import User
from clm.core.registries import SearchResult
from customers import selectors


def command_menu(*, query: str, actor: User, limit: int) -> Sequence[SearchResult]:
    """Customers within reach that fit what was typed, by name, number, contact or reference."""
    return [
        SearchResult(
            title=customer.display_name,
            subtitle=" · ".join(
                filter(None, [customer.get_stage_display(), str(customer.branch or "")])
            ),
            url=reverse("customers:customer", args=[customer.pk]),
            icon="users",
        )
        for customer in selectors.search(query=query, actor=actor, limit=limit)
    ]
