"""The addresses of the API and of the probes."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, include, path, re_path, resolve
from django.views.decorators.csrf import csrf_exempt

from clm.core.api import health, oauth, problems, reference, resources, schema
from clm.core.api.router import router


class _SameMethodRedirect(HttpResponsePermanentRedirect):
    # 308 keeps method and body, where 301 would turn a POST into a GET.
    status_code = 308


@csrf_exempt
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """No such address under `/api/`; one that only lacks its slash is told where to go."""
    if not request.path.endswith("/"):
        try:
            match = resolve(f"{request.path}/")
        except Resolver404:
            match = None
        if match is not None and match.func is not unknown:
            query = request.META.get("QUERY_STRING", "")
            return _SameMethodRedirect(f"{request.path}/" + (f"?{query}" if query else ""))
    return problems.plain_response(request, 404, code="not_found")


resources.register()

urlpatterns = [
    path("api/oauth/token", oauth.token, name="oauth-token"),
    path("api/v1/schema", schema.serve, name="api-schema"),
    path("api/docs/", reference.page, name="api-docs"),
    path("api/v1/", include((router.urls, "api"))),
    re_path(r"^api/(?P<rest>.*)$", unknown, name="api-unknown"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
