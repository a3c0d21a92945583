"""Every address of the site."""

from importlib import import_module

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from clm.core.api.router import router
from clm.core.assistant import api as assistant_api
from clm.core.web.views import errors

handler400 = errors.bad_request
handler403 = errors.denied
handler404 = errors.not_found
handler500 = errors.server_error

# The API's addresses are read below, so each app registers its resources first.
for app in settings.CLM_APPS:
    import_module(f"{app}.api.urls").register(router)
assistant_api.register(router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("clm.core.web.urls")),
    path("", include("clm.core.api.urls")),
    path("assistant/", include("clm.core.assistant.web.urls")),
    path("my/link/", include("onboarding.web.link_urls")),
    path("my/survey/", include("engagement.web.survey_urls")),
    path("my/", include("customers.web.mypage.urls")),
    *[path(f"{app}/", include(f"{app}.web.urls")) for app in settings.CLM_APPS],
]
