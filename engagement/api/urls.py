from clm.core.api.router import ApiRouter
from engagement.api.views import EnquiryViewSet, InteractionViewSet


def register(router: ApiRouter) -> None:
    router.register("interactions", InteractionViewSet)
    router.register("enquiries", EnquiryViewSet)
