"""What every page of staff has in common: signed in, permitted, not kept by the browser."""

import hashlib
import re
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View
from django_htmx.middleware import HtmxDetails

from clm.core.models import User
from clm.core.web import menu, sessions

# The stubs know what a form view is a view of; the class itself does not.
if TYPE_CHECKING:
    _FormView = FormView[Any]
else:
    _FormView = FormView

_TOKEN = re.compile(rb"csrfmiddlewaretoken[^>]*>")


def page_above(path: str) -> str:
    """The nearest page of staff above an address, "" where there is none but Home."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            found = getattr(resolve(f"{path}/").func, "view_class", None)
        except Resolver404:
            continue
        if (
            isinstance(found, type)
            and issubclass(found, StaffMixin)
            and hasattr(found, "get")
            and "get" in found.http_method_names
        ):
            return f"{path}/"
    return ""


class StaffRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User
    htmx: HtmxDetails


def safe_next(request: HttpRequest, fallback: str = "") -> str:
    """Where the form wants to go on to, when that is a page of this site; else `fallback`."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return fallback or reverse("web:home")


class StaffMixin(View):
    """
    Signed in and permitted, or away; robots use the API.

    `permission` is one name, several (any of them), or empty for everybody signed in.
    `partials` names the template partials that htmx may ask for by their element's id; such
    an answer carries an ETag and is 304 while nothing changed.
    """

    permission: ClassVar[str | tuple[str, ...]] = ""
    partials: ClassVar[tuple[str, ...]] = ()
    request: StaffRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            if getattr(request, "htmx", False):
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        if user.is_robot or not menu.may_open(actor=user, permission=self.permission):
            raise PermissionDenied
        ends = sessions.touch(request=request, at=timezone.now())
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            response.add_post_render_callback(self._finish)
        response["Cache-Control"] = "no-store"
        response[sessions.ENDS_HEADER] = str(sessions.ends(request=request) or ends)
        return response

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """An address that a button sends to, opened by itself: to the page it belongs to."""
        if request.method not in {"GET", "HEAD"} or getattr(request, "htmx", False):
            return super().http_method_not_allowed(request, *args, **kwargs)
        place = self.page_of()
        if place:
            return HttpResponseRedirect(place)
        return TemplateResponse(request, "405.html", status=405, headers={"Allow": "POST"})

    def page_of(self) -> str:
        """Where somebody belongs who opens an address that takes only what a button sends."""
        return page_above(self.request.path)

    def _finish(self, response: HttpResponseBase) -> HttpResponseBase | None:
        if not self._partial() or not isinstance(response, HttpResponse):
            return None
        seen = _TOKEN.sub(b"", response.content)
        tag = f'W/"{hashlib.sha256(seen).hexdigest()[:32]}"'
        if self.request.headers.get("If-None-Match") == tag:
            unchanged = HttpResponse(status=304)
            unchanged["ETag"] = tag
            unchanged["Cache-Control"] = "no-store"
            return unchanged
        response["ETag"] = tag
        return None

    def _partial(self) -> str:
        htmx = getattr(self.request, "htmx", None)
        target = (htmx.target or "") if htmx else ""
        return target if target in self.partials else ""

    def get_template_names(self) -> list[str]:
        names: list[str] = super().get_template_names()  # type: ignore[misc]
        partial = self._partial()
        return [f"{name}#{partial}" for name in names] if partial else names


class StaffView(StaffMixin, TemplateView):
    """A page for staff; `get_context_data` fills `template_name`."""

    request: StaffRequest


class StaffFormView(StaffMixin, _FormView):
    """A page with one form; a refused form answers 422 with a summary and field errors."""

    request: StaffRequest

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
