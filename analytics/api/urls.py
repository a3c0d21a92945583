from analytics.api.figures import KpiViewSet, LedgerFigureViewSet
from analytics.api.views import ChurnScoreViewSet, ModelVersionViewSet
from clm.core.api.router import ApiRouter


def register(router: ApiRouter) -> None:
    router.register("churn-scores", ChurnScoreViewSet)
    router.register("kpis", KpiViewSet)
    router.register("ledger-figures", LedgerFigureViewSet)
    router.register("models", ModelVersionViewSet)
