from clm.core.api.router import ApiRouter
from journeys.api.views import JourneyViewSet, TouchpointViewSet


def register(router: ApiRouter) -> None:
    router.register("journeys", JourneyViewSet)
    router.register("touchpoints", TouchpointViewSet)
