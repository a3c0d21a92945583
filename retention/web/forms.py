"""Forms of the save case; they check fields, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clm.core.models import User
from customers.models import Channel
from retention.models import SaveCase


class OfferForm(forms.Form):
    text = forms.CharField(
        label=_("Offer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    cost = forms.DecimalField(
        label=_("What it costs the bank, kr."), min_value=0, max_digits=12, decimal_places=2
    )
    channel = forms.ChoiceField(
        label=_("Made by"),
        required=False,
        choices=[
            ("", _("In a conversation the customer began")),
            *((one.value, one.label) for one in Channel if one != Channel.ANY),
        ],
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: SaveCase, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {"text": case.playbook.suggestion, "version": case.version},
        )
        super().__init__(*args, **kwargs)


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: SaveCase, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {"owner": case.owner_id, "version": case.version},
        )
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = User.objects.filter(is_active=True, is_robot=False).order_by(
            "first_name", "username"
        )
