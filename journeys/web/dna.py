"""The bank's own values and the community's shared solutions."""

from copy import copy
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from clm.core import actors
from clm.core.lifecycle import StaleVersion
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffView
from journeys import selectors, services
from journeys.models import BankValue, SharedSolution
from journeys.web.project_forms import KNOWN_FORMS
from journeys.web.projects import CHANGE, VIEW

_LISTS = {"values": selectors.bank_values, "solutions": selectors.shared_solutions}


class DnaView(StaffView):
    permission = VIEW
    template_name = "journeys/dna.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        return super().get_context_data(
            values=selectors.bank_values(actor=actor),
            solutions=selectors.shared_solutions(actor=actor),
            may_change=actors.may(actor=actor, permission=CHANGE),
            **kwargs,
        )


class NewKnownView(StaffFormView):
    """A new value of the bank (`values`) or shared solution (`solutions`)."""

    permission = CHANGE
    template_name = "journeys/known_form.html"

    def get_form_class(self) -> Any:
        if self.kwargs["kind"] not in KNOWN_FORMS:
            raise Http404
        return KNOWN_FORMS[self.kwargs["kind"]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kwargs["kind"], **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            self.keep(cast("Any", form))
        except (ValidationError, StaleVersion) as error:
            spread(form, error)
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("journeys:dna"))

    def keep(self, form: Any) -> None:
        record = form.Meta.model(**self.values(form))
        services.add_known(record=record, actor=self.request.user, at=timezone.now())

    def values(self, form: Any) -> dict[str, Any]:
        return {name: form.cleaned_data[name] for name in form.Meta.fields}


class KnownView(NewKnownView):
    """Change a value or a shared solution."""

    @cached_property
    def record(self) -> BankValue | SharedSolution:
        kind = self.kwargs["kind"]
        if kind not in _LISTS:
            raise Http404
        found: Any = get_object_or_404(_LISTS[kind](actor=self.request.user), pk=self.kwargs["pk"])
        return cast("BankValue | SharedSolution", found)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "instance": copy(self.record),
            "initial": {"version": self.record.version},
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, **kwargs)

    def keep(self, form: Any) -> None:
        services.change_known(
            record=self.record, changes=self.values(form), actor=self.request.user,
            at=timezone.now(), version=form.cleaned_data["version"],
        )  # fmt: skip
