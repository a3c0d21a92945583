"""
Suspicious-activity reports: the list, one report, and its steps.

For compliance alone, and for an auditor what was opened to them. Nothing here notes an access in
the common log: who read a report stands in the reports' own chain.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.web.paging import keyset
from clm.core.web.views import StaffFormView, StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from clm.core.web.views.transition import refusal_response
from kyc.models import SuspicionGrant, SuspicionReport
from kyc.selectors import visible_alerts, visible_cases
from kyc.suspicion import chain, document, selectors, services
from kyc.suspicion.codes import code_book
from kyc.web.report_forms import AccessForm, ReceiptForm, ReportForm

READERS = (selectors.SEE, selectors.SEE_GRANTED)


class ReportsView(StaffView):
    """Tabs of reports, the newest first; `?chain=1` proves the reports' own chain."""

    permission = READERS
    template_name = "kyc/reports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        tab = self.request.GET.get("tab", "work")
        tab = tab if tab in selectors.TABS else "work"
        found = selectors.visible_reports(actor=actor, on=timezone.localdate())
        is_compliance = selectors.is_compliance(actor=actor)
        if is_compliance:
            found = found.filter(state__in=selectors.TABS[tab])
        page = keyset(queryset=found, request=self.request, order=("-created_at", "-id"))
        asked = is_compliance and "chain" in self.request.GET
        return super().get_context_data(
            page=page,
            tabs=_tabs(tab) if is_compliance else [],
            tab=tab,
            is_compliance=is_compliance,
            chain_asked=asked,
            chain_faults=chain.faults() if asked else [],
            **kwargs,
        )


class StartView(StaffMixin):
    """POST `case` or `alert`: begin a draft about its customer."""

    permission = "kyc.add_suspicionreport"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        actor = request.user
        alert = _chosen(visible_alerts(actor=actor), request.POST.get("alert", ""))
        case = _chosen(visible_cases(actor=actor), request.POST.get("case", ""))
        if alert is not None:
            customer, case = alert.customer, alert.case
        elif case is not None:
            customer = case.customer
        else:
            messages.error(request, _("A report begins on a case or an alert."))
            return HttpResponseRedirect(reverse("kyc:reports"))
        report = services.start_report(
            customer=customer, case=case, alert=alert, actor=actor, at=timezone.now()
        )
        return HttpResponseRedirect(reverse("kyc:report", args=[report.pk]))


class ReportView(StaffFormView):
    """One report: the draft to be written, or what was sent, with what can be done."""

    permission = READERS
    template_name = "kyc/report.html"
    form_class = ReportForm

    @property
    def report(self) -> SuspicionReport:
        if "_report" not in self.__dict__:
            self._report = _visible(self.request, self.kwargs["pk"])
        return self._report

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        services.note_read(report=self.report, actor=self.request.user, at=timezone.now())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        self.offered = (
            selectors.transactions_offered(report=self.report, on=timezone.localdate())
            if self.report.in_draft
            else selectors.transactions_in(report=self.report)
        )
        return {**super().get_form_kwargs(), "report": self.report, "offered": self.offered}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        actor, report, at = self.request.user, self.report, timezone.now()
        is_compliance = selectors.is_compliance(actor=actor)
        ticked = context["form"].ticked()
        return {
            **context,
            **_told(report, at),
            "report": report,
            "customer": selectors.customer_now(report=report),
            "is_compliance": is_compliance,
            "may_write": is_compliance
            and report.in_draft
            and actors.may(actor=actor, permission="kyc.change_suspicionreport"),
            "may_fetch": report.state in {"APPROVED", "FILED"}
            and is_compliance
            and actors.may(actor=actor, permission="kyc.file_suspicionreport"),
            "may_open": actors.may(actor=actor, permission="kyc.grant_suspicionreport")
            and is_compliance,
            "steps": _steps(report, actor, at) if is_compliance else [],
            "rows": [(one, str(one.pk) in ticked) for one in self.offered],
            "chosen": len(ticked),
            "indicators": [one for one in code_book().indicators if one.code in report.indicators],
            "receipt_form": ReceiptForm(),
            "access_form": AccessForm() if is_compliance else None,
            "grants": report.grants.filter(withdrawn_at=None).select_related("reader", "given_by"),
            "history": selectors.history_of(report=report),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """`step=propose`: saved, then sent for approval."""
        actor, at = self.request.user, timezone.now()
        try:
            report = services.write_report(
                report=self.report, changes=form.changes(), actor=actor, at=at,
                version=_version(self.request),
            )  # fmt: skip
        except (StaleVersion, TransitionRefused) as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        if self.request.POST.get("step") == "propose":
            return _step(
                self.request, report, lambda: services.propose_report(
                    report=report, actor=actor, at=at
                ), _("Sent for approval."),
            )  # fmt: skip
        messages.success(self.request, _("The draft is saved."))
        return HttpResponseRedirect(reverse("kyc:report", args=[report.pk]))


class StepView(StaffMixin):
    """POST to one of the steps; a refusal says what is missing."""

    permission = "kyc.view_suspicionreport"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, pk: UUID, step: str) -> HttpResponse:
        report = _visible(request, pk)
        given: dict[str, Any] = {
            "report": report, "actor": request.user, "at": timezone.now(),
            "version": _version(request),
        }  # fmt: skip
        if step == "file":
            form = ReceiptForm(request.POST)
            if not form.is_valid():
                return _refused(request, report, _sentences(form))
            given |= form.cleaned_data
        elif step in {"send_back", "withdraw"}:
            given["reason"] = request.POST.get("reason", "").strip()
        steps: dict[str, tuple[Callable[..., Any], str]] = {
            "approve": (services.approve_report, _("The report is approved.")),
            "send_back": (services.return_report, _("The report is a draft again.")),
            "withdraw": (services.withdraw_report, _("The report is withdrawn.")),
            "file": (services.file_report, _("The receipt is recorded.")),
        }
        if step not in steps:
            raise Http404
        service, done = steps[step]
        return _step(request, report, lambda: service(**given), done)


class ReportFileView(StaffMixin):
    """POST: the XML to hand in at the authority's portal."""

    permission = "kyc.file_suspicionreport"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        report = _visible(request, pk)
        try:
            content = services.file_content(report=report, actor=request.user, at=timezone.now())
        except TransitionRefused as refused:
            return _refused(request, report, refused.reasons)
        return HttpResponse(
            content,
            content_type="application/xml",
            headers={"Content-Disposition": f'attachment; filename="{report.reference}.xml"'},
        )


class AccessView(StaffMixin):
    """POST: open the report to an auditor, or with `grant` close it again."""

    permission = "kyc.grant_suspicionreport"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        report, actor, at = _visible(request, pk), request.user, timezone.now()
        if (key := _key(request.POST.get("grant", ""))) is not None:
            grant = get_object_or_404(SuspicionGrant, pk=key, report=report)
            return _step(
                request, report,
                lambda: services.withdraw_access(grant=grant, actor=actor, at=at),
                _("The report is closed to them."),
            )  # fmt: skip
        form = AccessForm(request.POST)
        if not form.is_valid():
            return _refused(request, report, _sentences(form))
        reader = form.people[form.cleaned_data["reader"]]
        return _step(
            request, report,
            lambda: services.give_access(
                report=report, reader=reader, reason=form.cleaned_data["reason"],
                until=form.cleaned_data["until"], actor=actor, at=at,
            ),
            _("The report is open to %(name)s.") % {"name": reader},
        )  # fmt: skip


def _visible(request: StaffRequest, pk: UUID) -> SuspicionReport:
    found = selectors.visible_reports(actor=request.user, on=timezone.localdate())
    return get_object_or_404(found, pk=pk)


def _step(
    request: StaffRequest, report: SuspicionReport, work: Callable[[], Any], done: str
) -> HttpResponse:
    """Do the work, and back to the report with a word about it."""
    try:
        with transaction.atomic():
            work()
    except TransitionRefused as refused:
        return _refused(request, report, refused.reasons)
    except StaleVersion as stale:
        return _refused(request, report, [str(stale)])
    except ValidationError as invalid:
        return _refused(request, report, invalid.messages)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("kyc:report", args=[report.pk]))


def _refused(request: StaffRequest, report: SuspicionReport, reasons: list[str]) -> HttpResponse:
    back = reverse("kyc:report", args=[report.pk])
    title = _("This cannot be done yet. What is missing:")
    return refusal_response(request, title=title, reasons=reasons, status=409, back=back)


def _told(report: SuspicionReport, at: Any) -> dict[str, Any]:
    """The XML: of a draft as it would be, with what it lacks; else as it was sent."""
    if not report.in_draft:
        return {"xml": services.document_of(report=report).decode(), "faults": []}
    root = selectors.tree_of(report=report, reporter=None, at=at)
    faults = [(document.label(one.path), one) for one in document.faults(root)]
    return {"xml": document.written(root).decode(), "faults": faults}


def _steps(report: SuspicionReport, actor: Any, at: Any) -> list[lifecycle.Offer]:
    """The steps from here but for the first, which the form takes."""
    offers = lifecycle.available(record=report, actor=actor, at=at)
    return [one for one in offers if one.name != "propose"]


def _tabs(chosen: str) -> list[dict[str, Any]]:
    labels = {
        "work": _("In work"),
        "approve": _("Awaiting approval"),
        "filed": _("Filed"),
        "withdrawn": _("Withdrawn"),
    }
    address = reverse("kyc:reports")
    counts = {
        tab: SuspicionReport.objects.filter(state__in=states).count()
        for tab, states in selectors.TABS.items()
    }
    return [
        {
            "label": labels[tab],
            "url": f"{address}?tab={tab}",
            "active": tab == chosen,
            "count": counts[tab],
        }
        for tab in selectors.TABS
    ]


def _sentences(form: Any) -> list[str]:
    return [
        f"{form.fields[name].label}: {' '.join(texts)}" if name in form.fields else " ".join(texts)
        for name, texts in form.errors.items()
    ]


def _version(request: StaffRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _chosen(among: QuerySet[Any], text: str) -> Any:
    """The record that a form names, of those; None where it names none."""
    key = _key(text)
    return None if key is None else get_object_or_404(among, pk=key)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
