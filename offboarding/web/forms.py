"""Forms of the closure; they check fields, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from offboarding.models import Closure, ExitReason, Ground


class RequestForm(forms.Form):
    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices)
    exit_reason = forms.ChoiceField(
        label=_("Reason for leaving"),
        choices=[("", _("Not asked yet")), *ExitReason.choices],
        required=False,
        help_text=_("It must be known before a second person is asked."),
    )
    note = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A termination by the bank needs a written reason."),
    )
    switching = forms.BooleanField(
        label=_("The new bank moves the accounts (switching service, 7 bank days)"),
        required=False,
    )
    new_bank = forms.CharField(label=_("New bank"), required=False, max_length=120)


class ExitForm(forms.Form):
    exit_reason = forms.ChoiceField(
        label=_("Reason for leaving"), choices=[("", _("Choose")), *ExitReason.choices]
    )
    exit_comment = forms.CharField(
        label=_("In the customer’s words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, closure: Closure, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "exit_reason": closure.exit_reason,
                "exit_comment": closure.exit_comment,
                "version": closure.version,
            },
        )
        super().__init__(*args, **kwargs)
