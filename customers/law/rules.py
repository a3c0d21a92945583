"""The rules of a law set, typed and checked: a law that cannot be read is refused whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

Operator = Literal["gt", "ge"]
Basis = Literal["law", "policy"]
LEVELS = ("low", "medium", "high")


class InvalidLaw(ValueError):
    """A law set does not say what a law set must say; the text names the place."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """
    A share and whether it has to be passed (`gt`) or only reached (`ge`).

    :param percent: of 100, exact
    """

    percent: Decimal
    operator: Operator

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.percent) / 100

    def met_by(self, share: Fraction) -> bool:
        """Whether a share (of 1) is over the line; decided exactly."""
        return share > self.fraction if self.operator == "gt" else share >= self.fraction

    @property
    def words(self) -> str:
        """`more than 25 %`, or `25 % or more`."""
        number = format(self.percent.normalize(), "f")
        text = _("more than %(share)s %%") if self.operator == "gt" else _("%(share)s %% or more")
        return text % {"share": number}


@dataclass(frozen=True, slots=True)
class OwnershipRule:
    """
    Who is a beneficial owner.

    :param interest: the share of capital or votes
    :param control: the share of votes from which a holder decides in a company; what that
        company holds counts as the holder's, whole
    :param coexistence_source: the rule by which an interest in an entity that controls the
        customer is enough by itself, however small its product; empty where there is none
    """

    interest: Threshold
    control: Threshold
    source: str
    control_source: str
    fallback_source: str
    coexistence_source: str = ""


@dataclass(frozen=True, slots=True)
class SanctionsRule:
    """From which aggregate share of listed owners an organisation is treated as listed."""

    name: str
    aggregate: Threshold
    source: str


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How many years a category is kept after what; `basis` is the law itself or the bank's policy."""

    category: str
    label_da: str
    label_en: str
    years: int
    after: str
    basis: Basis
    source: str

    @property
    def label(self) -> str:
        return self.label_da if (get_language() or "").startswith("da") else self.label_en


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """The most years between two reviews of a customer with this risk."""

    level: str
    years: int
    basis: Basis
    source: str


@dataclass(frozen=True, slots=True)
class Law:
    """One version of one law set."""

    code: str
    number: int
    name_da: str
    name_en: str
    countries: tuple[str, ...]
    in_force_from: date
    in_force_to: date | None
    ownership: OwnershipRule
    sanctions: tuple[SanctionsRule, ...]
    retention: tuple[RetentionRule, ...]
    reviews: tuple[ReviewRule, ...]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_da if (get_language() or "").startswith("da") else self.name_en

    def kept_years(self, category: str) -> int:
        """:raises KeyError: the law set has no such category"""
        return {one.category: one.years for one in self.retention}[category]

    def review_years(self, level: str) -> int:
        """:raises KeyError: there is no such risk level"""
        return {one.level: one.years for one in self.reviews}[level]


def read_law(content: Mapping[str, Any]) -> Law:
    """
    A law set from its file's or row's content (the shape of `customers/law/data/*.json`).

    :raises InvalidLaw: something is missing, unknown or cannot be true
    """
    try:
        law = _read(content)
    except InvalidLaw:
        raise
    except (KeyError, TypeError, ValueError, ArithmeticError) as exc:
        raise InvalidLaw(f"{content.get('code', '?')}: {type(exc).__name__}: {exc}") from exc
    if law.in_force_to is not None and law.in_force_to <= law.in_force_from:
        raise InvalidLaw(f"{law.code}: it ends before it begins")
    if {one.level for one in law.reviews} != set(LEVELS):
        raise InvalidLaw(f"{law.code}: reviews are given for {', '.join(LEVELS)}")
    categories = [one.category for one in law.retention]
    if len(set(categories)) != len(categories):
        raise InvalidLaw(f"{law.code}: a retention category is given twice")
    for years in [*(one.years for one in law.retention), *(one.years for one in law.reviews)]:
        if not 0 < years <= 50:
            raise InvalidLaw(f"{law.code}: {years} years cannot be meant")
    return law


def _read(content: Mapping[str, Any]) -> Law:
    rules = content["rules"]
    owners = rules["beneficial_owners"]
    ends = content.get("in_force_to")
    return Law(
        code=_text(content["code"]),
        number=int(content["number"]),
        name_da=_text(content["name_da"]),
        name_en=_text(content["name_en"]),
        countries=tuple(_text(one) for one in content["countries"]),
        in_force_from=date.fromisoformat(content["in_force_from"]),
        in_force_to=date.fromisoformat(ends) if ends else None,
        ownership=OwnershipRule(
            interest=_threshold(owners["interest"]),
            control=_threshold(owners["control"]),
            source=_text(owners["interest"]["source"]),
            control_source=_text(owners["control"]["source"]),
            fallback_source=_text(owners["none_found"]["source"]),
            coexistence_source=_text(owners["coexistence"]["source"])
            if owners["coexistence"]
            else "",
        ),
        sanctions=tuple(
            SanctionsRule(_text(one["name"]), _threshold(one), _text(one["source"]))
            for one in rules["sanctioned_ownership"]
        ),
        retention=tuple(
            RetentionRule(
                category=_text(one["category"]), label_da=_text(one["label_da"]),
                label_en=_text(one["label_en"]), years=int(one["years"]),
                after=_text(one["after"]), basis=_basis(one["basis"]), source=_text(one["source"]),
            )
            for one in rules["retention"]
        ),
        reviews=tuple(
            ReviewRule(
                level=_text(one["level"]), years=int(one["years"]), basis=_basis(one["basis"]),
                source=_text(one["source"]),
            )
            for one in rules["reviews"]
        ),
    )  # fmt: skip


def _threshold(content: Mapping[str, Any]) -> Threshold:
    # A number in JSON would come as a float; shares are texts and stay exact.
    percent = Decimal(_text(content["percent"]))
    if not 0 < percent <= 100:
        raise InvalidLaw(f"{percent} is no share of 100")
    if content["operator"] not in {"gt", "ge"}:
        raise InvalidLaw(f"{content['operator']} is no operator")
    return Threshold(percent, cast("Operator", content["operator"]))


def _basis(value: Any) -> Basis:
    if value not in {"law", "policy"}:
        raise InvalidLaw(f"{value} is no basis")
    return cast("Basis", value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidLaw(f"{value!r} is no text")
    return value
