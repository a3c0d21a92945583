"""Acts of the holdings tab: renewing, and consents to read accounts at other banks."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clm.core import access, actors
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import Job
from clm.core.web.paging import keyset
from clm.core.web.views import StaffMixin, StaffRequest, safe_next
from customers import selectors, services
from customers.web.imports import FileJobView, SourceFileForm


class _Act(StaffMixin):
    """A POST that does one thing and goes back to the tab, with what came of it in a sentence."""

    http_method_names = ["post"]
    anchor = ""

    def act(self, request: StaffRequest, pk: UUID) -> tuple[UUID, str]:
        """Do it; the customer and the sentence."""
        raise NotImplementedError

    def customer_of(self, request: StaffRequest, pk: UUID) -> UUID:
        """Whose page to go back to when it was refused."""
        raise NotImplementedError

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        try:
            customer_id, said = self.act(request, pk)
            messages.success(request, said)
        except (ValidationError, PermissionDenied, TransitionRefused, StaleVersion) as exc:
            customer_id = self.customer_of(request, pk)
            messages.error(request, " ".join(getattr(exc, "messages", [str(exc)])))
        page = reverse("customers:customer", args=[customer_id])
        return HttpResponseRedirect(f"{page}?tab=holdings{self.anchor}")


class RenewView(_Act):
    """POST `matures_on`, `reason`, `version`: a holding gets a later end."""

    permission = "customers.change_holding"

    def act(self, request: StaffRequest, pk: UUID) -> tuple[UUID, str]:
        holding = get_object_or_404(selectors.visible_holdings(actor=request.user), pk=pk)
        try:
            matures_on = date.fromisoformat(request.POST.get("matures_on", ""))
        except ValueError:
            raise ValidationError(_("Give the new end as a day.")) from None
        version = request.POST.get("version", "")
        renewed = services.renew_holding(
            holding=holding,
            matures_on=matures_on,
            reason=request.POST.get("reason", "").strip()[:2000],
            version=int(version) if version.isdecimal() else None,
            actor=request.user,
            at=timezone.now(),
        )
        return renewed.customer_id, _("%(product)s is renewed.") % {"product": renewed.product}

    def customer_of(self, request: StaffRequest, pk: UUID) -> UUID:
        return selectors.visible_holdings(actor=request.user).get(pk=pk).customer_id


class AskAccountConsentView(_Act):
    """POST `bank`, `days`: begin a consent; the other bank is asked within seconds."""

    permission = "customers.add_accountconsent"
    anchor = "#elsewhere"

    def act(self, request: StaffRequest, pk: UUID) -> tuple[UUID, str]:
        customer = get_object_or_404(selectors.visible_customers(actor=request.user), pk=pk)
        bank = _named(selectors.open_banks(), request.POST.get("bank", ""))
        days = request.POST.get("days", "")
        if bank is None or not (days.isascii() and days.isdecimal() and len(days) < 5):
            raise ValidationError(_("Choose a bank and say for how many days."))
        services.ask_account_consent(
            customer=customer, bank=bank, days=int(days), actor=request.user, at=timezone.now()
        )
        said = _("%(bank)s is asked; the customer then approves it there.")
        return customer.pk, said % {"bank": bank}

    def customer_of(self, request: StaffRequest, pk: UUID) -> UUID:
        return pk


class RevokeAccountConsentView(_Act):
    """POST `by`, `reason`: withdraw a consent."""

    permission = "customers.revoke_accountconsent"
    anchor = "#elsewhere"

    def act(self, request: StaffRequest, pk: UUID) -> tuple[UUID, str]:
        consent = get_object_or_404(selectors.visible_account_consents(actor=request.user), pk=pk)
        done = services.revoke_account_consent(
            consent=consent,
            by="us" if request.POST.get("by") == "us" else "customer",
            reason=request.POST.get("reason", "").strip()[:2000],
            actor=request.user,
            at=timezone.now(),
        )
        said = _("The consent is withdrawn; nothing more is read from %(bank)s.")
        return done.customer_id, said % {"bank": done.bank}

    def customer_of(self, request: StaffRequest, pk: UUID) -> UUID:
        return selectors.visible_account_consents(actor=request.user).get(pk=pk).customer_id


class ReadAccountsView(_Act):
    """POST: read the accounts of a consent now."""

    permission = "customers.add_accountconsent"
    anchor = "#elsewhere"

    def act(self, request: StaffRequest, pk: UUID) -> tuple[UUID, str]:
        consent = get_object_or_404(selectors.visible_account_consents(actor=request.user), pk=pk)
        if not services.read_now(consent=consent, at=timezone.now()):
            raise ValidationError(_("This consent is not in force."))
        return consent.customer_id, _("The accounts are read within a minute.")

    def customer_of(self, request: StaffRequest, pk: UUID) -> UUID:
        return selectors.visible_account_consents(actor=request.user).get(pk=pk).customer_id


class TransactionFileForm(SourceFileForm):
    """What an import of transactions needs to know."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Account statements (camt.053) as XML, or a table as CSV, XLSX or JSON Lines; at most"
            " 20 MB."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.csv,.txt,.xlsx,.jsonl"}),
    )


class TransactionsView(FileJobView):
    """The form, recent imports, and what waits for its holding or for somebody to look."""

    template_name = "customers/transactions.html"
    permission = ("customers.add_transaction", "customers.view_parkedtransaction")
    form_class = TransactionFileForm
    kinds = ("customers.transactions",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        page = keyset(
            queryset=selectors.visible_parked(actor=actor),
            request=self.request,
            order=("parked_at", "id"),
        )
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "waiting": selectors.visible_parked(actor=actor).count(),
            "may_import": actors.may(actor=actor, permission="customers.add_transaction"),
            "may_settle": actors.may(actor=actor, permission="customers.change_parkedtransaction"),
        }

    def start(self, data: dict[str, Any]) -> Job:
        # Refuses who may only look at what waits.
        return services.start_transaction_import(
            file=data["file"].file,
            file_name=data["file"].name,
            source=data["source"],
            actor=self.request.user,
            at=timezone.now(),
        )


class SettleParkedView(StaffMixin):
    """POST nothing: try what waits again; POST `parked`, `reason`: give one up."""

    permission = "customers.change_parkedtransaction"
    http_method_names = ["post"]

    def post(self, request: StaffRequest) -> HttpResponse:
        at = timezone.now()
        if request.POST.get("parked"):
            self._discard(request)
        else:
            added = services.retry_parked(at=at)
            said = ngettext(
                "%(n)s transaction has found its account.",
                "%(n)s transactions have found their accounts.",
                added,
            )
            messages.success(request, said % {"n": added})
        return HttpResponseRedirect(safe_next(request, reverse("customers:transactions")))

    def _discard(self, request: StaffRequest) -> None:
        parked = _named(selectors.visible_parked(actor=request.user), request.POST["parked"])
        reason = request.POST.get("reason", "").strip()[:2000]
        if parked is None or not reason:
            messages.error(request, _("Say why it is given up."))
            return
        access.note_read(records=parked)
        services.discard_parked(parked=parked, actor=request.user, at=timezone.now(), reason=reason)
        messages.success(request, _("The transaction is given up."))


def _named(queryset: Any, text: str) -> Any:
    try:
        return queryset.filter(pk=UUID(text)).first()
    except ValueError:
        return None
