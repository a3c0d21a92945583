"""Importing leads: a file, a dry run, the latest imports."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquisition import services
from acquisition.imports.rows import COLUMNS
from acquisition.models import Campaign
from clm.core.models import Job
from customers.web.imports import FileJobView, TableFileForm


class LeadFileForm(TableFileForm):
    """What an import of leads needs to know."""

    field_order = ("file", "source", "campaign", "dry_run")

    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=Campaign.objects.order_by("-starts_on"),
        required=False,
        help_text=_("Of the rows that name none."),
    )


class LeadImportView(FileJobView):
    template_name = "acquisition/import.html"
    permission = "acquisition.import_leads"
    form_class = LeadFileForm
    kinds = ("acquisition.leads",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "columns": sorted(COLUMNS.items())}

    def start(self, data: dict[str, Any]) -> Job:
        return services.start_import(
            file=data["file"].file,
            file_name=data["file"].name,
            source=data["source"],
            campaign=data["campaign"],
            dry_run=data["dry_run"],
            actor=self.request.user,
            at=timezone.now(),
        )
