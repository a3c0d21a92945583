"""Pages of enquiries: the queue, one enquiry, a new one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm, Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import access, actors, events
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import User
from clm.core.web.event_words import tell
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffRequest, StaffView, safe_next
from clm.core.web.views.staff import StaffMixin
from customers import selectors as customers
from customers.models import Customer
from engagement import selectors, services
from engagement.lifecycle import OPEN_STATES, EnquiryState
from engagement.models import Enquiry
from engagement.selectors.enquiries import HANDLES
from engagement.web.enquiry_forms import AnswerForm, EnquiryForm, QuestionForm
from engagement.web.links import customer_page

AT_MOST = 200


class QueueView(StaffView):
    """Tabs of enquiries by deadline, worked by keyboard."""

    permission = "engagement.view_enquiry"
    template_name = "engagement/enquiries.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        first = "complaints" if _handles_only(actor) else "mine"
        tab = self.request.GET.get("tab", first)
        tab = tab if tab in selectors.TABS else first
        page = keyset(
            queryset=selectors.enquiry_queue(actor=actor, tab=tab),
            request=self.request,
            order=("-due_at", "-id") if tab == "answered" else ("due_at", "id"),
        )
        access.note_read(records=page.items, kind="list")
        may_assign = actors.may(actor=actor, permission="engagement.assign_enquiry")
        return super().get_context_data(
            page=page,
            tab=tab,
            tabs=_tabs(selectors.enquiry_counts(actor=actor), tab),
            may_assign=may_assign,
            colleagues=selectors.handlers(complaints=tab == "complaints") if may_assign else [],
            **kwargs,
        )


class AssignView(StaffMixin):
    """POST `enquiry` (several) and `assignee`: give them to somebody, or take them."""

    permission = "engagement.assign_enquiry"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        back = safe_next(request, reverse("engagement:enquiries"))
        keys = [one for one in request.POST.getlist("enquiry") if _is_key(one)][:AT_MOST]
        chosen = list(selectors.visible_enquiries(actor=request.user).filter(pk__in=keys))
        if not chosen:
            messages.error(request, _("Choose at least one enquiry."))
            return HttpResponseRedirect(back)
        assignee = self._assignee(request)
        done = 0
        for enquiry in chosen:
            try:
                services.assign_enquiry(
                    enquiry=enquiry, assignee=assignee, actor=request.user, at=timezone.now()
                )
                done += 1
            except (ValidationError, TransitionRefused) as refusal:
                words = getattr(refusal, "messages", None) or refusal.reasons  # type: ignore[union-attr]
                messages.error(request, f"{enquiry}: {' '.join(words)}")
        if done:
            said = ngettext("%(n)s enquiry assigned.", "%(n)s enquiries assigned.", done)
            messages.success(request, said % {"n": done})
        return HttpResponseRedirect(back)

    def _assignee(self, request: StaffRequest) -> User:
        key = request.POST.get("assignee", "")
        if not _is_key(key):
            return request.user
        people = User.objects.filter(is_active=True, is_robot=False)
        return people.filter(pk=key).first() or request.user


class EnquiryView(StaffView):
    """One enquiry: what was written, what to do, how it went."""

    permission = "engagement.view_enquiry"
    template_name = "engagement/enquiry.html"
    refused_form: Form | None = None

    @cached_property
    def enquiry(self) -> Enquiry:
        visible = selectors.visible_enquiries(actor=self.request.user)
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, enquiry = self.request.user, self.enquiry
        access.note_read(records=enquiry)
        may_answer = enquiry.state in (EnquiryState.ASSIGNED, EnquiryState.WAITING) and (
            actors.may(actor=actor, permission="engagement.answer_enquiry")
        )
        if enquiry.is_complaint:
            may_answer = may_answer and actors.may(actor=actor, permission=HANDLES)
        may_ask = enquiry.state == EnquiryState.ASSIGNED and actors.may(
            actor=actor, permission="engagement.ask_customer_enquiry"
        )
        history = events.for_record(enquiry).select_related("actor").order_by("-sequence")
        return super().get_context_data(
            enquiry=enquiry,
            open_now=enquiry.state in OPEN_STATES,
            paused=enquiry.state == EnquiryState.WAITING,
            written=list(enquiry.messages.select_related("by")),
            answer_form=self._form(AnswerForm, enquiry=enquiry) if may_answer else None,
            question_form=self._form(QuestionForm) if may_ask else None,
            may_take=enquiry.state in OPEN_STATES
            and enquiry.assignee_id != actor.pk
            and actors.may(actor=actor, permission="engagement.assign_enquiry")
            and (not enquiry.is_complaint or actors.may(actor=actor, permission=HANDLES)),
            history=tell(events=list(history[:50])),
            **kwargs,
        )

    def _form(self, kind: type[Any], **more: Any) -> Any:
        if isinstance(self.refused_form, kind):
            return self.refused_form
        prefix = kind.__name__.lower()
        return kind(initial={"version": self.enquiry.version}, prefix=prefix, **more)


class _WriteView(EnquiryView):
    """POST of one of the page's forms: done, or the page again with what is wrong."""

    http_method_names = ["post"]

    def form(self, data: Any) -> Form:
        raise NotImplementedError

    def write(self, values: dict[str, Any]) -> str:
        raise NotImplementedError

    def post(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                done = self.write(dict(form.cleaned_data))
            except TransitionRefused as refusal:
                form.add_error(None, refusal.reasons)
            except (ValidationError, StaleVersion) as error:
                spread(form, error)
            else:
                messages.success(request, done)
                return HttpResponseRedirect(reverse("engagement:enquiry", args=[self.enquiry.pk]))
        self.refused_form = form
        return self.render_to_response(self.get_context_data(), status=422)


class AskView(_WriteView):
    permission = "engagement.ask_customer_enquiry"

    def form(self, data: Any) -> Form:
        return QuestionForm(data, prefix="questionform")

    def write(self, values: dict[str, Any]) -> str:
        services.ask_customer(
            enquiry=self.enquiry, actor=self.request.user, at=timezone.now(), **values
        )
        return _("The customer is asked; the clock stands still.")


class AnswerView(_WriteView):
    permission = "engagement.answer_enquiry"

    def form(self, data: Any) -> Form:
        if self.enquiry.is_complaint and not actors.may(
            actor=self.request.user, permission=HANDLES
        ):
            raise PermissionDenied
        return AnswerForm(data, prefix="answerform", enquiry=self.enquiry)

    def write(self, values: dict[str, Any]) -> str:
        services.answer_enquiry(
            enquiry=self.enquiry, actor=self.request.user, at=timezone.now(), **values
        )
        return _("Answered. The customer reads it on My page.")


class NewEnquiryView(StaffFormView):
    """What one customer asks or complains of."""

    permission = "engagement.add_enquiry"
    form_class = EnquiryForm
    template_name = "engagement/enquiry_form.html"

    @cached_property
    def customer(self) -> Customer:
        visible = customers.visible_customers(actor=self.request.user)
        return get_object_or_404(visible, pk=self.kwargs["customer"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        access.note_read(records=self.customer)
        return super().get_context_data(
            customer=self.customer, customer_url=customer_page(self.customer.pk), **kwargs
        )

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            made = services.open_enquiry(
                customer=self.customer, actor=self.request.user, at=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            spread(form, error)
            return self.form_invalid(form)
        messages.success(self.request, _("It is in the queue, and its clock runs."))
        return HttpResponseRedirect(reverse("engagement:enquiry", args=[made.pk]))


def _tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    labels = {
        "mine": _("Mine"),
        "unassigned": _("Nobody’s yet"),
        "complaints": _("Complaints"),
        "waiting": _("Waiting for the customer"),
        "all": _("All open"),
        "answered": _("Answered"),
    }
    return [
        {
            "label": label,
            "count": counts.get(name, ""),
            "url": reverse("engagement:enquiries") + f"?tab={name}",
            "active": name == chosen,
        }
        for name, label in labels.items()
    ]


def _handles_only(actor: User) -> bool:
    """Whether complaints are all that the actor has to do here."""
    return actors.may(actor=actor, permission=HANDLES) and not actors.may(
        actor=actor, permission="engagement.add_interaction"
    )


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
