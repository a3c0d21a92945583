"""A register's statement typed in, and what came of each difference."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import access
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from kyc import companies, selectors, services
from kyc.models import Case, RegisterDiscrepancy
from kyc.registers import Extract, Owner
from kyc.selectors.registers import visible_discrepancies


class RegisterView(StaffView):
    """What the register says of a case's customer; POST compares it."""

    permission = "kyc.add_case"
    template_name = "kyc/register.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self._case()
        access.note_read(records=case)
        return super().get_context_data(case=case, told=self.request.POST, **kwargs)

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        case = self._case()
        try:
            found = services.note_register_extract(
                customer=case.customer, extract=_extract(request.POST), actor=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except ValidationError as exc:
            return self.render_to_response(self.get_context_data(faults=exc.messages), status=422)
        if found:
            text = ngettext(
                "%(n)s difference from the register stands open.",
                "%(n)s differences from the register stand open.",
                len(found),
            )
            messages.warning(request, text % {"n": len(found)})
        else:
            messages.success(request, _("The register says what we have."))
        return HttpResponseRedirect(reverse("kyc:case", args=[case.pk]))

    def _case(self) -> Case:
        cases = selectors.visible_cases(actor=self.request.user)
        return get_object_or_404(cases.filter(customer__kind="organisation"), pk=self.kwargs["pk"])


class AskView(StaffMixin):
    """POST `register`: ask it about a case's customer, as a job."""

    permission = "kyc.add_case"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        case = get_object_or_404(selectors.visible_cases(actor=request.user), pk=pk)
        try:
            services.start_register_read(
                customer=case.customer, register=request.POST.get("register", ""),
                actor=request.user, at=timezone.now(),
            )  # fmt: skip
        except ValidationError as exc:
            messages.error(request, " ".join(exc.messages))
        else:
            messages.info(request, _("The register is being asked; what differs appears here."))
        return HttpResponseRedirect(reverse("kyc:case", args=[case.pk]))


class SettleView(StaffMixin):
    """POST `outcome` and `comment` of a difference."""

    permission = "kyc.decide_hit"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        one = get_object_or_404(visible_discrepancies(actor=request.user), pk=pk)
        try:
            services.settle_discrepancy(
                discrepancy=one, outcome=request.POST.get("outcome", ""),
                comment=request.POST.get("comment", "")[:2000], actor=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except ValidationError as exc:
            messages.error(request, " ".join(exc.messages))
        else:
            messages.success(request, _("The difference is settled."))
        case = Case.objects.filter(customer=one.customer_id).order_by("-created_at").first()
        return HttpResponseRedirect(
            reverse("kyc:case", args=[case.pk]) if case else reverse("kyc:queue")
        )


def register_of(case: Case, actor: Any) -> dict[str, Any] | None:
    """The differences of a case's customer, for its page; None for a person."""
    if case.customer.kind != "organisation":
        return None
    found = visible_discrepancies(actor=actor).filter(customer=case.customer_id)
    return {
        "rows": list(found.order_by("-outcome", "due_on", "pk")[:50]),
        "outcomes": RegisterDiscrepancy.Outcome.choices,
        "open_to": companies.open_to(customer=case.customer),
    }


def _extract(told: Any) -> Extract:
    """The statement as it was typed: an owner a line, `name; from; to`."""
    owners = _lines(told.get("owners", ""))
    directors = _lines(told.get("directors", ""))
    address = " ".join(told.get("address", "").split())
    if not (owners or directors or address):
        raise ValidationError(_("Say what the register says."))
    return Extract(
        register=(told.get("register", "").strip() or "CVR")[:60],
        owners=[_owner(one) for one in owners] or None,
        directors=directors or None,
        address=address or None,
    )


def _owner(line: str) -> Owner:
    name, *shares = [part.strip() for part in line.split(";")]
    try:
        numbers = [float(one.rstrip("% ").replace(",", ".")) for one in shares]
        low, high = (numbers or [0.0, 100.0]) if len(numbers) != 1 else numbers * 2
    except ValueError:
        low, high = -1.0, -1.0
    if not name or not 0 <= low <= high <= 100:
        raise ValidationError(
            _("An owner is a line of name, lowest and highest share: %(line)s") % {"line": line}
        )
    return Owner(name, low, high)


def _lines(text: str) -> list[str]:
    return [one.strip() for one in text.splitlines() if one.strip()][:100]
