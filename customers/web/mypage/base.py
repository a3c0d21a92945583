"""What every page of My page has in common: whose it is, how sure that is, and nothing kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.generic import TemplateView, View

from clm.core import access, actors, identity
from clm.core.identity import sessions
from clm.core.identity.provider import origin
from clm.core.models import User
from customers import selectors
from customers.models import Customer, SignIn

#: What it takes to change something, not only to look (eIDAS, art. 8).
SURE_ENOUGH = frozenset({SignIn.Assurance.SUBSTANTIAL.value, SignIn.Assurance.HIGH.value})


class OwnRequest(HttpRequest):
    """A request of a customer on My page."""

    user: User


def signed_in(*, request: HttpRequest, at: datetime) -> tuple[Customer, dict[str, Any]] | None:
    """Whose page this is, and how they showed it; None, with the session ended, for nobody."""
    who = sessions.who(request=request, at=at)
    if who is None:
        return None
    customer = selectors.mypage.signed_in(
        customer_id=UUID(who["customer"]), identifier_id=UUID(who["identifier"])
    )
    if customer is None:
        sessions.end(request=request)
        return None
    return customer, who


class LeadsBack(View):
    """An address that takes forms alone leads whoever opens it back to the first page."""

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return HttpResponseRedirect(reverse("my:home"))
        return super().http_method_not_allowed(request, *args, **kwargs)


class OwnView(LeadsBack, TemplateView):
    """
    A page of My page; `self.customer` is whose it is, and `self.request.user` acts for them.

    Whoever changes something has signed in with at least the level `substantial`.
    """

    request: OwnRequest
    customer: Customer
    at: datetime
    who: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = timezone.now()
        had_cookie = sessions.COOKIE in request.COOKIES
        found = signed_in(request=request, at=self.at)
        if found is None:
            response: HttpResponseBase = HttpResponseRedirect(
                reverse("my:login") + ("?ended" if had_cookie else "")
            )
            return hardened(response)
        self.customer, self.who = found
        request.user = actors.themself(customer_id=self.customer.pk)
        speak(request, self.customer.language)
        access.note_read(records=self.customer, reason=self.who["shown"])
        if request.method not in {"GET", "HEAD"} and self.who["assurance"] not in SURE_ENOUGH:
            context = {"customer": self.customer, "stay": reverse("my:home")}
            page = TemplateResponse(request, "mypage/unsure.html", context)
            page.status_code = 403
            return hardened(page)
        return hardened(super().dispatch(request, *args, **kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(customer=self.customer, **kwargs)

    def refused(self, form: Form | None = None, **context: Any) -> HttpResponse:
        """The page again, with what is wrong beside the fields."""
        if form is not None:
            context["form"] = form
        return self.render_to_response(self.get_context_data(**context), status=422)


def hardened(response: HttpResponseBase) -> HttpResponseBase:
    """Not kept by the browser; signing out may lead on to the identity provider."""
    response["Cache-Control"] = "no-store"
    provider = identity.configured()
    if provider is not None:
        update = {"form-action": [origin(provider.issuer)]}
        response._csp_update = update  # type: ignore[attr-defined]
    return response


def speak(request: HttpRequest, language: str) -> None:
    """The language that was chosen here; else the one the bank knows the customer by."""
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen not in known and language in known:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
