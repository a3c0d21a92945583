"""The documents tab of the record: what was asked for, what came, and what is to be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import access, actors, files, uploads
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.web.views import StaffMixin, StaffRequest, safe_next
from customers import selectors, services
from customers.document_lifecycle import DocumentState
from customers.models import Customer, Document, DocumentKind
from customers.models.documents import WITH_ZONE

REFUSALS = (ValidationError, PermissionDenied, TransitionRefused, StaleVersion)


@dataclass(frozen=True)
class Shown:
    """A document with what a page says of it."""

    document: Document
    reason: str
    why_asked: str
    is_expiring: bool
    is_elsewhere: bool
    may_describe: bool
    has_zone: bool


def tab(request: StaffRequest, customer: Customer) -> Mapping[str, Any]:
    actor = request.user
    return {
        "customer": customer,
        "documents": shown(customer=customer, actor=actor),
        "kinds": DocumentKind.choices,
        "may_ask": actors.may(actor=actor, permission="customers.add_document"),
        "may_upload": actors.may(actor=actor, permission="customers.upload_document"),
        "may_open": actors.may(actor=actor, permission="customers.open_document"),
        "most_pages": uploads.MAX_PAGES,
        "upload_place": reverse("customers:upload_document", args=[customer.pk]),
    }


def shown(*, customer: Customer, actor: Any, kinds: Any = None) -> list[Shown]:
    """The customer's documents, of some kinds or all, each with what is to be said of it."""
    found = selectors.documents_of(customer=customer)
    rows = list(found.filter(kind__in=kinds) if kinds else found[:200])
    reasons = selectors.rejection_reasons(documents=rows)
    today = timezone.localdate()
    may_describe = actors.may(actor=actor, permission="customers.change_document")
    return [
        Shown(
            document=one,
            reason=reasons.get(one.pk, ""),
            why_asked=reasons.get(one.again_of_id, "") if one.again_of_id else "",
            is_expiring=selectors.is_expiring(document=one, on=today),
            is_elsewhere=bool(one.is_elsewhere),  # type: ignore[attr-defined]
            may_describe=may_describe and one.state == DocumentState.UPLOADED,
            has_zone=one.kind in WITH_ZONE,
        )
        for one in rows
    ]


def badge(_request: HttpRequest, customer: Customer) -> int:
    """How many wait to be looked at."""
    return customer.documents.filter(state=DocumentState.UPLOADED).count()


def sent(document: Document) -> FileResponse:
    """
    The file as an attachment that no browser shows in the page.

    :raises Http404: it has none
    """
    if not document.file:
        raise Http404
    try:
        content = files.open_file(key=document.file)
    except FileNotFoundError:
        raise Http404 from None
    access.note_read(records=document, kind="export")
    response = FileResponse(
        content,
        as_attachment=True,
        filename=document.file_name,
        content_type=document.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def given(request: HttpRequest) -> dict[str, Any]:
    """
    What a form says of a file: arguments of `upload_document`.

    :raises ValidationError: no file, one larger than is taken, or a day that does not exist
    """
    upload = request.FILES.get("file")
    if upload is None:
        raise ValidationError({"file": _("Choose a file.")})
    if (upload.size or 0) > uploads.MAX_BYTES:
        raise ValidationError({"file": _("The file is larger than 20 MB.")})
    return {"file": upload.file, "name": upload.name or "", **described(request)}


def described(request: HttpRequest) -> dict[str, Any]:
    """:raises ValidationError: a day that does not exist"""
    text = request.POST.get("expires_on", "").strip()
    try:
        expires_on = date.fromisoformat(text) if text else None
    except ValueError:
        raise ValidationError({"expires_on": _("Give a date, such as 1984-03-12.")}) from None
    return {"expires_on": expires_on, "zone_lines": request.POST.get("zone_lines", "")[:300]}


class _Act(StaffMixin):
    """A POST that does one thing to documents and goes back, with what came of it in a sentence."""

    http_method_names = ["post"]

    def find(self, request: StaffRequest, pk: UUID) -> tuple[Any, Customer]:
        """What the address names, and whose it is."""
        customer = get_object_or_404(selectors.visible_customers(actor=request.user), pk=pk)
        return customer, customer

    def act(self, request: StaffRequest, found: Any) -> str:
        """Do it; the sentence."""
        raise NotImplementedError

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        found, customer = self.find(request, pk)
        try:
            messages.success(request, self.act(request, found))
        except REFUSALS as exc:
            messages.error(request, " ".join(getattr(exc, "messages", [str(exc)])))
        page = reverse("customers:customer", args=[customer.pk]) + "?tab=documents"
        return HttpResponseRedirect(safe_next(request, page))


class UploadView(_Act):
    """POST `kind`, `file`, `expires_on`, `zone_lines`: hand in a document for the customer."""

    permission = "customers.upload_document"

    def act(self, request: StaffRequest, found: Any) -> str:
        document = services.upload_document(
            customer=found,
            kind=request.POST.get("kind", ""),
            **given(request),
            actor=request.user,
            at=timezone.now(),
        )
        return _("%(document)s: kept, and waits to be looked at.") % {"document": document}


class AskView(_Act):
    """POST `kind`, `note`: ask the customer for a document."""

    permission = "customers.add_document"

    def act(self, request: StaffRequest, found: Any) -> str:
        document = services.request_document(
            customer=found,
            kind=request.POST.get("kind", ""),
            note=request.POST.get("note", "")[:300],
            actor=request.user,
            at=timezone.now(),
        )
        return _("%(document)s: asked for.") % {"document": document}


class DocumentView(_Act):
    """POST `expires_on`, `zone_lines`, `version`: say what stands on a document."""

    permission = "customers.change_document"

    def find(self, request: StaffRequest, pk: UUID) -> tuple[Any, Customer]:
        document = get_object_or_404(
            selectors.visible_documents(actor=request.user).select_related("customer"), pk=pk
        )
        return document, document.customer

    def act(self, request: StaffRequest, found: Any) -> str:
        version = request.POST.get("version", "")
        document = services.describe_document(
            document=found,
            **described(request),
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            actor=request.user,
            at=timezone.now(),
        )
        return _("%(document)s: noted.") % {"document": document}


class FileView(StaffMixin):
    """The file of a document, as an attachment."""

    permission = "customers.open_document"

    def get(self, request: StaffRequest, pk: UUID) -> FileResponse:
        document = get_object_or_404(selectors.visible_documents(actor=request.user), pk=pk)
        access.note_read(records=document.customer)
        return sent(document)
