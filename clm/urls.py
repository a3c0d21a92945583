"""Every address of the site."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from clm.core.api.router import router

APPS = [
    "customers",
    "acquisition",
    "onboarding",
    "engagement",
    "retention",
    "offboarding",
    "kyc",
    "journeys",
    "analytics",
]


def _pages(app: str) -> list[URLResolver]:
    if not (apps.is_installed(app) and find_spec(f"{app}.web") and find_spec(f"{app}.web.urls")):
        return []
    return [path(f"{app}/", include(f"{app}.web.urls"))]


def _resources(app: str) -> None:
    """Let an app register its part of the API, before the API's addresses are read."""
    if apps.is_installed(app) and find_spec(f"{app}.api") and find_spec(f"{app}.api.urls"):
        import_module(f"{app}.api.urls").register(router)


urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
if find_spec("clm.core.web.urls"):
    urlpatterns.append(path("", include("clm.core.web.urls")))
for _app in APPS:
    _resources(_app)
if find_spec("clm.core.api.urls"):
    urlpatterns.append(path("", include("clm.core.api.urls")))
for _app in APPS:
    urlpatterns += _pages(_app)
