"""Reading transactions and what belongs to them."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from clm.core import actors
from clm.core.models import User
from customers.models import (
    AccountConsent,
    Holding,
    OtherAccount,
    OtherBank,
    ParkedTransaction,
    Product,
    Transaction,
    TransactionBatch,
    TransactionKey,
)
from customers.selectors.customers import reach_q


def visible_transactions(*, actor: User) -> QuerySet[Transaction]:
    """Transactions of the customers within the actor's reach."""
    return Transaction.objects.filter(reach_q(actor=actor, prefix="customer__"))


def transaction_named(*, actor: User, pk: UUID) -> Transaction | None:
    """One transaction within reach; looked for in its month alone."""
    key = TransactionKey.objects.filter(pk=pk).first()
    if key is None:
        return None
    return visible_transactions(actor=actor).filter(pk=pk, booked_on=key.booked_on).first()


def transactions_of(
    *,
    customer_id: UUID,
    holding_id: UUID | None = None,
    other_account_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    kind: str = "",
    direction: str = "",
) -> QuerySet[Transaction]:
    """
    A customer's transactions, narrowed by what a page asks for.

    :param direction: `in`, `out`, or both when empty
    """
    found = Transaction.objects.filter(customer_id=customer_id)
    if holding_id:
        found = found.filter(holding_id=holding_id)
    if other_account_id:
        found = found.filter(other_account_id=other_account_id)
    if since:
        found = found.filter(booked_on__gte=since)
    if until:
        found = found.filter(booked_on__lte=until)
    if kind:
        found = found.filter(kind=kind)
    if direction:
        found = found.filter(amount__gt=0) if direction == "in" else found.filter(amount__lt=0)
    return found


def visible_transaction_batches(*, actor: User) -> QuerySet[TransactionBatch]:
    """Batches are the whole bank's: those who see every customer see them."""
    if actors.reach(actor=actor) == "all":
        return TransactionBatch.objects.all()
    return TransactionBatch.objects.none()


def visible_parked(*, actor: User) -> QuerySet[ParkedTransaction]:
    """What waits belongs to nobody yet: those who see every customer see it."""
    if actors.reach(actor=actor) == "all":
        return ParkedTransaction.objects.all()
    return ParkedTransaction.objects.none()


def visible_account_consents(*, actor: User) -> QuerySet[AccountConsent]:
    return AccountConsent.objects.filter(reach_q(actor=actor, prefix="customer__"))


def visible_other_accounts(*, actor: User) -> QuerySet[OtherAccount]:
    return OtherAccount.objects.filter(reach_q(actor=actor, prefix="customer__"))


def visible_banks(*, actor: User) -> QuerySet[OtherBank]:
    """Which banks there are is no secret to anybody who may see consents."""
    del actor
    return OtherBank.objects.all()


def open_banks() -> QuerySet[OtherBank]:
    """Other banks whose accounts can be read."""
    return OtherBank.objects.filter(is_open=True)


def maturing_holdings(*, until: date) -> QuerySet[Holding]:
    """Open holdings that mature by a day, the soonest first."""
    return (
        Holding.objects.filter(closed_on=None, matures_on__lte=until)
        .select_related("product", "customer", "customer__adviser")
        .order_by("matures_on", "id")
    )


def catalogue(*, on: date) -> QuerySet[Product]:
    """Products that can be had on a day."""
    return Product.objects.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
