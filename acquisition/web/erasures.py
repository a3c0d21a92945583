"""Leads past their time: how many, asking for their erasure, and the certificates of those done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from acquisition import selectors, services
from acquisition.lifecycle import ErasureState
from clm.core import access, actors, files
from clm.core.web.paging import keyset
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin

UNDER_WAY = (ErasureState.DRAFT, ErasureState.PENDING, ErasureState.RELEASED)


class ErasuresView(StaffView):
    """The rule, how many leads it is time for, and the erasures so far."""

    permission = "acquisition.view_leaderasure"
    template_name = "acquisition/erasures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        erasures = selectors.visible_erasures(actor=self.request.user)
        page = keyset(queryset=erasures, request=self.request, order=("-created_at", "-id"))
        return super().get_context_data(
            page=page,
            past=selectors.past_today(at=timezone.now()),
            under_way=erasures.filter(state__in=UNDER_WAY).exists(),
            may_ask=actors.may(actor=self.request.user, permission="acquisition.add_leaderasure"),
            **kwargs,
        )


class AskErasureView(StaffMixin):
    """POST: ask a second person to erase what is past its time."""

    permission = "acquisition.add_leaderasure"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        try:
            services.ask_erasure(actor=request.user, at=timezone.now())
            messages.success(request, _("Asked. A second person releases it."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("acquisition:erasures"))


class CertificateView(StaffMixin):
    """The certificate of one erasure."""

    permission = "acquisition.view_leaderasure"

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        erasures = selectors.visible_erasures(actor=self.request.user)
        erasure = get_object_or_404(erasures, pk=kwargs["pk"])
        if not erasure.certificate:
            raise Http404
        access.note_read(records=erasure, kind="export")
        return FileResponse(
            files.open_file(key=erasure.certificate),
            as_attachment=True,
            filename=f"erasure-{erasure.pk.hex[-8:]}.pdf",
            content_type="application/pdf",
        )
