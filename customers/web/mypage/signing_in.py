"""The way in and out: to the identity provider, back from it, and away again."""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic.base import View

from clm.core import identity, signing_in
from clm.core.identity import ProviderTrouble, SignInRefused, sessions
from clm.core.web.callers import address_of
from customers import services
from customers.models import SignIn
from customers.web.mypage.base import LeadsBack, hardened, signed_in

log = logging.getLogger(__name__)
#: Attempts from an address in a quarter of an hour, counted from its last sign-in: many share one.
TRIES = 60


class LoginView(View):
    """The door: what My page is, and the link to the identity provider."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if signed_in(request=request, at=timezone.now()) is not None:
            return hardened(HttpResponseRedirect(reverse("my:home")))
        note = ""
        if "ended" in request.GET:
            note = _("You were signed out. Sign in again to go on.")
        elif "out" in request.GET:
            note = _("You are signed out.")
        return door(request, note=note)


class StartView(View):
    """GET, since a form's answer may not lead to another site: off to the identity provider."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        at = timezone.now()
        provider = identity.configured()
        if provider is None:
            return hardened(HttpResponseRedirect(reverse("my:login")))
        if not _may_try(request):
            return busy(request)
        try:
            where, attempt = identity.begin(
                provider=provider,
                redirect_uri=_back(request),
                language=translation.get_language() or "da",
                at=at,
            )
        except ProviderTrouble as trouble:
            log.warning("identity provider: %s", trouble.why)
            return door(request, problem=str(trouble), status=503)
        identity.keep(session=request.session, attempt=attempt)
        request.session.set_expiry(int(sessions.IDLE.total_seconds()))
        return hardened(HttpResponseRedirect(where))


class BackView(View):
    """Where the identity provider sends people back to."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        at = timezone.now()
        provider = identity.configured()
        state = request.GET.get("state", "")
        attempt = identity.attempt_for(session=request.session, state=state, at=at)
        if provider is None or attempt is None:
            # Not begun in this browser, answered before, or too old.
            return door(request, problem=str(SignInRefused("")), status=400)
        if not _may_try(request):
            return busy(request)
        try:
            found = identity.complete(
                provider=provider,
                attempt=attempt,
                answer=request.GET.dict(),
                redirect_uri=_back(request),
                at=at,
            )
            if not found.assurance:
                raise SignInRefused("no assurance level")
        except SignInRefused as refused:
            log.warning("sign-in refused: %s", refused.why)
            return door(request, problem=str(refused), status=400)
        except ProviderTrouble as trouble:
            log.warning("identity provider: %s", trouble.why)
            return door(request, problem=str(trouble), status=503)
        row, number = services.mypage.sign_in(
            number=str(found.claims.get(settings.EID_CPR_CLAIM, "")),
            assurance=found.assurance,
            provider=provider.issuer,
            transaction_id=found.transaction_id,
            at=at,
        )
        if number is None:
            sessions.end(request=request)
            page = TemplateResponse(request, "mypage/unknown.html", {"stay": reverse("my:login")})
            return hardened(page)
        signing_in.forget_tries(username=f"my page {address_of(request)}")
        sessions.establish(
            request=request,
            who={
                "customer": str(number.customer_id),
                "identifier": str(number.pk),
                "sign_in": str(row.pk),
                "assurance": row.assurance,
                "shown": services.mypage.shown_as(sign_in=row),
            },
            at=at,
        )
        return hardened(HttpResponseRedirect(reverse("my:home")))


class LogoutView(LeadsBack):
    """POST: end the session here, and go and end the provider's."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        at = timezone.now()
        found = signed_in(request=request, at=at)
        if found is None:
            return hardened(HttpResponseRedirect(reverse("my:login")))
        row = SignIn.objects.get(pk=found[1]["sign_in"])
        services.mypage.sign_out(sign_in=row, at=at)
        sessions.end(request=request)
        back = request.build_absolute_uri(reverse("my:login")) + "?out"
        provider = identity.configured()
        where = identity.signed_out_url(provider=provider, back=back, at=at) if provider else back
        return hardened(HttpResponseRedirect(where))


def door(
    request: HttpRequest, *, note: str = "", problem: str = "", status: int = 200
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "provider": identity.configured(),
        "note": note,
        "problem": problem,
        # An answer of the provider is looked at once: the choice of a language leads to the door.
        "stay": reverse("my:login"),
    }
    response: HttpResponse = TemplateResponse(request, "mypage/login.html", context, status=status)
    return hardened(response)


def busy(request: HttpRequest) -> HttpResponseBase:
    response = door(
        request, problem=_("Too many attempts from here. Wait a quarter of an hour."), status=429
    )
    response["Retry-After"] = str(int(signing_in.WINDOW.total_seconds()))
    return response


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("my:back"))


def _may_try(request: HttpRequest) -> bool:
    """Each attempt costs the provider a question: counted by address, of which nothing is kept."""
    return signing_in.take_try(
        username=f"my page {address_of(request)}", at=timezone.now(), tries=TRIES
    )
