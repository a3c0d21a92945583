"""Consents on My page: what one agrees to, in whole sentences, and a button that ends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import selectors, services
from customers.account_lifecycle import RUNNING
from customers.models import AccountConsent, Channel, ConsentEntry, Customer, Decision, Purpose
from customers.web.mypage.base import OwnView

SOURCE = "my-page"
#: The wording that My page shows, per purpose; another text is another version.
WORDINGS: Mapping[str, tuple[str, Any]] = {
    Purpose.MARKETING: (
        "my-page-marketing-1",
        gettext_lazy("The bank may tell me about its products and offers in the ways chosen here."),
    ),
    Purpose.PROFILING: (
        "my-page-profiling-1",
        gettext_lazy("The bank may use what it knows of me to find offers that fit me."),
    ),
    Purpose.SURVEY: (
        "my-page-survey-1",
        gettext_lazy("The bank may ask me what I think of it."),
    ),
    Purpose.SHARING: (
        "my-page-sharing-1",
        gettext_lazy("The bank may share my data with companies in its group."),
    ),
}
#: What is chosen channel by channel; the others are one choice.
CHANNELS: Mapping[str, tuple[Channel, ...]] = {
    Purpose.MARKETING: (
        Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.PUSH, Channel.POST,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One thing to say yes or no to, and what was said last."""

    purpose: str
    channel: str
    label: Any
    yes: bool
    said_at: datetime | None


@dataclass(frozen=True)
class Asked:
    purpose: str
    label: Any
    wording: Any
    choices: list[Choice]


class ConsentsView(OwnView):
    """Every consent with its wording; POST `purpose`, `channel` and `answer` (yes or no)."""

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
        offered = CHANNELS.get(purpose, (Channel.ANY,)) if purpose in WORDINGS else ()
        if channel not in offered or answer not in {"yes", "no"}:
            raise Http404
        services.record_consent(
            customer=self.customer,
            purpose=purpose,
            channel=channel,
            decision=_decision(purpose, channel, answer == "yes"),
            source=SOURCE,
            wording_version=WORDINGS[purpose][0],
            actor=self.request.user,
            at=self.at,
        )
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
        consent: AccountConsent = get_object_or_404(mine, pk=key, state__in=RUNNING)
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
    latest = selectors.consents_in_force(customer=customer, at=at)
    return [
        Asked(
            purpose=purpose,
            label=Purpose(purpose).label,
            wording=wording,
            choices=[
                _choice(latest, purpose, channel)
                for channel in CHANNELS.get(purpose, (Channel.ANY,))
            ],
        )
        for purpose, (_version, wording) in WORDINGS.items()
    ]


def given(*, customer: Customer, at: datetime) -> int:
    """How many consents are in force."""
    return sum(one.yes for entry in asked(customer=customer, at=at) for one in entry.choices)


def _choice(
    latest: Mapping[tuple[str, str], ConsentEntry], purpose: str, channel: Channel
) -> Choice:
    # What was said of all channels is said of each; a single choice covers what was said of any.
    counts = set(Channel) if channel == Channel.ANY else {channel, Channel.ANY}
    found = [entry for (of, by), entry in latest.items() if of == purpose and by in counts]
    newest = max(found, key=lambda one: (one.at, one.pk), default=None)
    # Letters need no consent: they come until somebody says no.
    unasked = purpose == Purpose.MARKETING and channel == Channel.POST
    return Choice(
        purpose=purpose,
        channel=channel.value,
        label=_("Yes") if channel == Channel.ANY else channel.label,
        yes=newest.decision == Decision.GIVEN if newest else unasked,
        said_at=newest.at if newest else None,
    )


def _decision(purpose: str, channel: str, yes: bool) -> str:
    if yes:
        return Decision.GIVEN
    if purpose == Purpose.MARKETING and channel == Channel.POST:
        return Decision.OBJECTED
    return Decision.WITHDRAWN
