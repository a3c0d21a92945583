"""Forms for leads and campaigns; they check fields, the services decide."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from acquisition.models import Campaign, CampaignCost, Lead
from acquisition.services import LEAD_FIELDS
from clm.core.models import Branch, User
from customers.models import Product


class LeadForm(forms.ModelForm):  # type: ignore[type-arg]
    cpr = forms.CharField(
        label=_("CPR number"),
        required=False,
        max_length=11,
        help_text=_("Only if the person has given it. It is kept encrypted and shown masked."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Lead
        fields: ClassVar = LEAD_FIELDS
        widgets: ClassVar = {
            "note": forms.Textarea(attrs={"rows": 3}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        }

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(is_active=True, is_robot=False).order_by(
            "first_name", "username"
        )
        self._choices("adviser", colleagues)
        self._choices("branch", Branch.objects.order_by("name"))
        self._choices("product", Product.objects.order_by("code"))
        self._choices("campaign", Campaign.objects.order_by("-starts_on"))
        if self.instance._state.adding:
            self.initial.setdefault("branch", actor.branch_id)
            self.initial.setdefault("adviser", actor.pk)
        else:
            self.initial["version"] = self.instance.version
            if self.instance.cpr_masked:
                self.fields["cpr"].help_text = _(
                    "Known: %(masked)s. Leave it empty to keep it."
                ) % {"masked": self.instance.cpr_masked}

    def values(self) -> dict[str, Any]:
        """The lead's own fields as the service takes them."""
        return {name: self.cleaned_data[name] for name in LEAD_FIELDS}

    def _choices(self, name: str, queryset: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = queryset


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Campaign
        fields: ClassVar = (
            "name", "audience", "channel", "starts_on", "ends_on", "budget",
            "target_leads", "target_customers", "target_cost",
        )  # fmt: skip
        widgets: ClassVar = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["version"] = self.instance.version

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CostForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CampaignCost
        fields: ClassVar = ("spent_on", "kind", "amount", "reference", "note")
        widgets: ClassVar = {
            "spent_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "amount": forms.NumberInput(attrs={"step": "0.01"}),
        }
        help_texts: ClassVar = {
            "amount": _("A negative amount takes a wrong entry back."),
        }
