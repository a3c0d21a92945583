"""Searches that keep a name or number out of a page's address."""

from datetime import datetime

from clm.core import crypto
from clm.core.ids import uuid7
from clm.core.models import User
from customers.models import CustomerSearch
from customers.selectors.search import KEPT_FOR, MAX_QUERY, SEARCH_CONTEXT


def remember_search(*, query: str, actor: User, at: datetime) -> CustomerSearch:
    """Keep what was searched, encrypted, for a day; the id is fit for an address."""
    CustomerSearch.objects.filter(user=actor, at__lt=at - KEPT_FOR).delete()
    return CustomerSearch.objects.create(
        id=uuid7(at),
        user=actor,
        ciphertext=crypto.encrypt(plaintext=query.strip()[:MAX_QUERY], context=SEARCH_CONTEXT),
        at=at,
    )
