"""The customer link: showing who one is at the identity provider, and back to the application."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from clm.core import identity, signing_in
from clm.core.identity import ProviderTrouble, SignInRefused, sessions
from clm.core.lifecycle import TransitionRefused
from onboarding import services
from onboarding.web.link import ACTS, HomeView, LinkView

#: As whom somebody went to the provider: the customer, or a young person's guardian.
AS, GUARDIAN = "clm_link_as", "guardian"

log = logging.getLogger(__name__)


class IdentityView(LinkView):
    """What going there and coming back have in common: each try costs the provider a question."""

    def may_try(self) -> bool:
        return signing_in.take_try(username=f"link {self.link.pk}", at=self.at, tries=ACTS)

    def trouble(self, words: str, status: int) -> HttpResponse:
        """The overview, which says what went wrong and leaves the way open."""
        view = HomeView()
        view.setup(self.request)
        view.link, view.application, view.at = self.link, self.application, self.at
        context = view.get_context_data(trouble=words)
        return TemplateResponse(self.request, HomeView.template_name, context, status=status)

    def too_often(self) -> HttpResponse:
        words = _("There were many tries in a short time. Try again in a quarter of an hour.")
        response = self.trouble(words, 429)
        response["Retry-After"] = str(int(signing_in.WINDOW.total_seconds()))
        return response

    def back(self) -> str:
        return self.request.build_absolute_uri(reverse("link:identity_back"))


class StartView(IdentityView):
    """GET, since a form's answer may not lead to another site: off to the identity provider."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        provider = identity.configured()
        if provider is None or not self.open:
            return HttpResponseRedirect(reverse("link:home"))
        if not self.may_try():
            return self.too_often()
        try:
            where, attempt = identity.begin(
                provider=provider,
                redirect_uri=self.back(),
                language=translation.get_language() or "da",
                at=self.at,
            )
        except ProviderTrouble as trouble:
            log.warning("identity provider: %s", trouble.why)
            return self.trouble(str(trouble), 503)
        identity.keep(session=request.session, attempt=attempt)
        request.session[AS] = request.GET.get("as", "")
        request.session.set_expiry(int(sessions.IDLE.total_seconds()))
        return HttpResponseRedirect(where)


class BackView(IdentityView):
    """Where the identity provider sends people back to."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        provider = identity.configured()
        attempt = identity.attempt_for(
            session=request.session, state=request.GET.get("state", ""), at=self.at
        )
        if provider is None or attempt is None:
            return self.trouble(str(SignInRefused("")), 400)
        if not self.may_try():
            return self.too_often()
        try:
            found = identity.complete(
                provider=provider,
                attempt=attempt,
                answer=request.GET.dict(),
                redirect_uri=self.back(),
                at=self.at,
            )
            if not found.assurance:
                raise SignInRefused("no assurance level")
            self._keep(found, provider.issuer)
        except SignInRefused as refused:
            log.warning("sign-in refused: %s", refused.why)
            return self.trouble(str(refused), 400)
        except ProviderTrouble as trouble:
            log.warning("identity provider: %s", trouble.why)
            return self.trouble(str(trouble), 503)
        except ValidationError:
            # Whose number is known here is nobody's business: one sentence, whatever was wrong.
            if self._as_guardian():
                words = _("A guardian has to be of age and another than the young person.")
                return self.trouble(words, 409)
            return self.trouble(
                _("This application is another person’s. Ask your adviser for help."), 409
            )
        except TransitionRefused:
            return HttpResponseRedirect(reverse("link:home"))
        return HttpResponseRedirect(reverse("link:home"))

    def _as_guardian(self) -> bool:
        return self.request.session.get(AS) == GUARDIAN

    def _keep(self, found: identity.Identity, issuer: str) -> None:
        common: dict[str, Any] = {
            "application": self.application,
            "number": str(found.claims.get(settings.EID_CPR_CLAIM, "")),
            "provider": issuer,
            "assurance": found.assurance,
            "transaction_id": found.transaction_id,
            "actor": self.request.user,
            "at": self.at,
        }
        if self._as_guardian():
            services.show_guardian(name=str(found.claims.get("name", "")), **common)
        else:
            services.show_identity(**common)
