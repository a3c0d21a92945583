"""Column mappings: what a source system calls its columns, shown from a file and kept by name."""

from io import BytesIO
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core.tables import UnreadableFile, meanings, open_table, plain_lines
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView
from customers import services
from customers.imports.columns import ALIASES
from customers.models import ImportMapping
from customers.web.imports import FileForm, table_widget

MAX_COLUMNS = 200
#: So much of a cell is shown as an example.
SAMPLE = 60


class SampleForm(FileForm):
    """A file whose column names are looked at."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Its column names and first row are shown; nothing of the file is kept."
        ),
        widget=table_widget(),
    )


class MappingForm(forms.Form):
    """
    A name, and for each column of the file what it holds.

    :param columns: the file's columns, each with an example of what stands in it
    :param meaning: what is proposed for a column, by its name
    """

    name = forms.CharField(label=gettext_lazy("Name of the mapping"), max_length=60)

    def __init__(
        self,
        *args: Any,
        columns: list[tuple[str, str]],
        meaning: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        proposed = meaning or {}
        choices = [("", gettext_lazy("Not used")), *((name, name) for name in sorted(ALIASES))]
        for place, (column, _sample) in enumerate(columns):
            self.fields[f"own_{place}"] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=proposed.get(column, "")
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[str, str, Any]]:
        """Each column with its example and its field."""
        return [(*shown, self[f"own_{place}"]) for place, shown in enumerate(self.columns)]

    @property
    def meaning(self) -> dict[str, str]:
        """Our column by the file's; "" where one is not used."""
        return {
            column: self.cleaned_data.get(f"own_{place}", "")
            for place, (column, _sample) in enumerate(self.columns)
        }


class _MappingsPage(StaffFormView):
    """The saved mappings, a file to make another from, and the one that is worked on."""

    template_name = "customers/mappings.html"
    permission = "customers.import_customers"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "mappings": ImportMapping.objects.order_by("name"),
        }


class MappingsView(_MappingsPage):
    """POST a file: its answer is the filled-in form of a mapping."""

    form_class = SampleForm

    def form_valid(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            columns = _columns(file)
        except UnreadableFile as exc:
            form.add_error("file", str(exc))
            return self.form_invalid(form)
        names = [name for name, _sample in columns]
        meaning = {names[place]: own for place, own in meanings(names, ALIASES).items()}
        proposed = MappingForm(columns=columns, meaning=meaning)
        return self.render_to_response(self.get_context_data(form=form, mapping_form=proposed))


class MappingView(_MappingsPage):
    """One mapping: GET `?mapping=` shows a saved one; POST saves under the name."""

    form_class = MappingForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "mapping_form": context["form"], "form": SampleForm()}

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "mapping" not in request.GET:
            return HttpResponseRedirect(reverse("customers:mappings"))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.request.method == "POST":
            names = self.request.POST.getlist("column")[:MAX_COLUMNS]
            samples = self.request.POST.getlist("sample")[:MAX_COLUMNS]
            samples += [""] * (len(names) - len(samples))
            return {**kwargs, "columns": list(zip(names, samples, strict=False))}
        try:
            saved = get_object_or_404(ImportMapping, pk=self.request.GET.get("mapping", ""))
        except ValidationError:
            saved = get_object_or_404(ImportMapping, pk=None)
        return {
            **kwargs,
            "columns": [(column, "") for column in saved.columns],
            "meaning": saved.columns,
            "initial": {"name": saved.name},
        }

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            saved = services.save_mapping(
                name=form.cleaned_data["name"],
                columns=form.meaning,
                actor=self.request.user,
            )
        except ValidationError as exc:
            spread(form, exc)
            return self.form_invalid(form)
        messages.success(self.request, _("The mapping “%(name)s” is saved.") % {"name": saved.name})
        return HttpResponseRedirect(f"{reverse('customers:import')}?mapping={saved.pk}")


def _columns(file: Any) -> list[tuple[str, str]]:
    """The file's columns, each with what its first row holds there."""
    plain: Any = plain_lines(file.file, name=file.name)
    if plain is not file.file:
        # Of a workbook, the lines up to its first row.
        plain = BytesIO(b"".join(islice(plain, 10)))
    table = open_table(plain, name=file.name)
    if len(table.columns) > MAX_COLUMNS:
        raise UnreadableFile(_("The file has more than %(most)d columns.") % {"most": MAX_COLUMNS})
    rows = list(islice(table.rows(), 1))
    cells = list(rows[0].cells) if rows and not rows[0].fault else []
    cells += [""] * (len(table.columns) - len(cells))
    return [
        (column, cell.strip()[:SAMPLE]) for column, cell in zip(table.columns, cells, strict=False)
    ]
