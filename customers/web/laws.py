"""The law sets, for those who answer for them."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core.web import menu
from clm.core.web.views import StaffView
from customers import selectors
from customers.countries import country_name
from customers.selectors.laws import as_law

#: What the years of a retention rule are counted from.
AFTER = {
    "relationship-end": gettext_lazy("the end of the relationship"),
    "transaction": gettext_lazy("the transaction"),
    "decision": gettext_lazy("the decision"),
    "withdrawal": gettext_lazy("the withdrawal"),
    "last-contact": gettext_lazy("the last contact"),
    "financial-year-end": gettext_lazy("the end of the financial year"),
}


def register() -> None:
    menu.register(
        menu.MenuItem(
            "laws", gettext_lazy("Law sets"), "scale", "customers:laws", group="system",
            permission="customers.view_lawset", order=40,
        )
    )  # fmt: skip


class LawsView(StaffView):
    """Every law set with its rules and their sources; which one holds here today."""

    template_name = "customers/laws.html"
    permission = "customers.view_lawset"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        here = selectors.law_on(country=settings.CLM_COUNTRY, on=today)
        levels = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
        shown = []
        for row in selectors.law_sets():
            law = as_law(row)
            shown.append(
                {
                    "law": law,
                    "here": (law.code, law.number) == (here.code, here.number),
                    "to_come": law.in_force_from > today,
                    "countries": [country_name(code) for code in law.countries],
                    "retention": [(one, AFTER.get(one.after, one.after)) for one in law.retention],
                    "reviews": [(levels[one.level], one) for one in law.reviews],
                }
            )
        return {
            **super().get_context_data(**kwargs),
            "laws": shown,
            "country": country_name(settings.CLM_COUNTRY),
        }
