"""Importing customers: a file, a dry run, the batches that wait for a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import jobs
from clm.core.web.views import StaffFormView
from customers import selectors, services
from customers.imports.columns import ALIASES
from customers.models import ImportMapping

MAX_UPLOAD = 20 * 1024 * 1024


def check_size(file: Any) -> Any:
    """The file. :raises ValidationError: it is too large"""
    if file.size > MAX_UPLOAD:
        raise ValidationError(_("The file is larger than 20 MB."))
    return file


class SourceFileForm(forms.Form):
    """A file, and who it comes from."""

    file = forms.FileField(label=gettext_lazy("File"))
    source = forms.CharField(
        label=gettext_lazy("Source system"),
        max_length=60,
        help_text=gettext_lazy(
            "Rows are recognised by this name and their id when they come again."
        ),
    )

    def clean_file(self) -> Any:
        return check_size(self.cleaned_data["file"])


class ImportForm(SourceFileForm):
    """What an import needs to know."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV in UTF-8, XLSX or JSON Lines, with column names in the first line, at most 20 MB."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.jsonl,.ndjson"}),
    )
    mapping = forms.ModelChoiceField(
        label=gettext_lazy("Column mapping"),
        queryset=ImportMapping.objects.order_by("name"),
        required=False,
        empty_label=gettext_lazy("None: the columns have known names"),
    )
    review_on = forms.DateField(
        label=gettext_lazy("Next KYC review"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "Set on every admitted customer; a year from today when left empty."
        ),
    )
    dry_run = forms.BooleanField(
        label=gettext_lazy("Dry run: check everything, write nothing"), required=False, initial=True
    )


class ImportView(StaffFormView):
    """The form, recent imports with their progress, and what waits for its release."""

    template_name = "customers/import.html"
    permission = ("customers.import_customers", "customers.admit_customer")
    form_class = ImportForm

    def get_initial(self) -> dict[str, Any]:
        # A mapping that was just saved is chosen already.
        return {**super().get_initial(), "mapping": self.request.GET.get("mapping")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        recent = jobs.visible(actor=actor).filter(kind__in=["customers.import", "customers.admit"])
        return {
            **super().get_context_data(**kwargs),
            "jobs": recent.select_related("created_by").order_by("-created_at")[:10],
            "batches": selectors.visible_batches(actor=actor)
            .filter(state="PENDING")
            .select_related("job__created_by")
            .order_by("-created_at")[:20],
            "columns": sorted(ALIASES.items()),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        try:
            job = services.start_import(
                file=data["file"].file,
                file_name=data["file"].name,
                source=data["source"],
                mapping=data["mapping"].name if data["mapping"] else "",
                dry_run=data["dry_run"],
                review_on=data["review_on"],
                actor=self.request.user,
                at=timezone.now(),
            )
        except ValidationError as exc:
            for name, sentences in exc.message_dict.items():
                form.add_error(name, sentences)
            return self.form_invalid(form)
        messages.info(self.request, _("The import is waiting for a worker."))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))
