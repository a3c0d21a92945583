"""Pages of offboarding: the list, a new closure, the closure with its checklist."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm, Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clm.core import access, actors, events
from clm.core.lifecycle import StaleVersion
from clm.core.models import Approval
from clm.core.web.event_words import tell
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffView
from customers import selectors as customers
from customers.lifecycle import Stage
from customers.models import Customer
from offboarding import obligations, selectors, services
from offboarding.lifecycle import CLOSE_CUSTOMER, PENDING_STATES, ClosureState
from offboarding.models import Closure, ClosureObligation, ObligationStatus
from offboarding.web.forms import ExitForm, RequestForm

_WAY = (
    ClosureState.REQUESTED,
    ClosureState.CHECKING,
    ClosureState.PENDING_APPROVAL,
    ClosureState.SETTLING,
    ClosureState.CLOSED,
)


class ListView(StaffView):
    permission = "offboarding.view_closure"
    template_name = "offboarding/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        state = self.request.GET.get("state", "")
        found = selectors.visible_closures(actor=actor)
        found = found.filter(state=state) if state in ClosureState.values else found
        page = keyset(queryset=found, request=self.request, order=("-created_at", "-id"))
        access.note_read(records=page.items, kind="list")
        return super().get_context_data(
            page=page,
            facts=selectors.closure_facts(records=page.items, at=timezone.now()),
            counts=selectors.counts(actor=actor),
            state=state,
            **kwargs,
        )


class NewClosureView(StaffFormView):
    """Take a customer's wish to leave, or the bank's decision."""

    permission = "offboarding.add_closure"
    form_class = RequestForm
    template_name = "offboarding/request.html"

    @cached_property
    def customer(self) -> Customer:
        try:
            pk = UUID(self.request.GET.get("customer", ""))
        except ValueError:
            raise Http404 from None
        visible = customers.visible_customers(actor=self.request.user)
        found = get_object_or_404(visible, pk=pk)
        access.note_read(records=found)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(customer=self.customer, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            closure = services.request_closure(
                customer=self.customer,
                actor=self.request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            spread(form, error)
            return self.form_invalid(form)
        messages.success(
            self.request, _("The closure is requested. Obligations are being checked.")
        )
        return HttpResponseRedirect(reverse("offboarding:closure", args=[closure.pk]))


class ClosureView(StaffView):
    """The closure: checklist, survey, who confirms, and until when the record is kept."""

    permission = "offboarding.view_closure"
    template_name = "offboarding/closure.html"
    form: Form | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        closure = _closure(self)
        access.note_read(records=closure)
        may_change = actors.may(actor=actor, permission="offboarding.change_closure")
        checking = closure.state == ClosureState.CHECKING
        approval = (
            Approval.objects.filter(record_id=closure.pk, action=CLOSE_CUSTOMER)
            .select_related("maker", "checker")
            .order_by("-round")
            .first()
        )
        return super().get_context_data(
            closure=closure,
            path=_path(closure),
            facts=selectors.closure_facts(records=[closure], at=timezone.now())[closure.pk],
            checklist=selectors.checklist(closure=closure),
            by_hand=obligations.CONFIRMED_BY_HAND,
            may_decide=may_change and checking,
            may_recheck=checking
            and actors.may(actor=actor, permission="offboarding.check_closure"),
            exit_form=(self.form or ExitForm(closure=closure)) if may_change and checking else None,
            approval=approval,
            asked_by_me=approval is not None and approval.maker_id == actor.pk,
            waiting=_follows_by_itself(closure),
            history=tell(events=list(events.for_record(closure).select_related("actor")[:50])),
            **kwargs,
        )


class ExitView(ClosureView):
    permission = "offboarding.change_closure"
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        closure = _closure(self)
        form = ExitForm(request.POST, closure=closure)
        if form.is_valid():
            changes = dict(form.cleaned_data)
            version = changes.pop("version")
            try:
                services.record_exit(
                    closure=closure,
                    changes=changes,
                    version=version,
                    actor=request.user,
                    at=timezone.now(),
                )
            except (ValidationError, StaleVersion) as error:
                spread(form, error)
        if form.errors:
            self.form = form
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, _("The reason for leaving is recorded."))
        return HttpResponseRedirect(reverse("offboarding:closure", args=[closure.pk]))


class RecheckView(ClosureView):
    permission = "offboarding.check_closure"
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        closure = _closure(self)
        try:
            services.recheck(closure=closure, actor=request.user, at=timezone.now())
            messages.success(request, _("The checklist shows how the holdings stand now."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("offboarding:closure", args=[closure.pk]))


class ObligationView(ClosureView):
    """Confirm one obligation, or waive it with a reason."""

    permission = "offboarding.change_closure"
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        closure = _closure(self)
        obligation: ClosureObligation = get_object_or_404(
            closure.obligations, pk=self.kwargs["obligation"]
        )
        at = timezone.now()
        try:
            if self.kwargs["decision"] == "waive":
                services.waive_obligation(
                    obligation=obligation,
                    reason=request.POST.get("reason", ""),
                    actor=request.user,
                    at=at,
                )
            else:
                services.confirm_obligation(obligation=obligation, actor=request.user, at=at)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("offboarding:closure", args=[closure.pk]))


def _closure(view: StaffView) -> Closure:
    visible = selectors.visible_closures(actor=view.request.user)
    return get_object_or_404(visible, pk=view.kwargs["pk"])


def _follows_by_itself(closure: Closure) -> bool:
    """Whether the next step is the machine's and nothing stands in its way."""
    if closure.state == ClosureState.CLOSED:
        return bool(closure.customer.stage != Stage.CLOSED)
    if closure.state == ClosureState.CANCELLED:
        return bool(closure.customer.stage == Stage.OFFBOARDING)
    if closure.state == ClosureState.CHECKING:
        return closure.checked_at is None
    if closure.state == ClosureState.SETTLING:
        rows = closure.obligations.filter(status=ObligationStatus.OPEN)
        return not rows.exists()
    return closure.state in PENDING_STATES


def _path(closure: Closure) -> list[dict[str, str]]:
    """The way to a closed account; a closure off that way says where it stands."""
    if closure.state not in _WAY:
        return [
            {"name": str(ClosureState.REQUESTED.label), "state": "done", "note": ""},
            {"name": closure.get_state_display(), "state": "now", "note": ""},
        ]
    here = _WAY.index(ClosureState(closure.state))
    ended = closure.state == ClosureState.CLOSED
    return [
        {
            "name": str(state.label),
            "state": "done" if index < here or ended else ("now" if index == here else ""),
            "note": "",
        }
        for index, state in enumerate(_WAY)
    ]
