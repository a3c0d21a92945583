"""Where a customer's page is."""

from uuid import UUID

from django.urls import reverse


def customer_page(pk: UUID) -> str:
    return reverse("customers:customer", args=[pk])
