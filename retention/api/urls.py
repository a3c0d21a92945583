from clm.core.api.router import ApiRouter
from retention.api.views import SaveCaseViewSet


def register(router: ApiRouter) -> None:
    router.register("save-cases", SaveCaseViewSet)
