"""Alerts of transaction monitoring: the list, and one alert with its transactions."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from clm.core import access, actors, events
from clm.core.models import User
from clm.core.web import words
from clm.core.web.charts import Chart, Part, bars, waterfall
from clm.core.web.paging import keyset
from clm.core.web.views import StaffView
from customers.models import Transaction
from kyc import alert_words, selectors
from kyc.models import Alert
from kyc.monitoring import registered
from kyc.suspicion import selectors as suspicion

#: With more days than this the picture goes by the week.
MOST_DAYS = 14


class AlertsView(StaffView):
    """Tabs of alerts, the heaviest first; `?rule=` shows those of one rule."""

    permission = "kyc.view_alert"
    template_name = "kyc/alerts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        tab = self.request.GET.get("tab", "open")
        tab = tab if tab in selectors.ALERT_TABS else "open"
        queue = selectors.alert_queue(actor=actor, tab=tab)
        rule = self.request.GET.get("rule", "")
        if rule:
            queue = queue.filter(kind=rule)
        page = keyset(queryset=queue, request=self.request, order=("-score", "-id"))
        access.note_read(records=page.items, kind="list")
        counts = selectors.alert_counts(actor=actor)
        return super().get_context_data(
            page=page,
            rows=[row(one) for one in page.items],
            tab=tab,
            tabs=_tabs(counts, tab),
            rule=rule,
            rules=[(name, kind.label) for name, kind in registered().items()],
            **kwargs,
        )


class AlertView(StaffView):
    """One alert: why, how much, which transactions, and what can be done."""

    permission = "kyc.view_alert"
    template_name = "kyc/alert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        alert = get_object_or_404(
            selectors.visible_alerts(actor=actor).select_related("previous"), pk=self.kwargs["pk"]
        )
        access.note_read(records=alert)
        moved = selectors.movements_of(alert=alert)
        kind = registered().get(alert.kind)
        others = selectors.visible_alerts(actor=actor).filter(customer=alert.customer_id)
        return super().get_context_data(
            alert=alert,
            kind=kind,
            label=alert_words.label(alert.kind),
            sentence=alert_words.sentence(alert.kind, alert.facts),
            parameters=[
                (one.label, alert_words.value(one, alert.rule.parameters.get(one.name)))
                for one in (kind.parameters if kind else ())
            ],
            score=score_chart(alert),
            moved=moved,
            picture=picture(moved),
            reports=suspicion.reports_about(customer=alert.customer, actor=actor),
            may_report=may_report(actor=actor),
            others=[row(one) for one in others.exclude(pk=alert.pk).order_by("-created_at")[:10]],
            history=list(
                events.for_record(alert).select_related("actor").order_by("-sequence")[:50]
            ),
            **kwargs,
        )


def may_report(*, actor: User) -> bool:
    """Whether somebody of compliance may begin a suspicious-activity report."""
    return suspicion.is_compliance(actor=actor) and actors.may(
        actor=actor, permission="kyc.add_suspicionreport"
    )


def score_chart(alert: Alert) -> Chart:
    """The score's parts, with the threshold from which on a case opens by itself."""
    parts = [
        Part(alert_words.reason(one["code"], one["facts"]), one["points"]) for one in alert.reasons
    ]
    threshold = alert.rule.parameters.get("case_from", 100)
    return waterfall(parts, title=_("Score"), threshold=min(threshold, 100))


def picture(moved: Sequence[Transaction]) -> Chart:
    """What came in and went out, by day, or by week where there are many days."""
    days = sorted({one.booked_on for one in moved})
    weekly = len(days) > MOST_DAYS
    sums: dict[tuple[date, bool], Decimal] = {}
    for one in moved:
        day = one.booked_on - timedelta(days=one.booked_on.weekday()) if weekly else one.booked_on
        key = (day, one.amount < 0)
        sums[key] = sums.get(key, Decimal(0)) + one.amount
    currency = moved[0].currency if moved else "DKK"
    parts = [
        Part(
            words.dated(day, "j M"), value, text=words.money(value, currency),
            kind="soft" if out else "data",
        )
        for (day, out), value in sorted(sums.items())
    ]  # fmt: skip
    title = _("Money in and out by week") if weekly else _("Money in and out by day")
    return bars(parts, title=title, width=420, unit=_("Amount"))


def row(alert: Alert) -> dict[str, Any]:
    """An alert with its words, as lists show it."""
    return {
        "alert": alert,
        "label": alert_words.label(alert.kind),
        "sentence": alert_words.sentence(alert.kind, alert.facts),
    }


def _tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    labels = {"open": _("Open"), "case": _("In a case"), "dismissed": _("Dismissed")}
    address = reverse("kyc:alerts")
    return [
        {
            "label": labels[tab],
            "url": f"{address}?tab={tab}",
            "active": tab == chosen,
            "count": counts[tab],
        }
        for tab in selectors.ALERT_TABS
    ]
