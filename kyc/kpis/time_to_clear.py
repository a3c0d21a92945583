from datetime import datetime, timedelta

from django.db.models import Aggregate, DurationField, ExpressionWrapper, F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from kyc.kpis import SEES, WINDOW
from kyc.lifecycle import CaseState
from kyc.models import Case


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def compute(*, at: datetime) -> float | None:
    """The median of opened to cleared, in calendar days."""
    found = Case.objects.filter(
        state=CaseState.CLEARED, state_since__gt=at - WINDOW, state_since__lte=at
    ).aggregate(
        median=Median(
            ExpressionWrapper(F("state_since") - F("created_at"), output_field=DurationField()),
            output_field=DurationField(),
        )
    )
    median: timedelta | None = found["median"]
    return median / timedelta(days=1) if median is not None else None


KPI = Kpi(
    name="kyc.time_to_clear",
    label=_("Median time to clear"),
    definition=_("How long a case takes from opening to clearance, for half of them at most."),
    unit="days",
    formula=_("Median of the calendar days from opening to clearance, cases cleared in 90 days"),
    source=_("The events of the cases"),
    owner="compliance_officer",
    better="less",
    compute=compute,
    url=lambda: reverse("kyc:queue"),
    permission=SEES,
    family="compliance",
)
