"""Catalogue, holdings and offers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import records
from clm.core.models import User
from customers.models import Customer, Holding, Offer, Product, Purpose
from customers.selectors.contact import may_contact


def add_product(
    *, code: str, name_da: str, name_en: str, category: str, valid_from: date, actor: User,
    at: datetime, **fields: Any,
) -> Product:  # fmt: skip
    """Add a product to the catalogue."""
    product = Product(
        code=code, name_da=name_da, name_en=name_en, category=category, valid_from=valid_from,
        **fields,
    )  # fmt: skip
    return records.create(record=product, actor=actor, at=at)


def add_holding(
    *,
    customer: Customer,
    product: Product,
    reference: str,
    opened_on: date,
    actor: User,
    at: datetime,
    balance: Decimal = Decimal(0),
    currency: str = "DKK",
    matures_on: date | None = None,
    income_per_year: Decimal = Decimal(0),
) -> Holding:
    """
    Record that the customer has a product. The same reference again is the same holding.

    :raises ValidationError: another customer's holding has this reference
    """
    with transaction.atomic():
        known = Holding.objects.select_for_update().filter(reference=reference).first()
        if known is not None and known.customer_id == customer.pk:
            return known
        holding = Holding(
            customer=customer, product=product, reference=reference, opened_on=opened_on,
            matures_on=matures_on, currency=currency, balance=balance,
            income_per_year=income_per_year,
        )  # fmt: skip
        return records.create(
            record=holding,
            actor=actor,
            at=at,
            payload={"customer_id": str(customer.pk), "product": product.code},
        )


def change_holding(
    *,
    holding: Holding,
    changes: dict[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Holding:
    """Write what core banking tells of a holding: balance, income, maturity."""
    unknown = changes.keys() - {"balance", "income_per_year", "matures_on"}
    if unknown:
        raise ValidationError({name: _("This field cannot be changed here.") for name in unknown})
    return records.change(
        record=holding, changes=changes, actor=actor, at=at, version=version,
        payload={"customer_id": str(holding.customer_id)},
    )  # fmt: skip


def close_holding(
    *, holding: Holding, closed_on: date, actor: User, at: datetime, reason: str = ""
) -> Holding:
    """Record that a holding ended; closed twice is closed once."""
    if holding.closed_on is not None:
        return holding
    return records.change(
        record=holding,
        changes={"closed_on": closed_on},
        actor=actor,
        at=at,
        reason=reason,
        payload={"customer_id": str(holding.customer_id)},
    )


def make_offer(
    *,
    customer: Customer,
    kind: str,
    text: str,
    given_by: User,
    at: datetime,
    product: Product | None = None,
    cost: Decimal = Decimal(0),
    currency: str = "DKK",
    valid_until: date | None = None,
    payload: dict[str, Any] | None = None,
    channel: str = "",
) -> Offer:
    """
    Record an offer made to the customer; what came of it is a transition.

    :param channel: how the bank turns to the customer with it; empty where the customer asked
    :raises ValidationError: the customer may not be contacted so, with every reason
    """
    if channel:
        may = may_contact(customer=customer, purpose=Purpose.MARKETING, channel=channel, at=at)
        if not may.allowed:
            raise ValidationError({"channel": may.reason})
    offer = Offer(
        customer=customer, product=product, kind=kind, text=text, cost=cost, currency=currency,
        given_by=given_by, given_at=at, valid_until=valid_until,
    )  # fmt: skip
    return records.create(
        record=offer,
        actor=given_by,
        at=at,
        payload={
            **(payload or {}),
            "customer_id": str(customer.pk),
            "kind": kind,
            **({"channel": channel} if channel else {}),
        },
    )
