"""Starting an application: for whom, as which kind of customer, and for what."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import access, actors
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from customers import selectors as customers
from customers.models import Customer, Product
from onboarding import selectors, services
from onboarding.kinds import KINDS_OF_PARTY, TemplateKind

SHOWN = 30


class NewView(StaffView):
    """As which kind somebody is asked, and who is there to be asked: prospects without one."""

    permission = "onboarding.add_application"
    template_name = "onboarding/new.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, kind = self.request.user, self.request.GET.get("kind", "")
        chosen = TemplateKind(kind) if kind in TemplateKind.values else None
        found = list(selectors.without_application(actor=actor, kind=chosen)[: SHOWN + 1])
        access.note_read(records=found[:SHOWN], kind="list")
        place = reverse("onboarding:new")
        return super().get_context_data(
            kinds=[
                (one, f"{place}?kind={one.kind}", one.kind == chosen)
                for one in selectors.kind_choices()
            ],
            chosen=chosen,
            prospects=found[:SHOWN],
            more=len(found) > SHOWN,
            may_add=actors.may(actor=actor, permission="customers.add_customer"),
            may_see=actors.may(actor=actor, permission="onboarding.view_applicationtemplate"),
            **kwargs,
        )


class OpenView(StaffMixin):
    """A new application for a customer: as which kind they are asked, and the product."""

    permission = "onboarding.add_application"
    template_name = "onboarding/open.html"
    http_method_names = ["get", "post"]

    def get(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        customer = self._customer()
        access.note_read(records=customer)
        context = self._context(customer, kind=request.GET.get("kind", ""), product="")
        return TemplateResponse(request, self.template_name, context)

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        customer = self._customer()
        kind, code = request.POST.get("kind", ""), request.POST.get("product", "")
        product = _products(customer.kind).filter(code=code).first()
        try:
            if product is None:
                raise ValidationError({"product": _("Choose a product.")})
            application = services.open_for_customer(
                customer=customer, product=product, kind=kind, actor=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            context = self._context(customer, kind=kind, product=code)
            context["errors"] = {name: " ".join(told) for name, told in error.message_dict.items()}
            return TemplateResponse(request, self.template_name, context, status=422)
        return HttpResponseRedirect(reverse("onboarding:application", args=[application.pk]))

    def _customer(self) -> Customer:
        return get_object_or_404(
            customers.visible_customers(actor=self.request.user), pk=self.kwargs["pk"]
        )

    def _context(self, customer: Customer, *, kind: str, product: str) -> dict[str, Any]:
        fitting = selectors.kind_for(customer=customer, on=timezone.localdate())
        kinds = selectors.kind_choices(kinds=KINDS_OF_PARTY[customer.kind], fitting=fitting)
        return {
            "customer": customer,
            "kinds": kinds,
            "kind": kind if kind in {one.kind for one in kinds} else fitting,
            "products": _products(customer.kind),
            "product": product,
            "errors": {},
        }


def _products(kind: str) -> Any:
    return Product.objects.filter(customer_kinds__contains=[kind], valid_to=None).order_by("code")
