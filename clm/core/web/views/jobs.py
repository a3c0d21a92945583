"""Jobs: long work with progress that goes on when one leaves the page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, jobs
from clm.core.models import Job
from clm.core.web.paging import keyset
from clm.core.web.views.staff import StaffMixin, StaffRequest, StaffView, safe_next

ERRORS_SHOWN = 200
# One step is one whole look at the log; the answer is short and is shown in words.
_PLAIN = (str, int, float, bool)


def job_label(job: Job) -> str:
    """What a kind of job is called, also when this version knows it no more."""
    kind = jobs.kinds().get(job.kind)
    return str(kind.label) if kind else job.kind


def seconds_left(job: Job) -> float | None:
    """How long it will probably take, from how long it took so far; None while unknown."""
    if not (job.is_open and job.started_at and job.total and job.done):
        return None
    spent = (timezone.now() - job.started_at).total_seconds()
    return spent / job.done * max(job.total - job.done, 0)


class JobsView(StaffView):
    """My jobs, or everybody's with the permission."""

    template_name = "core/jobs.html"
    partials = ("jobs",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = jobs.visible(actor=self.request.user).select_related("created_by")
        state = self.request.GET.get("state", "")
        if state in Job.State.values:
            found = found.filter(state=state)
        page = keyset(queryset=found, request=self.request, order=("-created_at", "-id"))
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "rows": [(job, job_label(job)) for job in page.items],
            "running": any(job.is_open for job in page.items),
            "states": Job.State.choices,
            "state": state,
            "everybody": actors.may(actor=self.request.user, permission="core.view_all_jobs"),
        }


class JobView(StaffView):
    """One job: how far, what went wrong, and its result."""

    template_name = "core/job.html"
    partials = ("job",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, pk = self.request.user, self.kwargs["pk"]
        job = get_object_or_404(jobs.visible(actor=user).select_related("created_by"), pk=pk)
        errors = list(job.errors.order_by("line", "id")[: ERRORS_SHOWN + 1])
        return {
            **super().get_context_data(**kwargs),
            "job": job,
            "label": job_label(job),
            "message": jobs.message_of(job=job),
            "left": seconds_left(job),
            "errors": errors[:ERRORS_SHOWN],
            "more_errors": len(errors) > ERRORS_SHOWN,
            "outcome": [(k, v) for k, v in job.outcome.items() if isinstance(v, _PLAIN)],
        }


class CancelJobView(StaffMixin):
    """POST: ask a job to stop."""

    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        job = get_object_or_404(jobs.visible(actor=request.user), pk=pk)
        jobs.cancel(job=job, actor=request.user, at=timezone.now())
        messages.success(request, _("The job was asked to stop."))
        return HttpResponseRedirect(safe_next(request))


class JobResultView(StaffMixin):
    """The file a job made, as an attachment."""

    def get(self, request: StaffRequest, pk: UUID) -> FileResponse:
        job = get_object_or_404(jobs.visible(actor=request.user), pk=pk)
        try:
            content = jobs.open_result(job=job, actor=request.user)
        except FileNotFoundError:
            raise Http404 from None
        name = "".join(c if c.isalnum() or c in "._-" else "_" for c in job.result_name)
        response = FileResponse(
            content,
            as_attachment=True,
            filename=name or "result",
            content_type="application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response
