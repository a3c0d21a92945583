"""Consents on My page: what one agrees to, in whole sentences, and a button that ends it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clm.core.lifecycle import StaleVersion, TransitionRefused
from customers import selectors, services
from customers.account_lifecycle import RUNNING
from customers.models import AccountConsent, Customer, Decision, Purpose
from customers.web.mypage.base import OwnView

SOURCE = "my-page"
#: What is asked here, in this order.
PURPOSES = (Purpose.MARKETING, Purpose.PROFILING, Purpose.SURVEY, Purpose.SHARING)


@dataclass(frozen=True)
class Asked:
    purpose: str
    label: Any
    wording: str
    code: str
    choices: list[selectors.OwnAnswer]


class ConsentsView(OwnView):
    """Every consent with its wording; POST `purpose`, `channel`, `wording` and `answer` (yes or no)."""

    template_name = "mypage/consents.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reading = selectors.visible_account_consents(actor=self.request.user)
        return super().get_context_data(
            asked=asked(customer=self.customer, at=self.at),
            reading=reading.filter(state__in=RUNNING).select_related("bank"),
            **kwargs,
        )

    def post(self, request: Any) -> HttpResponse:
        purpose, channel = request.POST.get("purpose", ""), request.POST.get("channel", "")
        answer = request.POST.get("answer", "")
        offered = selectors.own_answers(customer=self.customer, purposes=PURPOSES, at=self.at)
        choice = next(
            (one for one in offered if (one.purpose, one.channel) == (purpose, channel)), None
        )
        if choice is None or answer not in {"yes", "no"}:
            raise Http404
        try:
            services.record_consent(
                customer=self.customer,
                purpose=purpose,
                channel=channel,
                decision=Decision.GIVEN if answer == "yes" else choice.no,
                source=SOURCE,
                wording_version=request.POST.get("wording", ""),
                language=str(get_language())[:2],
                actor=self.request.user,
                at=self.at,
            )
        except ValidationError:
            # The bank put other words in force after the page was shown: they are read first.
            return self.render_to_response(self.get_context_data(changed=True), status=409)
        return HttpResponseRedirect(f"{reverse('my:consents')}#{purpose}")


class StopReadingView(OwnView):
    """POST `consent`: end the reading of accounts at another bank."""

    http_method_names = ["post"]

    def post(self, request: Any) -> HttpResponse:
        try:
            key = UUID(request.POST.get("consent", ""))
        except ValueError:
            raise Http404 from None
        mine = selectors.visible_account_consents(actor=self.request.user)
        consent: AccountConsent = get_object_or_404(mine, pk=key)
        # It may have ended by itself, or at the adviser's, since the page was shown: ended it is.
        with suppress(TransitionRefused, StaleVersion):
            services.revoke_account_consent(
                consent=consent,
                by="customer",
                actor=self.request.user,
                at=self.at,
                reason=_("Ended on My page"),
            )
        return HttpResponseRedirect(reverse("my:consents"))


def asked(*, customer: Customer, at: datetime) -> list[Asked]:
    """What can be said yes or no to, and what stands."""
    # The newest first: of several in force for a purpose, that one is shown.
    wordings = {one.purpose: one for one in reversed(selectors.wordings_in_force(at=at))}
    answers = selectors.own_answers(customer=customer, purposes=PURPOSES, at=at)
    return [
        Asked(
            purpose=purpose,
            label=purpose.label,
            wording=wordings[purpose].text_in(str(get_language())[:2]),
            code=wordings[purpose].code,
            choices=[one for one in answers if one.purpose == purpose],
        )
        for purpose in PURPOSES
        if purpose in wordings
    ]
