"""The rules of transaction monitoring: versions, the next draft, and its replay on history."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import access, actors
from clm.core.web.charts import Series, line
from clm.core.web.views import StaffFormView, StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from clm.core.web.words import dated
from kyc import alert_words, selectors, services
from kyc.models import MonitoringRule, RuleReplay
from kyc.monitoring import COUNTRIES, DAYS, KRONER, PERCENT, RuleKind, day_of
from kyc.selectors import RuleLine

_SUFFIX = {KRONER: "DKK", DAYS: gettext_lazy("days"), PERCENT: "%"}


class RulesView(StaffView):
    """Every rule with its version in force."""

    permission = "kyc.view_monitoringrule"
    template_name = "kyc/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lines=selectors.rule_lines(actor=self.request.user), **kwargs
        )


class RuleForm(forms.Form):
    """The next version: every parameter as it is in force until it is changed."""

    switched_on = forms.BooleanField(label=gettext_lazy("Switched on"), required=False)
    note = forms.CharField(label=gettext_lazy("What changes and why"), max_length=300)

    def __init__(
        self, *args: Any, kind: RuleKind, now: MonitoringRule | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        held = {**kind.defaults(), **(now.parameters if now else {})}
        self.fields["switched_on"].initial = now.switched_on if now else True
        for one in kind.every_parameter:
            label = f"{one.label} ({_SUFFIX[one.unit]})" if one.unit in _SUFFIX else one.label
            if one.unit == COUNTRIES:
                self.fields[one.name] = forms.CharField(
                    label=label, initial=", ".join(held[one.name]), max_length=2000,
                    widget=forms.Textarea({"rows": 3}),
                    help_text=_("Two letters each, with commas between."),
                )  # fmt: skip
            else:
                self.fields[one.name] = forms.IntegerField(
                    label=label, initial=held[one.name], min_value=one.least, max_value=one.most
                )
        self.order_fields([*(one.name for one in kind.every_parameter), "switched_on", "note"])

    def parameters(self) -> dict[str, Any]:
        return {
            one.name: self.cleaned_data[one.name].replace(",", " ").split()
            if one.unit == COUNTRIES
            else self.cleaned_data[one.name]
            for one in self.kind.every_parameter
        }


class RuleView(StaffFormView):
    """One rule: what it looks for, its versions with their replays; the form drafts the next."""

    permission = "kyc.view_monitoringrule"
    template_name = "kyc/rule.html"
    form_class = RuleForm

    @property
    def line(self) -> RuleLine:
        if "_line" not in self.__dict__:
            found = selectors.rule_lines(actor=self.request.user, kind=self.kwargs["kind"])
            if not found:
                raise Http404
            self._line = found[0]
        return self._line

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.line.kind, "now": self.line.now}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.line
        may_change = actors.may(actor=self.request.user, permission="kyc.change_monitoringrule")
        return {
            **super().get_context_data(**kwargs),
            "line": found,
            "now": _version(found.kind, found.now, None) if found.now else None,
            "to_come": [_version(found.kind, one, found.now) for one in found.to_come],
            "before": [_version(found.kind, one, None) for one in found.before],
            "may_change": may_change,
            "running": any(
                one.job is not None and one.job.is_open
                for version in found.to_come
                for one in version.replays.select_related("job")[:1]
            ),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actors.may(actor=self.request.user, permission="kyc.change_monitoringrule"):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            rule = services.draft_rule(
                kind=self.line.kind.name,
                parameters=form.parameters(),
                switched_on=form.cleaned_data["switched_on"],
                note=form.cleaned_data["note"],
                actor=self.request.user,
                at=timezone.now(),
            )
        except ValidationError as exc:
            for name, texts in exc.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
            return self.form_invalid(form)
        messages.success(
            self.request, _("Version %(number)d is a draft.") % {"number": rule.number}
        )
        return HttpResponseRedirect(reverse("kyc:rule", args=[rule.kind]))


class ReplayView(StaffMixin):
    """POST: replay a version on the last year."""

    permission = "kyc.change_monitoringrule"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        rule = get_object_or_404(selectors.visible_rules(actor=request.user), pk=kwargs["pk"])
        services.start_replay(rule=rule, months=12, actor=request.user, at=timezone.now())
        messages.success(request, _("The replay has begun; its figures appear here."))
        return HttpResponseRedirect(reverse("kyc:rule", args=[rule.kind]))


def _version(kind: RuleKind, rule: MonitoringRule, beside: MonitoringRule | None) -> dict[str, Any]:
    """A version's parameters, what differs from the one in force, and its newest replay."""
    replay = rule.replays.select_related("job", "beside").first()
    return {
        "rule": rule,
        "parameters": [
            {
                "label": one.label,
                "value": alert_words.value(one, rule.parameters.get(one.name)),
                "before": alert_words.value(one, beside.parameters.get(one.name))
                if beside and beside.parameters.get(one.name) != rule.parameters.get(one.name)
                else "",
            }
            for one in kind.every_parameter
        ],
        "replay": _replayed(kind, replay) if replay else None,
    }


def _replayed(kind: RuleKind, replay: RuleReplay) -> dict[str, Any]:
    examples = list(replay.examples.select_related("customer"))
    access.note_read(records=[one.customer for one in examples], kind="list")
    return {
        "replay": replay,
        "chart": _months(replay),
        "examples": [
            {"one": one, "sentence": alert_words.sentence(kind.name, one.facts)} for one in examples
        ],
    }


def _months(replay: RuleReplay) -> Any:
    """Findings a month: this version's, and those of the version in force."""
    months, day = [], replay.since.replace(day=1)
    while day <= replay.until:
        months.append(day)
        day = day_of(day.toordinal() + 32).replace(day=1)
    series = [Series(_("This version"), _column(replay, months, 0))]
    if replay.beside is not None:
        series.append(Series(_("In force"), _column(replay, months, 1)))
    return line([dated(one, "M") for one in months], series, title=_("Findings a month"))


def _column(replay: RuleReplay, months: list[Any], place: int) -> list[int]:
    return [replay.months.get(f"{one:%Y-%m}", [0, 0])[place] for one in months]
