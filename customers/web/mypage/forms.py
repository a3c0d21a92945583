"""Forms of My page; they check fields, the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CorrectionForm(forms.Form):
    says = forms.CharField(
        label=_("What is right?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Your adviser looks at it, and may ask you to show it."),
    )
