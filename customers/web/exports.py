"""Exporting customers: what the list shows, as a file made by a job."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import jobs
from clm.core.web.views import StaffFormView
from customers import selectors, services
from customers.exports.columns import offered

FILTERS = ("stage", "risk_level", "kind", "branch", "adviser", "portfolio")
_FORMATS = (
    ("xlsx", gettext_lazy("Excel workbook (XLSX)")),
    ("csv", gettext_lazy("CSV")),
    ("jsonl", gettext_lazy("JSON Lines, for programs")),
)


class ExportForm(forms.Form):
    """The format and the columns."""

    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=_FORMATS)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(column.name, column.label) for column in offered(actor=actor)]
        columns: Any = self.fields["columns"]
        columns.choices = choices
        columns.initial = [name for name, _label in choices]


class ExportView(StaffFormView):
    """The filters are the address's, as on the list that leads here."""

    template_name = "customers/export.html"
    permission = "customers.export_customers"
    form_class = ExportForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        found = selectors.narrowed(
            customers=selectors.visible_customers(actor=actor),
            filters=self._filters(),
            actor=actor,
        )
        recent = jobs.visible(actor=actor).filter(kind="customers.export")
        return {
            **super().get_context_data(**kwargs),
            "count": found.count(),
            "jobs": recent.select_related("created_by").order_by("-created_at")[:10],
        }

    def form_valid(self, form: Any) -> HttpResponse:
        job = services.start_export(
            format=form.cleaned_data["format"],
            columns=form.cleaned_data["columns"],
            filters=self._filters(),
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.info(self.request, _("The export is waiting for a worker."))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))

    def _filters(self) -> dict[str, str]:
        return {name: self.request.GET[name] for name in FILTERS if self.request.GET.get(name)}
