"""The session's clock: asked before it runs out, and begun anew."""

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from clm.core.web import sessions
from clm.core.web.views.staff import StaffMixin, StaffRequest


class SessionView(StaffMixin):
    """GET says when the session ends, POST puts it off; both give the token that forms need."""

    http_method_names = ["get", "post"]

    def get(self, request: StaffRequest) -> HttpResponse:
        return JsonResponse({"ends": sessions.ends(request=request), "token": get_token(request)})

    def post(self, request: StaffRequest) -> HttpResponse:
        ends = sessions.renew(request=request, at=timezone.now())
        return JsonResponse({"ends": ends, "token": get_token(request)})
