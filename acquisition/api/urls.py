from acquisition.api.views import CampaignViewSet, LeadViewSet
from clm.core.api.router import ApiRouter


def register(router: ApiRouter) -> None:
    router.register("leads", LeadViewSet)
    router.register("campaigns", CampaignViewSet)
