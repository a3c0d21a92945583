"""Files that do not meet the rules in force: as a page by what is missing, and as a file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone, translation

from clm.core import access, actors
from clm.core.models import Job, User
from clm.core.tables import write_rows
from clm.core.web.paging import keyset
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from kyc import services
from kyc.models import FileGap
from kyc.rating import selectors
from kyc.web.risk_words import gap, gap_detail

#: So many rows of the file are written at a time.
_PART = 1000


class GapsView(StaffView):
    """Gaps by customer; `?code=` shows one kind of them."""

    permission = "kyc.view_filegap"
    template_name = "kyc/gaps.html"
    partials = ("gaps",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        counts = selectors.gap_counts(actor=actor)
        code = self.request.GET.get("code", "")
        code = code if code in counts else ""
        found = selectors.visible_gaps(actor=actor)
        page = keyset(
            queryset=found.filter(code=code) if code else found,
            request=self.request,
            order=("id",),
        )
        access.note_read(records=[one.customer for one in page.items], kind="list")
        return super().get_context_data(
            page=page,
            rows=[
                (one, gap(one.code, one.facts), gap_detail(one.code, one.facts))
                for one in page.items
            ],
            kinds=[(each, gap(each, {}), count) for each, count in counts.items()],
            code=code,
            total=sum(counts.values()),
            looked_at=selectors.last_stocktake(),
            job=Job.objects.filter(kind=selectors.STOCKTAKE, state__in=Job.OPEN).first(),
            may_look=actors.may(actor=actor, permission="kyc.add_case"),
            **kwargs,
        )


class LookView(StaffMixin):
    """POST: look through all files now."""

    permission = "kyc.add_case"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        services.start_stocktake(actor=request.user, at=timezone.now())
        return HttpResponseRedirect(reverse("kyc:gaps"))


class GapsFileView(StaffMixin):
    """The gaps as CSV, read and sent part by part; the access log names every customer in it."""

    permission = "kyc.view_filegap"
    request: StaffRequest

    def get(self, request: StaffRequest, **_kwargs: Any) -> StreamingHttpResponse:
        code = request.GET.get("code", "")
        parts = _parts(request.user, code, translation.get_language() or "en", timezone.now())
        response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="kyc-gaps.csv"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _parts(actor: User, code: str, language: str, at: datetime) -> Iterator[bytes]:
    found = selectors.visible_gaps(actor=actor).order_by("pk")
    if code:
        found = found.filter(code=code)
    last, heading = None, True
    while True:
        rows = list((found.filter(pk__gt=last) if last else found)[:_PART])
        if not rows and not heading:
            return
        with translation.override(language):
            yield _written(rows, heading=heading)
        if rows:
            access.write(
                actor=actor, kind="export", route="kyc:gaps-file",
                record_type="customers.Customer",
                record_ids=sorted({str(one.customer_id) for one in rows}), reason="", at=at,
            )  # fmt: skip
        if len(rows) < _PART:
            return
        last, heading = rows[-1].pk, False


def _written(rows: list[FileGap], *, heading: bool) -> bytes:
    return write_rows(
        form="csv",
        columns=("customer_id", "name", "risk", "adviser", "code", "what", "detail", "found_at"),
        rows=[
            (
                str(one.customer_id), str(one.customer), one.level,
                str(one.customer.adviser or ""), one.code, gap(one.code, one.facts),
                gap_detail(one.code, one.facts), one.found_at.isoformat(timespec="seconds"),
            )
            for one in rows
        ],
        heading=heading,
    )  # fmt: skip
