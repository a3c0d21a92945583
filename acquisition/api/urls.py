from acquisition.api.plans import IncentiveViewSet, LeadStepViewSet, PlannedStepViewSet
from acquisition.api.views import CampaignViewSet, LeadViewSet
from clm.core.api.router import ApiRouter


def register(router: ApiRouter) -> None:
    router.register("leads", LeadViewSet)
    router.register("campaigns", CampaignViewSet)
    router.register("campaign-steps", PlannedStepViewSet)
    router.register("campaign-offers", IncentiveViewSet)
    router.register("lead-steps", LeadStepViewSet)
