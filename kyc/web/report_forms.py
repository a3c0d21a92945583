"""The forms of a suspicious-activity report."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Transaction
from kyc.models import SuspicionReport
from kyc.suspicion import selectors
from kyc.suspicion.codes import code_book


class ReportForm(forms.Form):
    """What a draft says. Everything may stand empty in a draft; what is missing is told beside it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of report"), choices=SuspicionReport.Kind.choices
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the suspicion"), required=False, max_length=4000,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("What was seen, when, and why it does not fit the customer."),
    )  # fmt: skip
    action = forms.CharField(
        label=gettext_lazy("What the bank has done"), required=False, max_length=4000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    indicators = forms.MultipleChoiceField(
        label=gettext_lazy("Indicators"), required=False, widget=forms.CheckboxSelectMultiple
    )
    transactions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Transactions"), required=False, coerce=UUID
    )

    def __init__(
        self, *args: Any, report: SuspicionReport, offered: Sequence[Transaction], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.fields["kind"].initial = report.kind
        self.fields["reason"].initial = report.reason
        self.fields["action"].initial = report.action
        indicators: Any = self.fields["indicators"]
        indicators.choices = [(one.code, str(one)) for one in code_book().indicators]
        indicators.initial = report.indicators
        transactions: Any = self.fields["transactions"]
        transactions.choices = [(str(one.pk), str(one)) for one in offered]
        transactions.initial = [str(one) for one in report.transactions]
        self.currencies = sorted({one.currency for one in offered} - {settings.CLM_CURRENCY})
        for currency in self.currencies:
            self.fields[f"rate_{currency}"] = forms.DecimalField(
                label=_("%(local)s for 1 %(currency)s")
                % {"local": settings.CLM_CURRENCY, "currency": currency},
                required=False, min_value=Decimal("0.000001"), max_digits=14, decimal_places=6,
                initial=report.rates.get(currency), localize=True,
            )  # fmt: skip

    def rate_fields(self) -> list[Any]:
        return [self[f"rate_{currency}"] for currency in self.currencies]

    def ticked(self) -> set[str]:
        """The ids of the transactions that are ticked now."""
        held = self["transactions"].value() or []
        return {str(one) for one in held}

    def changes(self) -> dict[str, Any]:
        """The fields of the report; ids in the order of their days, so that a look is no change."""
        given = self.cleaned_data
        chosen = set(given["transactions"])
        transactions: Any = self.fields["transactions"]
        order = [UUID(key) for key, _label in transactions.choices if UUID(key) in chosen]
        held = [one for one in self.report.transactions if one in chosen]
        return {
            "kind": given["kind"],
            "reason": given["reason"],
            "action": given["action"],
            "indicators": given["indicators"],
            "transactions": held + [one for one in order if one not in set(held)],
            "rates": {
                currency: str(rate.normalize())
                for currency in self.currencies
                if (rate := given[f"rate_{currency}"])
            },
        }


class ReceiptForm(forms.Form):
    """The receipt that the authority's portal gave."""

    receipt = forms.CharField(label=gettext_lazy("Receipt number"), max_length=60)
    filed_at = forms.DateTimeField(
        label=gettext_lazy("Handed in"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filed_at"].initial = timezone.localtime


class AccessForm(forms.Form):
    """Who is to read the report, why, and until when."""

    reader = forms.ChoiceField(label=gettext_lazy("Auditor"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in selectors.auditors()}
        reader: Any = self.fields["reader"]
        reader.choices = [(key, str(one)) for key, one in self.people.items()]
        self.fields["until"].initial = timezone.localdate() + timedelta(days=30)
