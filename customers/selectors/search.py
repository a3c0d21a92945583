"""Finding a customer by what a person types: a number, an address, a reference, a few words."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import QuerySet

from clm.core import crypto
from clm.core.models import User
from customers import danish, identification
from customers.contacts import InvalidContact, normal_phone
from customers.models import ContactPoint, Customer, CustomerSearch, Holding, Identifier
from customers.selectors.customers import visible_customers

SEARCH_CONTEXT = "customers.CustomerSearch"
KEPT_FOR = timedelta(days=1)
MAX_QUERY = 200


def search(*, query: str, actor: User, limit: int = 20) -> list[Customer]:
    """
    Customers within reach that fit, in Danish order.

    A whole number, e-mail address or reference finds by exactly that; anything else by the
    beginnings of all its words, in any order.
    """
    found = matching(customers=visible_customers(actor=actor), query=query)
    return list(found.select_related("branch").order_by("sort_key", "id")[:limit])


def matching(*, customers: QuerySet[Customer], query: str) -> QuerySet[Customer]:
    """The customers among `customers` that fit what was typed; none for an empty query."""
    query = query.replace("\0", "").strip()[:MAX_QUERY]
    if not query:
        return customers.none()
    exact = _exactly(query)
    if exact:
        return customers.filter(pk__in=exact)
    words = danish.words(query)
    if not words:
        return customers.none()
    # Words are a-z and 0-9 only, so nothing of the query language can be smuggled in.
    beginnings = SearchQuery(
        " & ".join(f"{word}:*" for word in words), config="simple", search_type="raw"
    )
    return customers.alias(words=SearchVector("search_text", config="simple")).filter(
        words=beginnings
    )


def saved_search(*, search_id: UUID, actor: User, at: datetime) -> str | None:
    """The words behind an opaque search id; None when it is another's or a day old."""
    found = CustomerSearch.objects.filter(pk=search_id, user=actor, at__gte=at - KEPT_FOR).first()
    if found is None:
        return None
    return crypto.decrypt(token=found.ciphertext, context=SEARCH_CONTEXT)


def _exactly(query: str) -> list[UUID]:
    """Customers that an exact look-up finds, whoever may see them."""
    indexes = [
        crypto.blind_index(
            value=value, purpose=identification.index_purpose(kind=kind, country=country)
        )
        for kind, country, value in identification.looks_like(query)
    ]
    ids: set[UUID] = set()
    if indexes:
        ids.update(
            Identifier.objects.filter(index__in=indexes).values_list("customer_id", flat=True)
        )
    contacts = _contact_values(query)
    if contacts:
        ids.update(
            ContactPoint.objects.filter(value__in=contacts, valid_to=None).values_list(
                "customer_id", flat=True
            )[:500]
        )
    if any(character.isdigit() for character in query):
        ids.update(
            Holding.objects.filter(reference__in={query, query.replace(" ", "")}).values_list(
                "customer_id", flat=True
            )
        )
    return sorted(ids)


def _contact_values(query: str) -> list[str]:
    if "@" in query:
        return [query.lower()]
    digits = sum(character.isdigit() for character in query)
    if digits < 8 or any(character.isalpha() for character in query):
        return []
    try:
        return [normal_phone(query)]
    except InvalidContact:
        return []
