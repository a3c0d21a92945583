"""What factors and requirements know of many customers, in a handful of queries whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Abs

from customers.document_lifecycle import DocumentState
from customers.models import (
    Address,
    ContactPoint,
    Customer,
    Document,
    Holding,
    Identifier,
    Relation,
    RelationKind,
    Transaction,
)
from customers.models.documents import EXPIRING as IDENTITY_PAPERS
from customers.models.documents import DocumentKind
from customers.selectors.relations import holds_on
from kyc.checks import Papers, Subject
from kyc.lifecycle import ENDED
from kyc.models import Hit, HitState
from kyc.risk import high_risk_countries

#: How lists mark an entry that is there for an office, and not for a sanction.
PEP = frozenset({"pep", "rca", "role.pep", "role.rca"})
#: And for what was written about somebody.
MEDIA = frozenset({"adverse media", "adverse-media", "adverse_media"})


def subjects(
    *, customers: Sequence[Customer], on: date, factors: Iterable[Sequence[Mapping[str, Any]]]
) -> dict[UUID, Subject]:
    """
    The subjects of these customers as the record stands; who owns them is left to the checks.

    :param factors: of every model that is going to rate them: what none asks is not read
    """
    models = list(factors)
    codes = {one["code"] for model in models for one in model}
    keys = [one.pk for one in customers]
    identified = _having(Identifier.objects, keys)
    housed = _having(Address.objects.filter(holds_on(on)), keys)
    reachable = _having(ContactPoint.objects.filter(holds_on(on)), keys)
    owned = set(
        Relation.objects.filter(
            holds_on(on), kind__in=[RelationKind.OWNERSHIP, RelationKind.DIRECTOR], other__in=keys
        ).values_list("other_id", flat=True)
    )
    hits = _hits(keys)
    papers = papers_of(keys=[one.pk for one in customers if one.kind == "person"], on=on)
    products = _products(keys) if "products" in codes else {}
    turnover = _turnover(keys, on) if "turnover" in codes else {}
    risky = frozenset().union(*(high_risk_countries(model) for model in models))
    found = {}
    for one in customers:
        matches = hits.get(one.pk, _Matches())
        found[one.pk] = Subject(
            kind=one.kind,
            today=on,
            born_on=one.born_on,
            nationalities=tuple(one.nationalities),
            residence_country=one.residence_country,
            tax_countries=tuple(one.tax_countries),
            has_identifier=one.pk in identified,
            has_address=one.pk in housed,
            open_hits=len(matches.undecided),
            true_hits=len(matches.true),
            pep_hits=len(matches.exposed),
            media_hits=len(matches.media),
            high_risk_countries=risky,
            occupation=one.occupation,
            legal_form=one.legal_form,
            has_contact=one.pk in reachable,
            has_owners=one.pk in owned,
            products=tuple(sorted(products.get(one.pk, ()))),
            channel=one.source,
            turnover=tuple(sorted(turnover.get(one.pk, {}).items())),
            papers=papers.get(one.pk, Papers()),
        )
    return found


def papers_of(*, keys: Sequence[UUID], on: date) -> dict[UUID, Papers]:
    """The identity documents of these customers as they stand on a day; in one query."""
    rows: dict[UUID, list[tuple[str, date | None]]] = defaultdict(list)
    for pk, state, expires_on in Document.objects.filter(
        customer_id__in=keys, kind__in=IDENTITY_PAPERS
    ).values_list("customer_id", "state", "expires_on"):
        rows[pk].append((state, expires_on))
    return {pk: _papers(found, on) for pk, found in rows.items()}


def _papers(rows: Sequence[tuple[str, date | None]], on: date) -> Papers:
    states = {state for state, _day in rows}
    relied = [
        day for state, day in rows if state in (DocumentState.ACCEPTED, DocumentState.EXPIRED)
    ]
    over = [day for day in relied if day is not None and day < on]
    good = [day for state, day in rows if state == DocumentState.ACCEPTED and day not in over]
    return Papers(
        accepted=bool(good),
        valid_until=max((day for day in good if day), default=None) if None not in good else None,
        expired_on=max(over, default=None),
        rejected=DocumentState.REJECTED in states,
        waiting=DocumentState.UPLOADED in states,
        asked=DocumentState.REQUESTED in states,
    )


def shows_funds(*, customer: Customer) -> bool:
    """Whether an accepted document says where a customer's funds come from."""
    return Document.objects.filter(
        customer=customer, kind=DocumentKind.FUNDS, state=DocumentState.ACCEPTED
    ).exists()


def is_exposed_only(programmes: Iterable[Any]) -> bool:
    """Whether an entry is on its list for an office (or a kinship with one) or the press alone."""
    marks = _marks(programmes)
    return bool(marks) and marks <= PEP | MEDIA


def is_media_only(programmes: Iterable[Any]) -> bool:
    """Whether an entry is on its list for what was written about somebody, and nothing else."""
    marks = _marks(programmes)
    return bool(marks) and marks <= MEDIA


def _marks(programmes: Iterable[Any]) -> set[str]:
    return {str(one).strip().casefold() for one in programmes} - {""}


def _having(rows: Any, keys: Sequence[UUID]) -> set[UUID]:
    found = rows.filter(customer_id__in=keys).values_list("customer_id", flat=True)
    return set(found.distinct())


@dataclass(frozen=True, slots=True)
class _Matches:
    """The entries of matches that wait, of confirmed ones, and of what is no sanction."""

    undecided: set[UUID] = field(default_factory=set)
    true: set[UUID] = field(default_factory=set)
    exposed: set[UUID] = field(default_factory=set)
    media: set[UUID] = field(default_factory=set)


def _hits(keys: Sequence[UUID]) -> dict[UUID, _Matches]:
    rows = (
        Hit.objects.filter(customer_id__in=keys)
        .filter(
            Q(status=HitState.TRUE_MATCH, entry__removed_in=None)
            | Q(status=HitState.OPEN) & ~Q(case__state__in=ENDED)
        )
        .values_list("customer_id", "status", "entry_id", "entry__programmes")
    )
    found: dict[UUID, _Matches] = defaultdict(_Matches)
    for customer_id, status, entry_id, programmes in rows:
        of = found[customer_id]
        if status == HitState.OPEN:
            of.undecided.add(entry_id)
        elif is_media_only(programmes):
            of.media.add(entry_id)
        else:
            (of.exposed if is_exposed_only(programmes) else of.true).add(entry_id)
    return found


def _products(keys: Sequence[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    for pk, code, category in Holding.objects.filter(
        customer_id__in=keys, closed_on=None
    ).values_list("customer_id", "product__code", "product__category"):
        found[pk] |= {code, category}
    return found


def _turnover(keys: Sequence[UUID], on: date) -> dict[UUID, dict[str, Decimal]]:
    rows = (
        Transaction.objects.filter(
            customer_id__in=keys, booked_on__gt=on - timedelta(days=365), booked_on__lte=on
        )
        .values_list("customer_id", "currency")
        .annotate(total=Sum(Abs("amount")))
    )
    found: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    for pk, currency, total in rows:
        found[pk][currency] = total
    return found
