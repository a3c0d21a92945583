"""The Robinson list: uploading it, what is in force, and the imports under way."""

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
from customers import services
from customers.consent.robinson import ALIASES
from customers.selectors.robinson import robinson_lists
from customers.web.imports import MAX_UPLOAD


class RobinsonForm(forms.Form):
    """A list, its date, and what somebody answers for."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "The whole list: CSV in UTF-8, XLSX or JSON Lines, at most 20 MB; larger ones by the"
            " command import_robinson."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.jsonl,.ndjson"}),
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

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise ValidationError(_("The file is larger than 20 MB."))
        return file


class RobinsonView(StaffFormView):
    """The form, the lists that were in force, and recent imports with their progress."""

    template_name = "customers/robinson.html"
    permission = "customers.import_robinson"
    form_class = RobinsonForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recent = jobs.visible(actor=self.request.user).filter(kind="customers.robinson")
        return {
            **super().get_context_data(**kwargs),
            "jobs": recent.select_related("created_by").order_by("-created_at")[:10],
            "lists": robinson_lists()[:12],
            "columns": list(ALIASES.items()),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        try:
            job = services.start_robinson_import(
                file=data["file"].file, file_name=data["file"].name, listed_on=data["listed_on"],
                dry_run=data["dry_run"], force=data["force"], actor=self.request.user,
                at=timezone.now(),
            )  # fmt: skip
        except ValidationError as exc:
            for name, sentences in exc.message_dict.items():
                form.add_error(name, sentences)
            return self.form_invalid(form)
        messages.info(self.request, _("The import is waiting for a worker."))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))
