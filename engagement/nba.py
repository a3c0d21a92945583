"""
The next best action: five stages, each of which says yes or no in a code that can be told.

eligibility -> applicability -> suitability -> constraints -> arbitration. What passes the first
four is weighed by value x propensity x context (the order is Pega's and the literature's: what may
not be offered is never weighed). See decision 0022.

Nothing here reads or writes: a selector fills the facts, for one customer or for thousands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Literal
from uuid import UUID

from customers.models import Product
from engagement.models.actions import Group, Refusal

Stage = Literal["eligibility", "applicability", "suitability", "constraints", "arbitration"]
STAGES: tuple[Stage, ...] = (
    "eligibility", "applicability", "suitability", "constraints", "arbitration",
)  # fmt: skip
#: A product's margin counts for so many years.
YEARS = 3
#: One in so many customers is held out.
HELD_OUT_ONE_IN = 10
#: After an offer a customer is left in peace for so long.
QUIET = timedelta(days=30)
#: How long a rejected offer stays away, by the reason.
RESTS: Mapping[str, timedelta] = {
    Refusal.ELSEWHERE: timedelta(days=365),
    Refusal.NO_NEED: timedelta(days=180),
    Refusal.PRICE: timedelta(days=180),
    Refusal.WRONG_TIME: timedelta(days=60),
    Refusal.UNSUITABLE: timedelta(days=365),
    Refusal.UNHAPPY: timedelta(days=120),
}
#: The prior weighs as much as so many answers of advisers.
SHRINKAGE = 20
#: Savings from which an investment makes sense, and what is kept at hand first.
TO_INVEST = Decimal(50_000)


@dataclass(frozen=True)
class Learnt:
    """What advisers said of an offer: the share they accept, shrunk towards that of all offers."""

    accepted: int = 0
    rejected: int = 0
    everywhere: float = 0.5

    @property
    def rate(self) -> float:
        """The mean of the beta posterior; its prior is worth `SHRINKAGE` answers."""
        heard = self.accepted + self.rejected
        return (self.accepted + SHRINKAGE * self.everywhere) / (heard + SHRINKAGE)

    @property
    def factor(self) -> float:
        """How much more or less than other offers this one is accepted."""
        return self.rate / self.everywhere if self.everywhere else 1.0


@dataclass(frozen=True)
class Person:
    """What is known of one customer, from the commercial view and from engagement itself."""

    id: UUID
    today: date
    held: frozenset[UUID] = frozenset()
    open_offers: frozenset[UUID] = frozenset()
    last_offer_on: date | None = None
    refused: Mapping[UUID, tuple[str, date]] = field(default_factory=dict)
    savings: Decimal = Decimal(0)
    overdrawn: bool = False
    complains: bool = False
    cleared: bool = False
    channel: str = ""
    #: Why no channel is open, in codes of the consent rules.
    no_channel: tuple[str, ...] = ()
    mood: int | None = None
    at_risk: bool = False
    maturing: bool = False
    #: By product code, where a model says; without it the base rate counts.
    propensity: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What one stage says of one offer: `code` and figures, told in words where they are shown."""

    stage: Stage
    passed: bool
    code: str
    figures: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """One offer for one customer: how far it came, and its score where it came through."""

    product: Product
    verdicts: tuple[Verdict, ...]
    value: Decimal = Decimal(0)
    propensity: float = 0.0
    context: float = 1.0
    score: Decimal = Decimal(0)

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.verdicts)

    @property
    def stopped(self) -> Verdict | None:
        return next((one for one in self.verdicts if not one.passed), None)


def group_of(customer_id: UUID) -> Group:
    """The group a customer is in, for ever: by a hash of the id, one in ten held out."""
    digest = blake2b(customer_id.bytes, digest_size=8, person=b"next-best").digest()
    held = int.from_bytes(digest, "big") % HELD_OUT_ONE_IN == 0
    return Group.HELD_OUT if held else Group.SHOWN


def weigh(
    *,
    person: Person,
    products: Sequence[Product],
    not_eligible: Mapping[UUID, Sequence[str]],
    base_rates: Mapping[UUID, float],
    learnt: Mapping[UUID, Learnt],
) -> list[Candidate]:
    """
    Every product through the stages, the best first; a stage that says no ends the way.

    :param not_eligible: the catalogue's reasons against a product for this customer
    :param base_rates: the share of those without a product who took it within a year
    """
    found = []
    for product in products:
        verdicts = _gates(person, product, not_eligible.get(product.pk, ()))
        if any(not one.passed for one in verdicts):
            found.append(Candidate(product, tuple(verdicts)))
            continue
        found.append(
            _scored(person, product, verdicts, base_rates.get(product.pk, 0.0),
                    learnt.get(product.pk, Learnt()))
        )  # fmt: skip
    reached = {stage: place for place, stage in enumerate(STAGES)}
    return sorted(
        found,
        key=lambda one: (
            -one.score,
            -(reached[one.stopped.stage] if one.stopped else len(STAGES)),
            one.product.code,
        ),
    )


def _gates(person: Person, product: Product, reasons: Sequence[str]) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for stage, code, figures in (
        ("eligibility", *_eligible(reasons)),
        ("applicability", *_applicable(person, product)),
        ("suitability", *_suitable(person, product)),
        ("constraints", *_unhindered(person, product)),
    ):
        passed = code == "ok"
        verdicts.append(Verdict(stage, passed, code, figures))  # type: ignore[arg-type]
        if not passed:
            break
    return verdicts


_Found = tuple[str, dict[str, float | str]]


def _eligible(reasons: Sequence[str]) -> _Found:
    return ("catalogue", {"reasons": " ".join(reasons)}) if reasons else ("ok", {})


def _applicable(person: Person, product: Product) -> _Found:
    if product.pk in person.held:
        return "held", {}
    if product.pk in person.open_offers:
        return "offered", {}
    if product.margin_per_year <= 0:
        return "no_margin", {}
    return "ok", {}


def _suitable(person: Person, product: Product) -> _Found:
    """What would not be right for the customer, whatever the bank earns by it."""
    category = product.category
    if category in ("loan", "card") and person.overdrawn:
        return "overdrawn", {}
    if category == "investment" and person.savings < TO_INVEST:
        return "no_savings", {"savings": float(person.savings), "needed": float(TO_INVEST)}
    return "ok", {}


def _unhindered(person: Person, product: Product) -> _Found:
    if not person.cleared:
        return "not_cleared", {}
    if person.complains:
        return "complaint", {}
    refused = person.refused.get(product.pk)
    if refused is not None:
        reason, on = refused
        until = on + RESTS[reason]
        if until > person.today:
            return "rests", {"reason": reason, "until": until.isoformat()}
    if person.last_offer_on is not None and person.last_offer_on + QUIET > person.today:
        return "frequency", {"until": (person.last_offer_on + QUIET).isoformat()}
    if not person.channel:
        return "consent", {"reasons": " ".join(person.no_channel)}
    return "ok", {"channel": person.channel}


def _scored(
    person: Person, product: Product, verdicts: list[Verdict], base_rate: float, learnt: Learnt
) -> Candidate:
    value = product.margin_per_year * YEARS
    modelled = person.propensity.get(product.code)
    propensity = min(base_rate if modelled is None else modelled, 1.0)
    parts = _context(person, product)
    context = learnt.factor
    for factor in parts.values():
        context *= factor
    score = (value * Decimal(str(round(propensity * context, 6)))).quantize(Decimal("0.01"))
    figures: dict[str, float | str] = {
        "value": float(value), "propensity": propensity, "context": context,
        "source": "model" if modelled is not None else "base", "learnt": learnt.factor,
        "accepted": learnt.accepted, "rejected": learnt.rejected, **parts,
    }  # fmt: skip
    worth = Verdict("arbitration", score > 0, "ok" if score > 0 else "worthless", figures)
    return Candidate(product, (*verdicts, worth), value, propensity, context, score)


def _context(person: Person, product: Product) -> dict[str, float]:
    """What speaks for or against this moment, each as a factor."""
    parts: dict[str, float] = {}
    if person.mood is not None and person.mood != 0:
        parts["mood"] = 1.2 if person.mood > 0 else 0.5
    if person.at_risk:
        parts["at_risk"] = 0.5
    if person.maturing and product.category in ("deposit", "investment", "pension"):
        parts["maturing"] = 1.5
    return parts
