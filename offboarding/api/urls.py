from clm.core.api.router import ApiRouter
from offboarding.api.views import ClosureViewSet


def register(router: ApiRouter) -> None:
    router.register("closures", ClosureViewSet)
