from clm.core.api.router import ApiRouter
from onboarding.api.templates import MessageViewSet, TemplateViewSet
from onboarding.api.views import ApplicationViewSet


def register(router: ApiRouter) -> None:
    router.register("applications", ApplicationViewSet)
    router.register("application-templates", TemplateViewSet)
    router.register("messages", MessageViewSet)
