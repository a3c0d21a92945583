from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import Parameter, register


@register(
    "lives_outside",
    label=_("Lives elsewhere"),
    group="geography",
    says=_("Residence outside the countries in which the bank is at home."),
    parameters=(Parameter("home", _("At home in"), "countries", []),),
)
def lives_outside(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    if subject.residence_country and subject.residence_country not in factor["home"]:
        return {"country": subject.residence_country}
    return None
