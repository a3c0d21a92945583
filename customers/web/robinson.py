"""The Robinson list: uploading it, what is in force, and the imports under way."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clm.core.models import Job
from customers import services
from customers.consent.robinson import ALIASES
from customers.selectors.robinson import robinson_lists
from customers.web.imports import FileForm, FileJobView, table_widget


class RobinsonForm(FileForm):
    """A list, its date, and what somebody answers for."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "The whole list: CSV in UTF-8, XLSX or JSON Lines, at most 20 MB; larger ones by the"
            " command import_robinson."
        ),
        widget=table_widget(),
    )
    listed_on = forms.DateField(
        label=gettext_lazy("Date of the list"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    dry_run = forms.BooleanField(
        label=gettext_lazy("Dry run: check everything, write nothing"), required=False, initial=True
    )
    force = forms.BooleanField(
        label=gettext_lazy("The list is right, even if it is much shorter or has unreadable rows"),
        required=False,
    )


class RobinsonView(FileJobView):
    """The form, the lists that were in force, and recent imports with their progress."""

    template_name = "customers/robinson.html"
    permission = "customers.import_robinson"
    form_class = RobinsonForm
    kinds = ("customers.robinson",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "lists": robinson_lists()[:12],
            "columns": list(ALIASES.items()),
        }

    def start(self, data: dict[str, Any]) -> Job:
        return services.start_robinson_import(
            file=data["file"].file, file_name=data["file"].name, listed_on=data["listed_on"],
            dry_run=data["dry_run"], force=data["force"], actor=self.request.user,
            at=timezone.now(),
        )  # fmt: skip
