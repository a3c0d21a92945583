from clm.core.api.router import ApiRouter
from journeys.api.maps import JourneyMapViewSet, MapCardViewSet, PersonaViewSet
from journeys.api.projects import MappingProjectViewSet
from journeys.api.views import JourneyViewSet, TouchpointViewSet


def register(router: ApiRouter) -> None:
    router.register("journeys", JourneyViewSet)
    router.register("touchpoints", TouchpointViewSet)
    router.register("journey-maps", JourneyMapViewSet)
    router.register("journey-map-cards", MapCardViewSet)
    router.register("personas", PersonaViewSet)
    router.register("mapping-projects", MappingProjectViewSet)
