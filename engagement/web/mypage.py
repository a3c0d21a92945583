"""My page: what a customer asked, what the bank answered, and a new question."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clm.core.registries import OwnPage
from clm.core.web.refusals import spread
from customers.models import Customer
from customers.web.mypage import OwnView
from engagement import selectors, services
from engagement.lifecycle import OPEN_STATES, EnquiryState
from engagement.models import Enquiry, Kind
from engagement.web.enquiry_forms import WordsForm

SHOWN = 20


class EnquiriesView(OwnView):
    """The customer's enquiries with their answers; POST asks anew, or with `enquiry` goes on."""

    template_name = "engagement/my_enquiries.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", WordsForm())
        found = list(selectors.own_enquiries(customer=self.customer)[:SHOWN])
        return super().get_context_data(
            enquiries=[{"enquiry": one, "word": word(one)} for one in found], **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if "enquiry" in request.POST:
            return self._go_on(request)
        form = WordsForm(request.POST)
        if not form.is_valid():
            return self.refused(form)
        try:
            services.open_enquiry(
                customer=self.customer,
                subject=form.cleaned_data["subject"],
                text=form.cleaned_data["text"],
                kind=Kind.COMPLAINT if form.cleaned_data["complaint"] else Kind.QUESTION,
                actor=self.request.user,
                at=self.at,
            )
        except ValidationError as error:
            spread(form, error)
            return self.refused(form)
        return HttpResponseRedirect(reverse("my:enquiries") + "#asked")

    def _go_on(self, request: HttpRequest) -> HttpResponse:
        try:
            key = UUID(request.POST["enquiry"])
        except ValueError:
            raise Http404 from None
        enquiry = selectors.own_enquiries(customer=self.customer).filter(pk=key).first()
        if enquiry is None:
            raise Http404
        try:
            services.customer_writes(
                enquiry=enquiry, text=request.POST.get("text", ""), actor=self.request.user,
                at=self.at,
            )  # fmt: skip
        except ValidationError as error:
            return self.refused(wrong=enquiry.pk, words=" ".join(error.messages))
        return HttpResponseRedirect(reverse("my:enquiries") + "#asked")


def word(enquiry: Enquiry) -> str:
    """Where an enquiry is, in words for who asked."""
    if enquiry.state == EnquiryState.WAITING:
        return _("We have asked you something")
    if enquiry.state in OPEN_STATES:
        return _("We are working on it")
    return _("Answered")


def note(customer: Customer) -> str:
    found = list(selectors.own_enquiries(customer=customer).prefetch_related(None)[:SHOWN])
    asked = sum(one.state == EnquiryState.WAITING for one in found)
    if asked:
        return _("We have asked you something")
    waiting = sum(one.state in OPEN_STATES for one in found)
    if waiting:
        words = ngettext("%(n)s waits for our answer", "%(n)s wait for our answer", waiting)
        return words % {"n": waiting}
    return _("Ask us, and read what we answered")


PAGE = OwnPage("enquiries", gettext_lazy("Questions and complaints"), "message-2", EnquiriesView,
               note, 60)  # fmt: skip
