"""My page: ask to leave the bank, see how far it is, and change one's mind."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors, lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.registries import OwnPage
from clm.core.web.refusals import spread
from customers.lifecycle import RELATIONSHIP, Stage
from customers.models import Customer
from customers.web.mypage import OwnView
from offboarding import selectors, services
from offboarding.lifecycle import ClosureState
from offboarding.models import Closure, ExitReason, Ground

#: What a customer may say of their own reasons; the others are the bank's words.
_OWN_REASONS = [
    one for one in ExitReason.choices if one[0] not in {ExitReason.DECEASED, ExitReason.BANK}
]
#: Offboarding included: of what the bank ends, nothing is seen here.
_MAY_LEAVE = (*RELATIONSHIP, Stage.OFFBOARDING)
#: Until a person of the bank is asked to confirm it, a customer's own wish can be taken back.
_TAKEN_BACK = (ClosureState.REQUESTED, ClosureState.CHECKING)


class LeaveForm(forms.Form):
    exit_reason = forms.ChoiceField(
        label=gettext_lazy("Why are you leaving?"),
        choices=[("", gettext_lazy("Choose")), *_OWN_REASONS],
    )
    exit_comment = forms.CharField(
        label=gettext_lazy("Anything you want to tell us"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    switching = forms.BooleanField(
        label=gettext_lazy("My new bank moves my accounts (switching service, 7 bank days)"),
        required=False,
    )
    new_bank = forms.CharField(label=gettext_lazy("New bank"), required=False, max_length=120)


class LeaveView(OwnView):
    """POST the form to ask for a closure; POST `stay` to take one's own wish back."""

    template_name = "offboarding/my_closure.html"

    @property
    def told(self) -> selectors.ToldClosure | None:
        return selectors.told_closure_of(customer_id=self.customer.pk, actor=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = self.told
        kwargs.setdefault("form", LeaveForm())
        return super().get_context_data(
            told=told,
            may_stay=told is not None and may_take_back(told.closure),
            may_leave=told is None and self.customer.stage in _MAY_LEAVE,
            **kwargs,
        )

    def post(self, request: Any) -> HttpResponse:
        if "stay" in request.POST:
            return self._stay()
        form = LeaveForm(request.POST)
        if not form.is_valid():
            return self.refused(form)
        try:
            services.ask_to_leave(
                customer=self.customer,
                actor=self.request.user,
                at=self.at,
                **form.cleaned_data,
            )
        except ValidationError as error:
            spread(form, error)
            return self.refused(form)
        return HttpResponseRedirect(reverse("my:leaving"))

    def _stay(self) -> HttpResponse:
        told = self.told
        if told is not None and may_take_back(told.closure):
            try:
                lifecycle.perform(
                    record=told.closure,
                    name="cancel",
                    actor=self.request.user,
                    at=self.at,
                    version=told.closure.version,
                )
            except (TransitionRefused, lifecycle.StaleVersion):
                return self.refused(too_late=True)
        return HttpResponseRedirect(reverse("my:home"))


def may_take_back(closure: Closure) -> bool:
    """Whether this is the customer's own wish, and nobody has been asked to confirm it."""
    return closure.ground == Ground.CUSTOMER and closure.state in _TAKEN_BACK


def note(customer: Customer) -> str | None:
    me = actors.themself(customer_id=customer.pk)
    if selectors.told_closure_of(customer_id=customer.pk, actor=me) is not None:
        return _("We are working on it")
    return _("Close everything with us") if customer.stage in _MAY_LEAVE else None


PAGE = OwnPage("leaving", gettext_lazy("Leave the bank"), "door-exit", LeaveView, note, 90)
