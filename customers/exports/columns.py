"""
The columns of an export, named as an import understands them.

Numbers of customers leave masked: whoever needs one in clear reveals it, one at a time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from clm.core.models import User
from customers import selectors
from customers.models import Customer


@dataclass(frozen=True)
class Column:
    """
    One column.

    :param compliance: only for those who may know of risk decisions and restrictions
    """

    name: str
    label: Any
    value: Callable[[Customer], Any]
    compliance: bool = False


def _field(name: str, label: Any, *, compliance: bool = False) -> Column:
    return Column(name, label, lambda customer: _plain(getattr(customer, name)), compliance)


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, str | int | float | list) else value.isoformat()


def _contacts(kind: str) -> Callable[[Customer], list[str]]:
    return lambda customer: [
        one.value for one in customer.contact_points.all() if one.kind == kind and not one.valid_to
    ]


def _address(part: str) -> Callable[[Customer], str]:
    def value(customer: Customer) -> str:
        valid = [one for one in customer.addresses.all() if not one.valid_to]
        return str(getattr(valid[0], part)) if valid else ""

    return value


def _masked(kind: str) -> Callable[[Customer], str]:
    return lambda customer: next(
        (one.masked for one in customer.identifiers.all() if one.kind == kind), ""
    )


COLUMNS: tuple[Column, ...] = (
    Column("external_id", _("Id"), lambda customer: str(customer.pk)),
    _field("kind", _("Kind")),
    _field("given_names", _("Given names")),
    _field("family_name", _("Family name")),
    _field("name", _("Name of the organisation")),
    _field("born_on", _("Born on")),
    _field("birth_place", _("Birth place")),
    _field("nationalities", _("Nationalities")),
    _field("residence_country", _("Country of residence")),
    _field("tax_countries", _("Tax residence")),
    _field("language", _("Language")),
    _field("occupation", _("Occupation")),
    _field("legal_form", _("Legal form")),
    Column("cpr_masked", _("CPR, masked"), _masked("cpr")),
    Column("cvr_masked", _("CVR, masked"), _masked("cvr")),
    Column("email", _("E-mail"), _contacts("email")),
    Column("phone", _("Phone"), _contacts("phone")),
    Column("address", _("Address"), _address("line1")),
    Column("postal_code", _("Postal code"), _address("postal_code")),
    Column("city", _("City"), _address("city")),
    Column("country", _("Country"), _address("country")),
    _field("stage", _("Stage")),
    _field("stage_since", _("In this stage since")),
    Column("branch", _("Branch"), lambda customer: customer.branch.code if customer.branch else ""),
    Column(
        "adviser", _("Adviser"), lambda customer: customer.adviser.username if customer.adviser else ""
    ),
    _field("segment", _("Segment")),
    _field("customer_since", _("Customer since")),
    _field("closed_on", _("Closed on")),
    _field("last_transaction_on", _("Last transaction")),
    _field("risk_level", _("Risk level"), compliance=True),
    _field("kyc_review_on", _("Next KYC review"), compliance=True),
    _field("restriction", _("Restriction"), compliance=True),
)  # fmt: skip


def offered(*, actor: User) -> list[Column]:
    """The columns that the actor may take out."""
    compliance = selectors.may_see_compliance(actor=actor)
    return [column for column in COLUMNS if compliance or not column.compliance]


def chosen(*, names: Sequence[str], actor: User) -> list[Column]:
    """The named columns in their usual order, all of them when none is named."""
    return [one for one in offered(actor=actor) if not names or one.name in names]
