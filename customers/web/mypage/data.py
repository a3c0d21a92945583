"""A copy of one's own data: ordered here, made by a job, fetched here."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from clm.core import access, jobs
from clm.core.models import Job
from customers import services
from customers.selectors import mypage
from customers.web.mypage.base import OwnView


class DataView(OwnView):
    """The copies that were ordered; POST orders one."""

    template_name = "mypage/data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        packs = list(mypage.own_packs(customer=self.customer)[:5])
        return super().get_context_data(
            packs=packs,
            ready=next((one for one in packs if one.result_file), None),
            making=any(one.is_open for one in packs),
            **kwargs,
        )

    def post(self, request: Any) -> HttpResponse:
        services.mypage.order_pack(customer=self.customer, actor=self.request.user, at=self.at)
        return HttpResponseRedirect(reverse("my:data"))


class FileView(OwnView):
    """The newest copy that is ready, as an attachment."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        packs = mypage.own_packs(customer=self.customer).filter(state=Job.State.DONE)
        # A copy is there for a month.
        job = packs.exclude(result_file="").first()
        if job is None:
            raise Http404
        access.note_read(records=self.customer, kind="export", reason=self.who["shown"])
        response = FileResponse(
            jobs.open_result(job=job, actor=self.request.user),
            as_attachment=True,
            filename=f"data-{job.created_at:%Y-%m-%d}.zip",
            content_type="application/zip",
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response
