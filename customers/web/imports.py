"""Importing customers: a file, a dry run, the batches that wait for a second person."""

from collections.abc import Sequence
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
from clm.core.models import Job
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView
from customers import selectors, services
from customers.imports.columns import ALIASES
from customers.models import ImportMapping

MAX_UPLOAD = 20 * 1024 * 1024


class FileForm(forms.Form):
    """A file of the size that a browser sends."""

    file = forms.FileField(label=gettext_lazy("File"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise ValidationError(_("The file is larger than 20 MB."))
        return file


def table_widget() -> forms.ClearableFileInput:
    """Offers the files that are read as tables."""
    return forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.jsonl,.ndjson"})


class SourceFileForm(FileForm):
    """A file, and who it comes from."""

    source = forms.CharField(
        label=gettext_lazy("Source system"),
        max_length=60,
        help_text=gettext_lazy(
            "Rows are recognised by this name and their id when they come again."
        ),
    )


class TableFileForm(SourceFileForm):
    """A table of a source, which may be tried first."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV in UTF-8, XLSX or JSON Lines, with column names in the first line, at most 20 MB."
        ),
        widget=table_widget(),
    )
    dry_run = forms.BooleanField(
        label=gettext_lazy("Dry run: check everything, write nothing"), required=False, initial=True
    )


class ImportForm(TableFileForm):
    """What an import needs to know."""

    field_order = ("file", "source", "mapping", "review_on", "dry_run")

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


class FileJobView(StaffFormView):
    """A form that starts the job of a file."""

    #: Kinds of job of which the latest are shown.
    kinds: Sequence[str]

    def start(self, data: dict[str, Any]) -> Job:
        """Queue the job. :raises ValidationError: the service refuses the file"""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recent = jobs.visible(actor=self.request.user).filter(kind__in=self.kinds)
        return {
            **super().get_context_data(**kwargs),
            "jobs": recent.select_related("created_by").order_by("-created_at")[:10],
        }

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            job = self.start(form.cleaned_data)
        except ValidationError as exc:
            spread(form, exc)
            return self.form_invalid(form)
        messages.info(self.request, _("The import is waiting for a worker."))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))


class ImportView(FileJobView):
    """The form, recent imports with their progress, and what waits for its release."""

    template_name = "customers/import.html"
    permission = ("customers.import_customers", "customers.admit_customer")
    form_class = ImportForm
    kinds = ("customers.import", "customers.admit")

    def get_initial(self) -> dict[str, Any]:
        # A mapping that was just saved is chosen already.
        return {**super().get_initial(), "mapping": self.request.GET.get("mapping")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "batches": selectors.visible_batches(actor=self.request.user)
            .filter(state="PENDING")
            .select_related("job__created_by")
            .order_by("-created_at")[:20],
            "columns": sorted(ALIASES.items()),
        }

    def start(self, data: dict[str, Any]) -> Job:
        return services.start_import(
            file=data["file"].file,
            file_name=data["file"].name,
            source=data["source"],
            mapping=data["mapping"].name if data["mapping"] else "",
            dry_run=data["dry_run"],
            review_on=data["review_on"],
            actor=self.request.user,
            at=timezone.now(),
        )
