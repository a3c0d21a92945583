"""Documents on My page: what the bank asks for, what was handed in, and what became of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core.lifecycle import TransitionRefused
from customers import selectors, services
from customers.document_lifecycle import DocumentState
from customers.models import Customer, Document, DocumentKind
from customers.web.documents import given, sent
from customers.web.mypage.base import OwnView

#: What customers send of their own accord.
KINDS = (
    DocumentKind.PASSPORT, DocumentKind.IDENTITY_CARD, DocumentKind.DRIVING_LICENCE,
    DocumentKind.RESIDENCE_PERMIT, DocumentKind.ADDRESS, DocumentKind.INCOME, DocumentKind.FUNDS,
    DocumentKind.TAX, DocumentKind.POWER_OF_ATTORNEY, DocumentKind.OTHER,
)  # fmt: skip


@dataclass(frozen=True)
class Own:
    """A document in words that are the customer's."""

    document: Document
    word: str
    reason: str
    kind: str


class DocumentsView(OwnView):
    """What is asked for and what was sent; POST `document` or `kind`, `file`: hand one in."""

    template_name = "mypage/documents.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **listed(self.customer), kinds=[(one.value, one.label) for one in KINDS], **kwargs
        )

    def post(self, request: Any) -> HttpResponse:
        asked = named(request.POST.get("document", ""), self.customer)
        try:
            services.upload_document(
                customer=self.customer,
                kind=asked.kind if asked else request.POST.get("kind", ""),
                request=asked,
                **given(request),
                actor=self.request.user,
                at=self.at,
            )
        except ValidationError as exc:
            return self.refused(
                errors=exc.message_dict, at_document=asked, chosen=request.POST.get("kind", "")
            )
        except TransitionRefused:
            # Sent twice: it was answered by the first.
            pass
        return HttpResponseRedirect(reverse("my:documents") + "#sent")


class FileView(OwnView):
    """The file of `?document=`, as an attachment."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            key = UUID(request.GET.get("document", ""))
        except ValueError:
            raise Http404 from None
        mine = selectors.visible_documents(actor=self.request.user)
        return sent(get_object_or_404(mine, pk=key))


def listed(customer: Customer) -> dict[str, Any]:
    """What is asked for, and what was handed in, the newest first."""
    rows = list(selectors.documents_of(customer=customer).exclude(state=DocumentState.CANCELLED))
    reasons = selectors.rejection_reasons(documents=rows)
    asked = [one for one in rows if one.state == DocumentState.REQUESTED]
    return {
        "asked": [
            Own(one, "", reasons.get(one.again_of_id, "") if one.again_of_id else "", "")
            for one in reversed(asked)
        ],
        "handed_in": [
            Own(one, word(one), reasons.get(one.pk, ""), _look(one))
            for one in rows
            if one.state != DocumentState.REQUESTED
        ],
    }


def named(text: str, customer: Customer) -> Document | None:
    """
    The document that is asked for, by its id.

    :raises Http404: there is none of theirs
    """
    if not text:
        return None
    try:
        return get_object_or_404(Document, pk=UUID(text), customer=customer)
    except ValueError:
        raise Http404 from None


def word(document: Document) -> str:
    """What became of it, as far as that is the customer's business."""
    match document.state:
        case DocumentState.ACCEPTED:
            return _("We have what we need")
        case DocumentState.REJECTED:
            return _("We could not use it")
        case DocumentState.EXPIRED:
            return _("It has expired")
    return _("We are looking at it")


def _look(document: Document) -> str:
    return {
        DocumentState.ACCEPTED: "good",
        DocumentState.REJECTED: "bad",
        DocumentState.EXPIRED: "warn",
    }.get(DocumentState(document.state), "")


def note(customer: Customer) -> str:
    asked = customer.documents.filter(state=DocumentState.REQUESTED).count()
    if not asked:
        return _("What you have sent us")
    words = ngettext("We ask for %(count)d document", "We ask for %(count)d documents", asked)
    return words % {"count": asked}
