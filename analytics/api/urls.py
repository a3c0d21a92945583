from analytics.api.views import ChurnScoreViewSet, ModelVersionViewSet
from clm.core.api.router import ApiRouter


def register(router: ApiRouter) -> None:
    router.register("churn-scores", ChurnScoreViewSet)
    router.register("models", ModelVersionViewSet)
