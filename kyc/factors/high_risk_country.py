from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import Parameter, register


@register(
    "high_risk_country",
    label=_("High-risk country"),
    group="geography",
    says=_("Nationality, residence or tax residence in a country on the bank's list."),
    parameters=(Parameter("countries", _("Countries"), "countries", []),),
    basis="AMLR art. 29",
)
def high_risk_country(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    own = {*subject.nationalities, subject.residence_country, *subject.tax_countries}
    found = sorted(own & set(factor["countries"]))
    return {"countries": found} if found else None
