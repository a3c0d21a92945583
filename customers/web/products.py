"""The catalogue: what the bank offers, to whom, at what price and when; and the form that changes it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors, records
from clm.core.lifecycle import StaleVersion
from clm.core.web import menu
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffView
from customers import services
from customers.models import PartyKind, Product, ProductDocument, SalesChannel

SECTIONS = (
    (gettext_lazy("What it is"), ("code", "category", "name_da", "name_en", "description_da", "description_en")),
    (gettext_lazy("Who can have it"), ("customer_kinds", "minimum_age", "maximum_age", "countries", "documents")),
    (gettext_lazy("Price and sale"), ("currency", "price_per_year", "margin_per_year", "channels")),
    (gettext_lazy("When"), ("valid_from", "valid_to", "term_months", "notice_days")),
)  # fmt: skip


def register() -> None:
    menu.register(
        menu.MenuItem(
            "products", gettext_lazy("Products"), "package", "customers:products", group="system",
            permission="customers.change_product", order=39,
        )
    )  # fmt: skip


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of the catalogue."""

    customer_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("For"), choices=PartyKind.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"), choices=SalesChannel.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Documents"), choices=ProductDocument.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What has to be there before the customer can have it."),
    )  # fmt: skip

    class Meta:
        model = Product
        fields = [name for _title, names in SECTIONS for name in names]
        widgets = {
            "description_da": forms.Textarea({"rows": 3}),
            "description_en": forms.Textarea({"rows": 3}),
            "valid_from": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]


class ProductsView(StaffView):
    """Every entry, those on sale first, each with how many customers have it."""

    template_name = "customers/products.html"
    permission = "customers.view_product"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        actor = self.request.user
        running = Count("holdings", filter=Q(holdings__closed_on=None))
        found = list(Product.objects.annotate(running=running).order_by("category", "code"))
        groups = {
            _("On sale"): [one for one in found if _on_sale(one, today)],
            _("To come"): [one for one in found if one.valid_from > today],
            _("No longer on sale"): [one for one in found if one.valid_to and one.valid_to < today],
        }
        return {
            **super().get_context_data(**kwargs),
            "groups": [(title, rows) for title, rows in groups.items() if rows],
            "may_add": actors.may(actor=actor, permission="customers.add_product"),
            "may_change": actors.may(actor=actor, permission="customers.change_product"),
        }


class NewProductView(StaffFormView):
    template_name = "customers/product.html"
    permission = "customers.add_product"
    form_class = ProductForm

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "valid_from": timezone.localdate()}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            product = services.add_product(
                **form.cleaned_data, actor=self.request.user, at=timezone.now()
            )
        except ValidationError as exc:
            spread(form, exc)
            return self.form_invalid(form)
        messages.success(self.request, _("%(name)s is in the catalogue.") % {"name": product})
        return HttpResponseRedirect(reverse("customers:products"))


class ProductView(StaffFormView):
    """Change an entry; who has it keeps what they have."""

    template_name = "customers/product.html"
    permission = "customers.change_product"
    form_class = ProductForm

    @cached_property
    def product(self) -> Product:
        return get_object_or_404(Product, pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: the form writes into what it is given before anything is decided.
        shown = Product.objects.get(pk=self.product.pk)
        return {**super().get_form_kwargs(), "instance": shown}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.request.POST.get("version") or self.product.version
        return {**super().get_context_data(**kwargs), "product": self.product, "version": version}

    def form_valid(self, form: Any) -> HttpResponse:
        seen = self.request.POST.get("version", "")
        try:
            product = records.change(
                record=self.product,
                changes={name: form.cleaned_data[name] for name in form.changed_data},
                actor=self.request.user,
                at=timezone.now(),
                version=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            )
        except StaleVersion:
            form.add_error(
                None, _("Somebody changed this in the meantime. Open it again and look first.")
            )
            return self.form_invalid(form)
        except ValidationError as exc:
            spread(form, exc)
            return self.form_invalid(form)
        messages.success(self.request, _("%(name)s is changed.") % {"name": product})
        return HttpResponseRedirect(reverse("customers:products"))


def _on_sale(product: Product, today: Any) -> bool:
    return product.valid_from <= today and (product.valid_to is None or product.valid_to >= today)
