from clm.core.api.router import ApiRouter
from onboarding.api.views import ApplicationViewSet


def register(router: ApiRouter) -> None:
    router.register("applications", ApplicationViewSet)
