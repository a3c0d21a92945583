"""Forms of a customer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core.models import Branch, User
from customers.countries import country_choices
from customers.identification import InvalidIdentifier, check_identifier
from customers.models import PartyKind

#: What only one kind of customer has.
OF_PERSONS = ("given_names", "family_name", "born_on", "birth_place", "occupation", "nationalities")
OF_ORGANISATIONS = ("name",)
_EMPTY: dict[str, Any] = {"born_on": None, "nationalities": []}
_SEVERAL = gettext_lazy("Hold Ctrl to choose several.")


class CustomerForm(forms.Form):
    """
    What a person may write about a customer.

    :param known: the kind of a customer on record; the other kind's fields are then not there
    """

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PartyKind.choices)
    given_names = forms.CharField(label=gettext_lazy("Given names"), max_length=200, required=False)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=200, required=False)
    name = forms.CharField(
        label=gettext_lazy("Name of the organisation"), max_length=300, required=False
    )
    born_on = forms.DateField(
        label=gettext_lazy("Born on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    birth_place = forms.CharField(label=gettext_lazy("Birth place"), max_length=200, required=False)
    nationalities = forms.MultipleChoiceField(
        label=gettext_lazy("Citizen of"),
        required=False,
        choices=country_choices,
        help_text=_SEVERAL,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )
    residence_country = forms.ChoiceField(
        label=gettext_lazy("Country of residence"),
        required=False,
        choices=lambda: [("", "–"), *country_choices()],
    )
    tax_countries = forms.MultipleChoiceField(
        label=gettext_lazy("Tax residence"),
        required=False,
        choices=country_choices,
        help_text=_SEVERAL,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("da", gettext_lazy("Danish")), ("en", gettext_lazy("English"))],
    )
    occupation = forms.CharField(label=gettext_lazy("Occupation"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    line1 = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=120, required=False)
    country = forms.ChoiceField(
        label=gettext_lazy("Country"), required=False, initial="DK", choices=country_choices
    )
    branch = forms.ModelChoiceField(
        label=gettext_lazy("Branch"), queryset=Branch.objects.all(), required=False
    )
    adviser = forms.ModelChoiceField(
        label=gettext_lazy("Adviser"),
        queryset=User.objects.filter(
            is_active=True, is_robot=False, groups__name="adviser"
        ).order_by("first_name", "last_name"),
        required=False,
    )

    def __init__(self, *args: Any, known: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        if known:
            for name in (*self.not_of(known), "kind"):
                del self.fields[name]
            needed = "name" if known == PartyKind.ORGANISATION else "family_name"
            self.fields[needed].required = True

    @staticmethod
    def not_of(kind: str) -> tuple[str, ...]:
        """The fields that this kind of customer has not."""
        return OF_PERSONS if kind == PartyKind.ORGANISATION else OF_ORGANISATIONS

    def sections(self) -> list[tuple[str, list[tuple[BoundField, str, bool]]]]:
        """The fields in groups; each with whose it is, and whether it may be left empty."""
        groups = (
            (
                _("Who"),
                ("kind", "given_names", "family_name", "name", "number", "born_on", "birth_place",
                 "occupation", "language"),
            ),
            (_("Address and contact"),
             ("line1", "postal_code", "city", "country", "email", "phone")),
            (_("Citizenship and tax"), ("residence_country", "nationalities", "tax_countries")),
            (_("In the bank"), ("branch", "adviser")),
        )  # fmt: skip
        return [
            (title, [self._placed(name) for name in names if name in self.fields])
            for title, names in groups
        ]

    def _placed(self, name: str) -> tuple[BoundField, str, bool]:
        whose = ""
        if not self.known:
            whose = "person" if name in OF_PERSONS else ""
            whose = "organisation" if name in OF_ORGANISATIONS else whose
        needed = self.fields[name].required or name in {"family_name", "name"}
        return self[name], whose, not needed

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.known:
            return {**data, "kind": self.known}
        if data.get("kind") == PartyKind.ORGANISATION and not data.get("name"):
            self.add_error("name", _("An organisation needs a name."))
        if data.get("kind") == PartyKind.PERSON and not data.get("family_name"):
            self.add_error("family_name", _("A person needs a family name."))
        # What was typed before the kind was changed belongs to nobody.
        for name in self.not_of(str(data.get("kind", ""))):
            data[name] = _EMPTY.get(name, "")
        return data

    def fields_of_record(self) -> dict[str, Any]:
        """The cleaned values by the names that the services use."""
        data = dict(self.cleaned_data)
        email, phone = data.pop("email"), data.pop("phone")
        address = {name: data.pop(name) for name in ("line1", "postal_code", "city", "country")}
        kind = "home" if data["kind"] == PartyKind.PERSON else "registered"
        addresses = []
        if address["line1"]:
            addresses = [{"kind": kind, **address, "country": address["country"] or "DK"}]
        return {
            **data,
            "emails": [email] if email else [],
            "phones": [phone] if phone else [],
            "addresses": addresses,
        }


class NewCustomerForm(CustomerForm):
    """A new customer with a number."""

    number = forms.CharField(
        label=gettext_lazy("CPR or CVR number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Kept encrypted and shown masked."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    field_order = ["kind", "given_names", "family_name", "name", "number"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        number = data.get("number")
        if number:
            kind = "cvr" if data.get("kind") == PartyKind.ORGANISATION else "cpr"
            try:
                check_identifier(kind=kind, value=number)
            except InvalidIdentifier as exc:
                self.add_error("number", ValidationError(str(exc)))
        return data

    def fields_of_record(self) -> dict[str, Any]:
        fields = super().fields_of_record()
        number = fields.pop("number")
        kind = "cvr" if fields["kind"] == PartyKind.ORGANISATION else "cpr"
        return {**fields, "identifiers": [(kind, number)] if number else []}
