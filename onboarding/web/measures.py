"""What onboarding takes, drawn and as tables; behind each number the applications in reach."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clm.core import access
from clm.core.kpis import visible_kpis
from clm.core.models import User
from clm.core.web.charts import Part, Series, bars, line
from clm.core.web.views import StaffView
from clm.core.web.words import duration, number, percent
from onboarding import selectors
from onboarding.kinds import TemplateKind
from onboarding.lifecycle import ApplicationState
from onboarding.models import Application
from onboarding.selectors import measures

PERIODS = (30, 90, 365)
#: So late is too late for most promises: drawn in another colour, and said in words.
OLD = ("11-20", "21")


class MeasuresView(StaffView):
    """Time per step, straight-through rate, backlog by age, and who carries how much."""

    permission = "onboarding.view_application"
    template_name = "onboarding/measures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, at = self.request.user, timezone.now()
        days, kind = self._chosen()
        since = at - timedelta(days=days)
        applications = selectors.visible_applications(actor=actor)
        if kind:
            applications = applications.filter(template__kind=kind)
        steps = measures.step_times(applications=applications, since=since, until=at)
        return super().get_context_data(
            days=days,
            kind=kind,
            periods=PERIODS,
            kinds=TemplateKind.choices,
            kpis=_kpis(actor, at),
            steps=steps,
            step_chart=_step_chart(steps),
            **_alone(applications, since, at),
            **_backlog(applications, at),
            **_load(actor, at),
            **self._slowest(applications, since, at),
            **kwargs,
        )

    def _chosen(self) -> tuple[int, str]:
        days, kind = self.request.GET.get("days", ""), self.request.GET.get("kind", "")
        return (
            int(days) if days in {str(one) for one in PERIODS} else PERIODS[1],
            kind if kind in TemplateKind.values else "",
        )

    def _slowest(
        self, applications: QuerySet[Application], since: datetime, at: datetime
    ) -> dict[str, Any]:
        step = self.request.GET.get("step", "")
        if step not in measures.STEPS:
            return {"step": ""}
        found = measures.slowest(applications=applications, state=step, since=since, until=at)
        access.note_read(records=[one for one, _stay in found], kind="list")
        return {"step": ApplicationState(step).label, "slowest": found}


def _kpis(actor: User, at: datetime) -> list[dict[str, Any]]:
    return [
        {"kpi": one, "value": _written(one.unit, one.compute(at=at))}
        for one in visible_kpis(actor=actor)
        if one.name.startswith("onboarding.")
    ]


def _written(unit: str, value: float | None) -> str:
    if value is None:
        return "–"
    if unit == "share":
        return percent(value)
    return duration(value * 86400) if unit == "days" else number(value)


def _step_chart(steps: list[measures.StepTime]) -> Any:
    parts = []
    for one in steps:
        if one.median is None or one.p90 is None:
            continue
        label = str(one.state.label)
        half = _("%(step)s, half of them") % {"step": label}
        most = _("%(step)s, nine in ten") % {"step": label}
        parts += [
            Part(half, one.median / 3600, duration(one.median)),
            Part(most, one.p90 / 3600, duration(one.p90), "soft"),
        ]
    if not parts:
        return None
    return bars(parts, title=_("Time in each step"), width=620, unit=_("Time"))


def _alone(applications: QuerySet[Application], since: datetime, at: datetime) -> dict[str, Any]:
    found = measures.months(applications=applications, since=since, until=at)
    chart = None
    if len(found) > 1:
        chart = line(
            [date_format(one.first, "M Y") for one in found],
            [
                Series(
                    _("Straight through, per cent"),
                    [round((one.rate or 0) * 100, 1) for one in found],
                )
            ],
            title=_("Straight through, month by month"),
            width=520,
        )
    return {"months": found, "rate_chart": chart}


def _backlog(applications: QuerySet[Application], at: datetime) -> dict[str, Any]:
    counts = measures.backlog_by_age(applications=applications, at=at)
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "label": age_label(name),
            "count": counts[name],
            "url": f"{reverse('onboarding:queue')}?age={name}",
            "old": name in OLD,
        }
        for name in measures.AGES
    ]
    chart = bars(
        [
            Part(str(one["label"]), one["count"], kind="bad" if one["old"] else "data")
            for one in rows
        ],
        title=_("In hand, by days since sent in"),
        width=420,
        unit=_("Applications"),
    )
    return {
        "ages": rows,
        "age_chart": chart if any(counts.values()) else None,
        "in_hand": sum(counts.values()),
    }


def age_label(name: str) -> str:
    """An age in words."""
    low, high = measures.AGES[name]
    if high is None:
        return _("%(days)d days or more") % {"days": low}
    return _("%(low)d to %(high)d days") % {"low": low, "high": high - 1}


def _load(actor: User, at: datetime) -> dict[str, Any]:
    found = selectors.load(actor=actor, at=at)
    queue = reverse("onboarding:queue")
    rows: list[dict[str, Any]] = [
        {
            "who": str(one.officer) if one.officer else _("Nobody yet"),
            "count": one.count,
            "late": one.late,
            "url": f"{queue}?officer={one.officer.pk if one.officer else 'none'}",
        }
        for one in found
    ]
    chart = bars(
        [Part(str(one["who"]), one["count"]) for one in rows],
        title=_("Open applications by officer"),
        width=420,
        unit=_("Applications"),
    )
    return {"load": rows, "load_chart": chart if rows else None}
