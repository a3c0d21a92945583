"""`kyc/…` of the API."""

from clm.core.api.router import ApiRouter
from kyc.api.views import (
    AlertViewSet,
    CaseViewSet,
    HitViewSet,
    RiskModelViewSet,
    ScreeningViewSet,
    WatchlistViewSet,
)


def register(router: ApiRouter) -> None:
    router.register("kyc/cases", CaseViewSet)
    router.register("kyc/hits", HitViewSet)
    router.register("kyc/alerts", AlertViewSet)
    router.register("kyc/watchlists", WatchlistViewSet)
    router.register("kyc/risk-models", RiskModelViewSet)
    router.register("kyc/screenings", ScreeningViewSet)
