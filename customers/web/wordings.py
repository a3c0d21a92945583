"""The wordings of consents: what is in force, what waits for a second person, and the next draft."""

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
from clm.core.lifecycle import RulesState
from clm.core.web import menu
from clm.core.web.views import StaffFormView
from customers import selectors, services
from customers.models import ConsentWording, Purpose


def register() -> None:
    menu.register(
        menu.MenuItem(
            "wordings", gettext_lazy("Consent wordings"), "message-2", "customers:wordings",
            group="system", order=41,
            # Who only reads them comes from the customer's consents.
            permission=("customers.change_consentwording", "customers.approve_consentwording",
                        "core.view_event"),
        )
    )  # fmt: skip
    menu.register(
        menu.MenuItem(
            "robinson", gettext_lazy("Robinson list"), "ban", "customers:robinson",
            group="system", permission="customers.import_robinson", order=42,
        )
    )  # fmt: skip


class WordingForm(forms.Form):
    """The next version of one purpose's wording, in both languages."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Purpose.choices)
    text_da = forms.CharField(
        label=gettext_lazy("Text in Danish"), max_length=4000, widget=forms.Textarea({"rows": 6})
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=4000, widget=forms.Textarea({"rows": 6})
    )
    note = forms.CharField(label=gettext_lazy("What changes and why"), max_length=300)


class WordingsView(StaffFormView):
    """Each purpose with its wording in force and every version there was; `?purpose=` fills the form."""

    template_name = "customers/wordings.html"
    permission = "customers.view_consentwording"
    form_class = WordingForm

    def get_initial(self) -> dict[str, Any]:
        purpose = self.request.GET.get("purpose", "")
        now = selectors.wordings_in_force(at=timezone.now()).filter(purpose=purpose).first()
        if now is None:
            return super().get_initial()
        return {"purpose": purpose, "text_da": now.text_da, "text_en": now.text_en}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions: dict[str, list[ConsentWording]] = {}
        for one in selectors.visible_wordings(actor=self.request.user):
            versions.setdefault(one.purpose, []).append(one)
        return {
            **super().get_context_data(**kwargs),
            "purposes": [
                {
                    "value": purpose.value,
                    "label": purpose.label,
                    "now": next((w for w in held if w.state == RulesState.IN_FORCE), None),
                    "to_come": [
                        w for w in held if w.state in (RulesState.DRAFT, RulesState.PENDING)
                    ],
                    "before": [w for w in held if w.state == RulesState.RETIRED],
                }
                for purpose in Purpose
                for held in [versions.get(purpose.value, [])]
            ],
            "may_change": actors.may(
                actor=self.request.user, permission="customers.change_consentwording"
            ),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            wording = services.draft_wording(
                **form.cleaned_data, actor=self.request.user, at=timezone.now()
            )
        except ValidationError as exc:
            form.add_error(None, exc.messages)
            return self.form_invalid(form)
        messages.success(self.request, _("%(code)s is a draft.") % {"code": wording.code})
        return HttpResponseRedirect(reverse("customers:wordings"))
