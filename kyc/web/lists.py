"""List changes, accepting a list that was held back, and one-off screening."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors
from clm.core.lifecycle import TransitionRefused
from clm.core.web.charts import Part, waterfall
from clm.core.web.views import StaffFormView, StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from kyc import screening, selectors, services, words
from kyc.lists import ListError
from kyc.matching import THRESHOLD
from kyc.models import VersionState, WatchlistVersion


class ListsView(StaffView):
    """Every list with what its newest version changed, and the versions before."""

    permission = "kyc.view_watchlist"
    template_name = "kyc/lists.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            changes=selectors.list_changes(),
            versions=WatchlistVersion.objects.select_related("watchlist", "accepted_by")[:50],
            may_accept=actors.may(actor=self.request.user, permission="kyc.accept_watchlist"),
            **kwargs,
        )


class _SettleView(StaffMixin):
    """POST: settle a version that was held back."""

    permission = "kyc.accept_watchlist"
    http_method_names = ["post"]
    request: StaffRequest

    def settle(self, version: WatchlistVersion) -> str:
        """Do it; the sentence that says so."""
        raise NotImplementedError

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        version = get_object_or_404(
            WatchlistVersion.objects.select_related("watchlist"),
            pk=kwargs["pk"],
            standing=VersionState.HELD,
        )
        try:
            messages.success(request, self.settle(version))
        except (TransitionRefused, ListError) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("kyc:lists"))


class AcceptView(_SettleView):
    """POST: put a version that was held back in force."""

    def settle(self, version: WatchlistVersion) -> str:
        services.accept_version(version=version, actor=self.request.user, at=timezone.now())
        return _("%(list)s is in force.") % {"list": version.watchlist.name}


class DiscardView(_SettleView):
    """POST: give up a version that was held back; the one in force stays."""

    def settle(self, version: WatchlistVersion) -> str:
        services.discard_version(version=version, actor=self.request.user, at=timezone.now())
        return _("%(list)s: the version held back was discarded.") % {
            "list": version.watchlist.name
        }


class ScreeningForm(forms.Form):
    """A name to compare with the lists; nothing of it is kept."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=300)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[
            ("person", gettext_lazy("Person")),
            ("organisation", gettext_lazy("Organisation")),
            ("", gettext_lazy("Any")),
        ],
    )
    born_on = forms.DateField(
        label=gettext_lazy("Born"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    country = forms.CharField(
        label=gettext_lazy("Country, two letters"), required=False, max_length=2
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("Gender"),
        required=False,
        choices=[
            ("", gettext_lazy("Not known")),
            ("female", gettext_lazy("Female")),
            ("male", gettext_lazy("Male")),
        ],
    )

    def clean_name(self) -> str:
        return screening.check_name(self.cleaned_data["name"])

    def clean_born_on(self) -> date | None:
        return screening.check_birth(self.cleaned_data["born_on"])

    def clean_country(self) -> str:
        return screening.check_country(self.cleaned_data["country"])


class ScreeningView(StaffFormView):
    """One name against every list in force, explained; by POST, so that no address has a name."""

    permission = "kyc.screen_name"
    template_name = "kyc/screening.html"
    form_class = ScreeningForm

    def form_valid(self, form: BaseForm) -> HttpResponse:
        data = form.cleaned_data
        asked = screening.party(
            names=[data["name"]],
            kind=data["kind"],
            born_on=data["born_on"],
            countries=[data["country"]],
            gender=data["gender"],
        )
        found = screening.screen(parties=[asked], threshold=screening.WORTH_SHOWING, limit=10)[0]
        return self.render_to_response(
            self.get_context_data(
                form=form, asked=True, found=[_shown(one) for one in found], threshold=THRESHOLD
            )
        )


def _shown(candidate: screening.Candidate) -> dict[str, Any]:
    parts = [
        Part(words.feature(one["code"], one["facts"]), one["points"])
        for one in candidate.comparison.explanation
    ]
    return {
        "candidate": candidate,
        "score": round(candidate.score * 100),
        "above": candidate.score >= THRESHOLD,
        "chart": waterfall(parts, title=_("Score"), threshold=round(THRESHOLD * 100)),
    }
