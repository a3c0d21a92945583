from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio
from onboarding.lifecycle import ApplicationState
from onboarding.models import Application


def compute(*, at: datetime) -> float | None:
    """Of the applications that came to an end, the share that ended with a customer."""
    ended = Application.objects.filter(
        state_since__gt=at - portfolio.WINDOW,
        state_since__lte=at,
        state__in=(
            ApplicationState.ACTIVATED,
            ApplicationState.DECLINED,
            ApplicationState.WITHDRAWN,
            ApplicationState.EXPIRED,
        ),
    )
    count = ended.count()
    return ended.filter(state=ApplicationState.ACTIVATED).count() / count if count else None


KPI = portfolio.kpi(
    name="activation",
    label=_("Activation"),
    definition=_("How many applications end with an active customer."),
    formula=_("Applications activated, of all that ended in 90 days"),
    source=_("The applications and their states"),
    compute=compute,
    url="onboarding:queue",
)
