"""`kyc/…` of the API."""

from clm.core.api.router import ApiRouter
from kyc.api.views import (
    AlertViewSet,
    CaseViewSet,
    DiscrepancyViewSet,
    HitViewSet,
    MonitoringRuleViewSet,
    RiskModelViewSet,
    ScreeningViewSet,
    WatchlistViewSet,
)


def register(router: ApiRouter) -> None:
    router.register("kyc/cases", CaseViewSet)
    router.register("kyc/hits", HitViewSet)
    router.register("kyc/alerts", AlertViewSet)
    router.register("kyc/monitoring-rules", MonitoringRuleViewSet)
    router.register("kyc/watchlists", WatchlistViewSet)
    router.register("kyc/risk-models", RiskModelViewSet)
    router.register("kyc/register-discrepancies", DiscrepancyViewSet)
    router.register("kyc/screenings", ScreeningViewSet)
