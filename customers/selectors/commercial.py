"""Rows joined with their customer as sales and service may know the customer."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from customers.models import Customer
from customers.selectors.customers import COMMERCIAL_FIELDS

M = TypeVar("M", bound=Model)

_HIDDEN = tuple(
    field.name for field in Customer._meta.concrete_fields if field.attname not in COMMERCIAL_FIELDS
)


def with_commercial_customer(*, queryset: QuerySet[M], path: str = "customer") -> QuerySet[M]:
    """
    Fetch each row's customer along, without a column outside `COMMERCIAL_FIELDS`.

    :param path: the look-up from the row to its customer
    """
    return queryset.select_related(path, f"{path}__adviser").defer(
        *(f"{path}__{name}" for name in _HIDDEN)
    )
