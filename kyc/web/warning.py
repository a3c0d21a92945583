"""Early warning on a page of its own, and the customers behind each of its numbers."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clm.core import access, actors
from clm.core.web.charts import Part, Series, bars, line
from clm.core.web.paging import keyset
from clm.core.web.views import StaffView
from clm.core.web.words import number
from customers.models import Customer
from kyc import warning
from kyc.culture.selectors import SEES


class WarningView(StaffView):
    """What is late, what falls due, which clocks break, which laws come, and capacity."""

    permission = SEES
    template_name = "kyc/warning.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, at = self.request.user, timezone.now()
        weeks = warning.forecast(actor=actor, at=at)
        capacity = warning.capacity(at=at)
        rate, each = warning.arrivals(at=at)
        low, high = warning.interval(rate=rate, weeks=warning.WEEKS)
        labels = [date_format(one.begins, "j M") for one in weeks]
        return super().get_context_data(
            **summary(actor, at),
            weeks=[(one, one.high > capacity) for one in weeks],
            capacity=capacity,
            rate=rate, each=each, low=low, high=high, looked_back=warning.WEEKS,
            due_chart=bars(
                [Part(label, one.due) for label, one in zip(labels, weeks, strict=True)],
                title=_("Reviews falling due, by week"), width=420, unit=_("Customers"),
            ),
            hours_chart=line(
                labels,
                [
                    Series(_("Expected hours"), [round(one.hours, 1) for one in weeks]),
                    Series(_("Capacity"), [capacity for _one in weeks]),
                    Series(_("Upper end"), [round(one.high, 1) for one in weeks]),
                ],
                title=_("Work expected and hours there are"), width=420,
            ),
            laws=warning.law_changes(actor=actor, at=at),
            may_see_cases=actors.may(actor=actor, permission="kyc.view_case"),
            **kwargs,
        )  # fmt: skip


class BehindView(StaffView):
    """The customers behind a number: `?what=overdue`, `due&week=`, `owners`, `reviews&law=`."""

    permission = SEES
    template_name = "kyc/behind.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title, found = self._found()
        page = keyset(queryset=found, request=self.request, order=("id",))
        access.note_read(records=page.items, kind="list")
        return super().get_context_data(page=page, title=title, total=found.count(), **kwargs)

    def _found(self) -> tuple[str, QuerySet[Customer]]:
        actor, at = self.request.user, timezone.now()
        what = self.request.GET.get("what", "overdue")
        if what == "overdue":
            return _("Overdue reviews"), warning.overdue(actor=actor, at=at)
        if what == "due":
            begins = _day(self.request.GET.get("week", ""))
            title = _("Reviews in the week of %(day)s") % {"day": date_format(begins, "j F Y")}
            return title, warning.due_in(actor=actor, begins=begins)
        if what == "owners":
            return _("A new rule of ownership"), warning.touched_owners(actor=actor)
        if what == "reviews":
            levels = warning.shorter_levels(code=self.request.GET.get("law", ""), at=at)
            found = warning.touched_reviews(actor=actor, levels=levels)
            return _("Reviews that come sooner"), found
        raise Http404


def home_warning(request: Any, customer: Any = None) -> dict[str, Any] | None:
    """The four numbers of early warning, for managers and compliance."""
    return summary(request.user, timezone.now())


def summary(actor: Any, at: Any) -> dict[str, Any]:
    weeks = warning.forecast(actor=actor, at=at)[:4]
    capacity = warning.capacity(at=at)
    laws = warning.law_changes(actor=actor, at=at)
    return {
        "late": warning.overdue(actor=actor, at=at).count(),
        "breaking": warning.breaking(actor=actor, at=at).count(),
        "breaking_url": reverse("kyc:queue") + "?tab=team"
        if actors.may(actor=actor, permission="kyc.view_case")
        else "",
        "four_weeks": number(sum(one.hours for one in weeks), 0),
        "four_capacity": number(capacity * 4),
        "short": sum(one.hours for one in weeks) > capacity * 4,
        "next_law": laws[0] if laws else None,
    }


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise Http404
    return found
