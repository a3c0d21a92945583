"""The form for one contact with a customer; it checks fields, the service decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagement.models import Channel, Outcome, Purpose, Sentiment


class InteractionForm(forms.Form):
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    sentiment = forms.TypedChoiceField(
        label=_("Mood of the customer"),
        choices=[("", _("Not noted")), *Sentiment.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    text = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept with the customer and erased with them."),
    )

    def values(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        names = ("channel", "purpose", "outcome", "sentiment", "text")
        return {name: self.cleaned_data[name] for name in names}
