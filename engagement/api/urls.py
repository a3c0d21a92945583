from clm.core.api.router import ApiRouter
from engagement.api.views import (
    EnquiryViewSet,
    InteractionViewSet,
    NextBestActionViewSet,
    SurveyViewSet,
)


def register(router: ApiRouter) -> None:
    router.register("interactions", InteractionViewSet)
    router.register("enquiries", EnquiryViewSet)
    router.register("surveys", SurveyViewSet)
    router.register("next-best-actions", NextBestActionViewSet)
