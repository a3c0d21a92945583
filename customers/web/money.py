"""Pieces of the record's holdings tab: maturities, transactions, accounts at other banks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_date

from clm.core import actors
from clm.core.models import User
from clm.core.web.paging import keyset
from clm.core.web.views import StaffRequest
from customers import selectors
from customers.account_lifecycle import MAX_DAYS, RUNNING
from customers.models import Customer, Holding, TransactionKind

A_PAGE = 40


@dataclass(frozen=True)
class Held:
    """A holding, and whether its end is near enough to be acted upon."""

    holding: Holding
    is_near: bool
    is_past: bool
    suggested: date | None


def with_maturity(*, holdings: Iterable[Holding], today: date) -> list[Held]:
    """Each holding with what its maturity asks for, and the end that another term would have."""
    found = []
    for holding in holdings:
        ends = holding.matures_on if holding.closed_on is None else None
        near = ends is not None and ends <= today + timedelta(days=holding.product.notice_days)
        found.append(
            Held(
                holding=holding,
                is_near=near,
                is_past=ends is not None and ends < today,
                suggested=_next_end(holding, ends, today) if ends else None,
            )
        )
    return found


def catalogue(*, customer: Customer, actor: User) -> dict[str, Any]:
    """What the customer could have besides, and what stands in the way of the rest."""
    if not actors.may(actor=actor, permission="customers.view_product"):
        return {"products": []}
    today = timezone.localdate()
    held = set(customer.holdings.filter(closed_on=None).values_list("product_id", flat=True))
    found = [
        selectors.eligibility(customer=customer, product=product, on=today)
        for product in selectors.catalogue(on=today)
        if product.pk not in held
    ]
    return {"products": sorted(found, key=lambda one: not one.eligible)}


def transactions(
    *, request: StaffRequest, customer: Customer, holdings: Sequence[Holding]
) -> dict[str, Any]:
    """One page of transactions, as the address narrows them; what it says wrongly narrows nothing."""
    if not actors.may(actor=request.user, permission="customers.view_transaction"):
        return {"page": None}
    get = request.GET.get
    accounts = list(
        selectors.visible_other_accounts(actor=request.user)
        .filter(customer=customer)
        .select_related("bank")
        .order_by("bank__name", "masked")
    )
    holding = _one_of(get("account", ""), holdings)
    account = _one_of(get("account", ""), accounts)
    kind = get("kind", "") if get("kind", "") in TransactionKind.values else ""
    direction = get("direction", "") if get("direction", "") in {"in", "out"} else ""
    since, until = _day(get("since", "")), _day(get("until", ""))
    page = keyset(
        queryset=selectors.transactions_of(
            customer_id=customer.pk,
            holding_id=holding,
            other_account_id=account,
            since=since,
            until=until,
            kind=kind,
            direction=direction,
        ).select_related("holding__product", "other_account__bank"),
        request=request,
        order=("-booked_on", "-id"),
        size=A_PAGE,
    )
    return {
        "page": page,
        "chosen": {
            "account": get("account", "") if holding or account else "",
            "kind": kind,
            "direction": direction,
            "since": since,
            "until": until,
        },
        "is_narrowed": any([holding, account, kind, direction, since, until]),
        "all_holdings": holdings,
        "other_accounts": accounts,
        "kinds": TransactionKind.choices,
    }


def elsewhere(*, customer: Customer, actor: User) -> dict[str, Any]:
    """Consents with other banks and the accounts that were read under them."""
    if not actors.may(actor=actor, permission="customers.view_accountconsent"):
        return {"consents": None}
    consents = list(
        selectors.visible_account_consents(actor=actor)
        .filter(customer=customer)
        .select_related("bank")
        .prefetch_related("accounts")
        .order_by("-created_at")[:20]
    )
    running = {one.bank_id for one in consents if one.state in RUNNING}
    banks = [one for one in selectors.open_banks() if one.pk not in running]
    may_ask = actors.may(actor=actor, permission="customers.add_accountconsent")
    return {
        "consents": consents,
        "running": RUNNING,
        "banks": banks if may_ask else [],
        "may_ask": may_ask,
        "may_revoke": actors.may(actor=actor, permission="customers.revoke_accountconsent"),
        "most_days": MAX_DAYS,
    }


def _next_end(holding: Holding, ends: date, today: date) -> date:
    """The end after another term; a year where the product says none."""
    months = holding.product.term_months or 12
    month = ends.month - 1 + months
    year, month = ends.year + month // 12, month % 12 + 1
    day = ends.day
    while True:
        try:
            found = date(year, month, day)
            break
        except ValueError:
            day -= 1
    return max(found, today + timedelta(days=1))


def _one_of(text: str, known: Iterable[Any]) -> UUID | None:
    return next((one.pk for one in known if str(one.pk) == text), None)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
