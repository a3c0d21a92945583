"""Recording and changing a customer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clm.core import access, events
from clm.core.lifecycle import StaleVersion
from clm.core.models import User
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView
from customers import selectors, services
from customers.models import Customer
from customers.web.forms import CustomerForm, NewCustomerForm

#: A field of the record -> the field of the form that stands for it.
_SHOWN_AS = {"emails": "email", "phones": "phone", "addresses": "line1", "identifiers": "number"}


class NewCustomerView(StaffFormView):
    """Record somebody as a prospect."""

    template_name = "customers/form.html"
    permission = "customers.add_customer"
    form_class = NewCustomerForm

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        adviser = user.pk if user.groups.filter(name="adviser").exists() else None
        return {"branch": user.branch_id, "adviser": adviser, "language": "da", "country": "DK"}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            customer = services.create_customer(
                **form.fields_of_record(),
                source="branch",
                actor=self.request.user,
                at=timezone.now(),
            )
        except ValidationError as exc:
            return refused(self, form, exc)
        messages.success(self.request, _("%(name)s is recorded.") % {"name": customer})
        return HttpResponseRedirect(reverse("customers:customer", args=[customer.pk]))


class EditCustomerView(StaffFormView):
    """Change what is known; somebody else's change in the meantime is shown beside one's own."""

    template_name = "customers/form.html"
    permission = "customers.change_customer"
    form_class = CustomerForm

    @cached_property
    def customer(self) -> Customer:
        pk: UUID = self.kwargs["pk"]
        return get_object_or_404(selectors.visible_customers(actor=self.request.user), pk=pk)

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.customer)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "known": self.customer.kind}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        access.note_read(records=self.customer)
        context = super().get_context_data(**kwargs)
        return {**context, "customer": self.customer, "version": self.customer.version}

    def form_valid(self, form: Any) -> HttpResponse:
        changes = form.fields_of_record()
        changes.pop("kind")
        version = self.request.POST.get("version", "")
        try:
            customer = services.change_customer(
                customer=self.customer,
                changes=_written(changes, form),
                actor=self.request.user,
                at=timezone.now(),
                version=int(version) if version.isdigit() and len(version) < 10 else 0,
            )
        except StaleVersion:
            return self._conflict(form)
        except ValidationError as exc:
            return refused(self, form, exc)
        messages.success(self.request, _("%(name)s is saved.") % {"name": customer})
        return HttpResponseRedirect(reverse("customers:customer", args=[customer.pk]))

    def _conflict(self, form: CustomerForm) -> HttpResponse:
        """Both versions side by side; saving again then counts against the one now shown."""
        now = initial_of(self.customer)
        rows = []
        for field in form:
            mine, theirs = form.cleaned_data.get(field.name), now.get(field.name)
            mine = getattr(mine, "pk", mine)
            if (mine or None) != (theirs or None):
                shown = (_shown(field, theirs), _shown(field, mine))
                rows.append((field.label, *shown, field.name))
        last = events.for_record(self.customer).first()
        context = {
            "conflict": rows,
            "changed_by": User.objects.filter(pk=last.actor_id).first() if last else None,
            "changed_at": last.at if last else None,
        }
        return self.render_to_response(self.get_context_data(form=form, **context), status=409)


def initial_of(customer: Customer) -> dict[str, Any]:
    """The form's values as the record stands."""
    own = {
        name: getattr(customer, name)
        for name in (
            "kind", "given_names", "family_name", "name", "born_on", "birth_place",
            "nationalities", "residence_country", "tax_countries", "language", "occupation",
        )
    }  # fmt: skip
    points = {
        point.kind: point.value
        for point in customer.contact_points.filter(valid_to=None).order_by("-id")
    }
    address = customer.addresses.filter(valid_to=None).order_by("kind").first()
    place = {
        name: getattr(address, name) if address else ""
        for name in ("line1", "postal_code", "city", "country")
    }
    return {
        **own,
        **place,
        "email": points.get("email", ""),
        "phone": points.get("phone", ""),
        "branch": customer.branch_id,
        "adviser": customer.adviser_id,
    }


def refused(view: StaffFormView, form: Any, exc: ValidationError) -> HttpResponse:
    """The form again, with the service's sentences beside its fields."""
    spread(form, exc, _SHOWN_AS)
    return view.form_invalid(form)


def _written(changes: dict[str, Any], form: CustomerForm) -> dict[str, Any]:
    """Without the parts that nobody touched, so that a second e-mail address is not lost."""
    untouched = {
        "emails": ["email"],
        "phones": ["phone"],
        "addresses": ["line1", "postal_code", "city", "country"],
    }
    return {
        name: value
        for name, value in changes.items()
        if name not in untouched or set(untouched[name]) & set(form.changed_data)
    }


def _shown(field: Any, value: Any) -> str:
    if value in (None, "", []):
        return "–"
    choices = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return ", ".join(choices.get(str(one), str(one)) for one in values)
