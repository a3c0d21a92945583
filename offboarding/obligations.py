"""What has to be out of the way before a holding can end. Pure."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Product


class ObligationKind(models.TextChoices):
    BALANCE = "balance", _("Balance is paid out")
    LOAN = "loan", _("Debt is repaid")
    CARD = "card", _("Card is blocked")
    TRANSFER = "transfer", _("Assets are sold or moved")
    INSURANCE = "insurance", _("Insurance is cancelled")


_KINDS = {
    Product.Category.LOAN: ObligationKind.LOAN,
    Product.Category.MORTGAGE: ObligationKind.LOAN,
    Product.Category.CARD: ObligationKind.CARD,
    Product.Category.INVESTMENT: ObligationKind.TRANSFER,
    Product.Category.PENSION: ObligationKind.TRANSFER,
    Product.Category.INSURANCE: ObligationKind.INSURANCE,
}

#: A person says when these are done; the others are told by the balance.
CONFIRMED_BY_HAND = (ObligationKind.CARD, ObligationKind.INSURANCE)


def kind_of(*, category: str, balance: Decimal) -> ObligationKind:
    """
    What a product of the category asks for; an overdrawn account is a debt.
    """
    kind = _KINDS.get(Product.Category(category), ObligationKind.BALANCE)
    if kind == ObligationKind.BALANCE and balance < 0:
        return ObligationKind.LOAN
    return kind


def is_met(*, kind: str, balance: Decimal, closed: bool, confirmed: bool) -> bool:
    """
    Whether nothing is left to do: the holding has ended, or its balance is nought and what
    only a person can tell has been confirmed.
    """
    if closed:
        return True
    return balance == 0 and (confirmed or kind not in CONFIRMED_BY_HAND)
