"""The public forms of a campaign: making one, correcting it, closing it."""

from copy import copy
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from acquisition import selectors, services
from acquisition.models import Campaign, CaptureForm
from acquisition.models.capture import MOST_ORIGINS, check_origin
from clm.core.lifecycle import StaleVersion
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView


class CaptureFormForm(forms.ModelForm):  # type: ignore[type-arg]
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    allowed_origins = SimpleArrayField(
        forms.CharField(max_length=120, validators=[check_origin]),
        label=_("Sites that may show it"),
        delimiter="\n",
        required=False,
        max_length=MOST_ORIGINS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, as https://www.example.dk; none: it stands on its own page only."),
    )

    class Meta:
        model = CaptureForm
        fields: ClassVar = (
            "code", "title_da", "title_en", "intro_da", "intro_en", "kind", "product", "branch",
            "asks_consent", "allowed_origins", "is_open",
        )  # fmt: skip
        widgets: ClassVar = {
            "intro_da": forms.Textarea(attrs={"rows": 2}),
            "intro_en": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["version"] = self.instance.version

    def clean_allowed_origins(self) -> list[str]:
        given = self.cleaned_data["allowed_origins"]
        return list(dict.fromkeys(one.strip().lower() for one in given if one.strip()))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class FormFormMixin(StaffFormView):
    """What making and correcting a form have in common."""

    form_class = CaptureFormForm
    template_name = "acquisition/capture_form.html"

    @property
    def campaign(self) -> Campaign:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(campaign=self.campaign, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            self.keep(cast("CaptureFormForm", form))
        except (StaleVersion, ValidationError) as error:
            spread(form, error)
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("acquisition:campaign", args=[self.campaign.pk]))

    def keep(self, form: CaptureFormForm) -> CaptureForm:
        raise NotImplementedError


class NewFormView(FormFormMixin):
    permission = "acquisition.add_captureform"

    @cached_property
    def campaign(self) -> Campaign:
        campaigns = selectors.visible_campaigns(actor=self.request.user)
        return get_object_or_404(campaigns, pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"branch": self.request.user.branch_id, "title_da": self.campaign.name}

    def keep(self, form: CaptureFormForm) -> CaptureForm:
        return services.open_form(
            campaign=self.campaign, actor=self.request.user, at=timezone.now(), **form.values()
        )


class EditFormView(FormFormMixin):
    permission = "acquisition.change_captureform"

    @cached_property
    def record(self) -> CaptureForm:
        return get_object_or_404(
            CaptureForm.objects.select_related("campaign"), pk=self.kwargs["pk"]
        )

    @property
    def campaign(self) -> Campaign:
        return self.record.campaign

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": copy(self.record)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, **kwargs)

    def keep(self, form: CaptureFormForm) -> CaptureForm:
        return services.change_form(
            form=self.record,
            changes=form.values(),
            actor=self.request.user,
            at=timezone.now(),
            version=form.cleaned_data["version"],
        )
