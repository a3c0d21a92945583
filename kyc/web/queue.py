"""The queue, assignment, and the page of a case."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import access, actors, events
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from clm.core.web.paging import keyset
from clm.core.web.views import StaffRequest, StaffView, safe_next
from clm.core.web.views.staff import StaffMixin
from kyc import selectors, services
from kyc.models import Case
from kyc.selectors import team
from kyc.suspicion import selectors as suspicion
from kyc.web.alerts import may_report, row
from kyc.web.panels import asked_of, checks_of, queue_tabs, rating_of
from kyc.web.registers import register_of


class QueueView(StaffView):
    """Tabs of cases by deadline."""

    permission = "kyc.view_case"
    template_name = "kyc/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        tab = self.request.GET.get("tab", "mine")
        tab = tab if tab in selectors.TABS else "mine"
        page = keyset(
            queryset=selectors.queue(actor=actor, tab=tab),
            request=self.request,
            order=("due_at", "id"),
        )
        selectors.with_work(page.items)
        access.note_read(records=page.items, kind="list")
        return super().get_context_data(
            page=page,
            tab=tab,
            tabs=queue_tabs(counts=selectors.counts(actor=actor), chosen=tab),
            may_assign=(may_assign := actors.may(actor=actor, permission="kyc.assign_case")),
            desks=(desks := team.desks(at=timezone.now()) if may_assign else []),
            colleagues=[one.user for one in desks],
            to_clear=tab == "approve" and actors.may(actor=actor, permission="kyc.clear_case"),
            open_alerts=selectors.alert_counts(actor=actor)["open"],
            waiting_reports=suspicion.waiting_reports(actor=actor),
            **kwargs,
        )


class AssignView(StaffMixin):
    """Give chosen cases to someone: shown first, done when confirmed."""

    permission = "kyc.assign_case"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        back = safe_next(request, reverse("kyc:queue"))
        keys = [one for one in request.POST.getlist("case") if _is_key(one)][:200]
        cases = list(selectors.visible_cases(actor=request.user).filter(pk__in=keys))
        assignee = self._assignee(request)
        if not cases:
            messages.error(request, _("Choose at least one case."))
            return HttpResponseRedirect(back)
        if len(cases) > 1 and not request.POST.get("confirmed"):
            selectors.with_work(cases)
            return render(
                request,
                "kyc/assign.html",
                {"cases": cases, "assignee": assignee, "back": back},
            )
        done, refused = 0, []
        for case in cases:
            try:
                services.assign_case(
                    case=case, assignee=assignee, actor=request.user, at=timezone.now()
                )
                done += 1
            except TransitionRefused as refusal:
                refused.append(f"{case.customer}: {' '.join(refusal.reasons)}")
        if done:
            messages.success(
                request,
                ngettext("%(n)s case assigned.", "%(n)s cases assigned.", done) % {"n": done},
            )
        for one in refused:
            messages.error(request, one)
        return HttpResponseRedirect(back)

    def _assignee(self, request: StaffRequest) -> User | None:
        key = request.POST.get("assignee", "")
        if key == "nobody":
            return None
        if _is_key(key):
            return next((one for one in colleagues() if str(one.pk) == key), request.user)
        return request.user


class CaseView(StaffView):
    """One case: what was found, what was decided, what can be done."""

    permission = "kyc.view_case"
    template_name = "kyc/case.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        case = get_object_or_404(
            selectors.visible_cases(actor=actor).prefetch_related("checks", "assessments"),
            pk=self.kwargs["pk"],
        )
        selectors.with_work([case])
        access.note_read(records=case)
        return super().get_context_data(
            case=case,
            checks=checks_of(case),
            rating=rating_of(case),
            alerts=[row(one) for one in selectors.alerts_of_case(case=case, actor=actor)],
            asked=asked_of(case),
            register=register_of(case, actor),
            history=list(
                events.for_record(case).select_related("actor").order_by("-sequence")[:50]
            ),
            may_assign=actors.may(actor=actor, permission="kyc.assign_case"),
            reports=suspicion.reports_about(customer=case.customer, actor=actor),
            may_report=may_report(actor=actor),
            **kwargs,
        )


class CaseFileView(StaffMixin):
    """POST: make the file of a case; its job shows when it is ready."""

    permission = "kyc.view_case"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        case = get_object_or_404(selectors.visible_cases(actor=request.user), pk=pk)
        job = services.start_case_file(case=case, actor=request.user, at=timezone.now())
        messages.info(request, _("The case file is being made."))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))


def colleagues() -> list[User]:
    """People who work on cases."""
    return list(team.case_workers()[:100])


def case_url(case: Case) -> str:
    return reverse("kyc:case", args=[case.pk])


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
