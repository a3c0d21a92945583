"""Forms of enquiries; they check fields, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagement.models import Channel, Enquiry, Kind, Priority, RootCause


class EnquiryForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What it is"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.QUESTION
    )
    channel = forms.ChoiceField(label=_("Came by"), choices=Channel.choices)
    priority = forms.ChoiceField(
        label=_("Priority"), choices=Priority.choices, initial=Priority.NORMAL
    )
    subject = forms.CharField(label=_("About"), max_length=120)
    text = forms.CharField(
        label=_("What the customer says"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Kept with the customer and erased with them."),
    )


class QuestionForm(forms.Form):
    """What the bank asks the customer."""

    text = forms.CharField(
        label=_("Question to the customer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The clock stands still until they answer."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The answer, and what was behind a complaint."""

    root_cause = forms.ChoiceField(
        label=_("Root cause"), choices=[("", _("Choose")), *RootCause.choices], required=False
    )
    text = forms.CharField(
        label=_("Answer to the customer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if enquiry.is_complaint:
            self.fields["root_cause"].required = True
        else:
            del self.fields["root_cause"]


class WordsForm(forms.Form):
    """What a customer writes to the bank."""

    subject = forms.CharField(label=_("What is it about?"), max_length=120)
    text = forms.CharField(
        label=_("What would you like to know?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    complaint = forms.BooleanField(
        label=_("This is a complaint"),
        required=False,
        help_text=_("A complaints officer answers it, who does not sell anything."),
    )
