"""Loading a list from a file: the form and the latest loads."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clm.core.models import Job
from customers.web.imports import FileForm, FileJobView
from kyc import services
from kyc.lists import formats
from kyc.services.uploads import LOAD


class UploadForm(FileForm):
    """A list's file, its format, and the list that it is the next version of."""

    format = forms.ChoiceField(label=gettext_lazy("Format"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "At most 20 MB, which may be packed as gz or zip; OFAC's tables together in one zip."
            " Larger lists by the command import_watchlist."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.csv,.json,.jsonl,.gz,.zip"}),
    )
    list = forms.CharField(
        label=gettext_lazy("Name of the list"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("The usual name of the format when left empty."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["format", "file", "list"])
        field = self.fields["format"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.name, f"{one.list_name} ({one.name})") for one in formats().values()]


class UploadView(FileJobView):
    """The form, and the latest loads with their progress."""

    template_name = "kyc/upload.html"
    permission = "kyc.import_watchlist"
    form_class = UploadForm
    kinds = (LOAD,)

    def start(self, data: dict[str, Any]) -> Job:
        return services.start_load(
            file=data["file"].file,
            file_name=data["file"].name,
            format=data["format"],
            name=data["list"],
            actor=self.request.user,
            at=timezone.now(),
        )
