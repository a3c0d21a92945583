from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import Parameter, register


@register(
    "turnover",
    label=_("High turnover"),
    group="behaviour",
    says=_("Bookings in and out of the last 365 days reach an amount in one currency."),
    parameters=(
        Parameter("amount", _("From, a year"), "amount", 5_000_000),
        Parameter("currency", _("Currency"), "currency", "DKK"),
    ),
)
def turnover(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    total = dict(subject.turnover).get(factor["currency"], 0)
    if total < factor["amount"]:
        return None
    return {"amount": int(total), "currency": factor["currency"]}
