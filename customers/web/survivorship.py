"""The survivorship rules: what is in force, what waits for a second person, and drafting the next."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors
from clm.core.web.views import StaffFormView
from customers import services
from customers.models import SourceSystem, SurvivorshipRules
from customers.selectors import golden
from customers.single_view.labels import FIELD_LABELS, POLICY_LABELS, field_label, system_label
from customers.single_view.survivorship import FIELDS, MANUAL, UNRANKED, Rules


class RulesForm(forms.Form):
    """A policy for each field and a rank for each source system; the rest stays as it is."""

    note = forms.CharField(label=gettext_lazy("What changes and why"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = golden.rules_in_force()
        for name in FIELDS:
            self.fields[f"policy_{name}"] = forms.ChoiceField(
                label=FIELD_LABELS[name],
                choices=list(POLICY_LABELS.items()),
                initial=rules.policy(name),
            )
        for code, label in _systems().items():
            self.fields[f"rank_{code}"] = forms.IntegerField(
                label=_("Rank of %(system)s") % {"system": label},
                min_value=1,
                max_value=UNRANKED,
                initial=rules.rank(code, "*"),
            )

    def policies(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"policy_{name}"] for name in FIELDS}

    def ranks(self) -> dict[str, dict[str, int]]:
        """The ranks as typed; a system's ranks for single fields are taken over."""
        before = golden.rules_in_force().ranks
        return {
            code: {**before.get(code, {}), "*": self.cleaned_data[f"rank_{code}"]}
            for code in _systems()
        }


class SurvivorshipView(StaffFormView):
    """Rules in force with their versions; the form drafts the next version."""

    template_name = "customers/survivorship.html"
    permission = "customers.view_survivorshiprules"
    form_class = RulesForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = golden.rules_in_force()
        may_change = actors.may(
            actor=self.request.user, permission="customers.change_survivorshiprules"
        )
        return {
            **super().get_context_data(**kwargs),
            "rules": rules,
            "policies": [(field_label(name), POLICY_LABELS[rules.policy(name)]) for name in FIELDS],
            "systems": _ranked(rules),
            "versions": SurvivorshipRules.objects.order_by("-number")[:20],
            "may_change": may_change,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            rules = services.draft_rules(
                policies=form.policies(),
                ranks=form.ranks(),
                note=form.cleaned_data["note"],
                actor=self.request.user,
                at=timezone.now(),
            )
        except ValidationError as exc:
            form.add_error(None, exc.messages)
            return self.form_invalid(form)
        messages.success(
            self.request, _("Version %(number)d is a draft.") % {"number": rules.number}
        )
        return HttpResponseRedirect(reverse("customers:survivorship"))


def _systems() -> dict[str, str]:
    """Every source system with what it is called; people's own entries first."""
    names = dict(SourceSystem.objects.values_list("code", "name"))
    codes = [MANUAL, *(code for code in names if code != MANUAL)]
    return {code: system_label(code, names) for code in codes}


def _ranked(rules: Rules) -> list[tuple[str, str, str]]:
    """Systems by rank, with where a single field is ranked apart."""
    found = []
    for code, label in _systems().items():
        rank = rules.rank(code, "*")
        apart = ", ".join(
            f"{field_label(name)} {own}"
            for name, own in rules.ranks.get(code, {}).items()
            if name != "*"
        )
        shown = str(rank) if rank < UNRANKED else _("last")
        found.append((rank, label, shown, apart))
    return [(label, shown, apart) for _rank, label, shown, apart in sorted(found)]
