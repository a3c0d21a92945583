"""Pages of retention: the board, the case, and the small forms on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import access, actors, deliveries, events
from clm.core.lifecycle import StaleVersion
from clm.core.web.event_words import tell
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffView
from customers import reasons as churn
from customers import selectors as customers
from customers.models import Channel, Purpose
from retention import selectors, services
from retention.lifecycle import CLOSED_STATES, OPEN_STATES, SaveCaseState
from retention.models import SaveCase
from retention.web.forms import OfferForm, OwnerForm

_WAY = (
    SaveCaseState.FLAGGED,
    SaveCaseState.ASSIGNED,
    SaveCaseState.CONTACTED,
    SaveCaseState.OFFERED,
    SaveCaseState.SAVED,
)


class BoardView(StaffView):
    permission = "retention.view_savecase"
    template_name = "retention/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        columns = selectors.board(actor=actor)
        for column in columns:
            access.note_read(records=column.cases, kind="list")
        return super().get_context_data(
            columns=columns,
            any_case=any(column.count for column in columns),
            results=selectors.results(actor=actor),
            **kwargs,
        )


class CaseListView(StaffView):
    permission = "retention.view_savecase"
    template_name = "retention/cases.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        state = self.request.GET.get("state", "")
        mine = self.request.GET.get("owner", "") == "me"
        found = selectors.visible_cases(actor=actor)
        found = found.filter(state=state) if state in SaveCaseState.values else found
        found = found.filter(owner=actor) if mine else found
        page = keyset(queryset=found, request=self.request, order=("-created_at", "-id"))
        access.note_read(records=page.items, kind="list")
        return super().get_context_data(
            page=page, states=SaveCaseState.choices, state=state, mine=mine, **kwargs
        )


class CaseView(StaffView):
    """The case: why at risk, what the playbook says, the offer, how it ends."""

    permission = "retention.view_savecase"
    template_name = "retention/case.html"
    form: Form | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        case = _case(self)
        access.note_read(records=case)
        open_now = case.state in OPEN_STATES
        may_offer = (
            case.state in (SaveCaseState.ASSIGNED, SaveCaseState.CONTACTED)
            and case.offer_id is None
            and actors.may(actor=actor, permission="retention.offer_savecase")
            and actors.may(actor=actor, permission="customers.make_offer")
        )
        may_assign = open_now and actors.may(actor=actor, permission="retention.assign_savecase")
        return super().get_context_data(
            case=case,
            path=_path(case),
            open_now=open_now,
            reasons=churn.told(reasons=case.reasons),
            channels=_channels(case) if open_now else [],
            waiting=_follows_by_itself(case),
            offer_form=_own(self.form, OfferForm, case) if may_offer else None,
            owner_form=_own(self.form, OwnerForm, case) if may_assign else None,
            may_talk=open_now and actors.may(actor=actor, permission="engagement.add_interaction"),
            history=tell(events=list(events.for_record(case).select_related("actor")[:50])),
            **kwargs,
        )

    def refused(self, form: Form) -> HttpResponse:
        """The page again with a form that was not accepted."""
        self.form = form
        return self.render_to_response(self.get_context_data(), status=422)


class AttachOfferView(CaseView):
    permission = "retention.offer_savecase"
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        case = _case(self)
        form = OfferForm(request.POST, case=case)
        if not form.is_valid():
            return self.refused(form)
        values = form.cleaned_data
        try:
            services.attach_offer(
                case=case,
                text=values["text"],
                cost=values["cost"],
                channel=values["channel"],
                version=values["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except (ValidationError, StaleVersion) as error:
            spread(form, error)
            return self.refused(form)
        messages.success(request, _("The offer is attached."))
        return HttpResponseRedirect(reverse("retention:case", args=[case.pk]))


class AssignView(CaseView):
    permission = "retention.assign_savecase"
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        case = _case(self)
        form = OwnerForm(request.POST, case=case)
        if not form.is_valid():
            return self.refused(form)
        try:
            done = services.assign_owner(
                case=case,
                owner=form.cleaned_data["owner"],
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except (ValidationError, StaleVersion) as error:
            spread(form, error)
            return self.refused(form)
        messages.success(request, _("%(name)s has the case now.") % {"name": done.owner})
        return HttpResponseRedirect(reverse("retention:case", args=[case.pk]))


class WishView(CaseView):
    """Whether the customer has asked for the accounts to be closed."""

    permission = "retention.change_savecase"
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        case = _case(self)
        try:
            services.change_case(
                case=case,
                changes={"wants_to_leave": request.POST.get("wants_to_leave") == "yes"},
                actor=request.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("retention:case", args=[case.pk]))


class MovesView(StaffView):
    """The card's menu: where the case can go from here; fetched when it is opened."""

    permission = "retention.view_savecase"
    template_name = "retention/_moves.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = _case(self)
        access.note_read(records=case)
        return super().get_context_data(case=case, next=reverse("retention:board"), **kwargs)


def _case(view: StaffView) -> SaveCase:
    visible = selectors.visible_cases(actor=view.request.user)
    return get_object_or_404(visible, pk=view.kwargs["pk"])


def _own(form: Form | None, kind: type[Any], case: SaveCase) -> Any:
    return form if isinstance(form, kind) else kind(case=case)


def _channels(case: SaveCase) -> list[Any]:
    """By which channels an offer may be made to this customer, and why not by the others."""
    now = timezone.now()
    return [
        (
            channel.label,
            customers.may_contact(
                customer=case.customer, purpose=Purpose.MARKETING, channel=channel, at=now
            ),
        )
        for channel in (Channel.PHONE, Channel.EMAIL, Channel.MEETING)
    ]


def _follows_by_itself(case: SaveCase) -> bool:
    """Whether a reaction is still to write down a conversation, or what a closed case asks for."""
    if case.state == SaveCaseState.ASSIGNED:
        return deliveries.is_pending(
            record_type="engagement.Interaction",
            action="create",
            payload={"customer_id": str(case.customer_id)},
        )
    return case.state in (SaveCaseState.SAVED, SaveCaseState.LOST) and case.review_30_on is None


def _path(case: SaveCase) -> list[dict[str, str]]:
    """The way to a saved customer; a case that ended otherwise says so at its last step."""
    if case.state in (SaveCaseState.LOST, SaveCaseState.FALSE_ALARM):
        return [
            {"name": str(SaveCaseState.FLAGGED.label), "state": "done", "note": ""},
            {"name": case.get_state_display(), "state": "now", "note": ""},
        ]
    here = _WAY.index(SaveCaseState(case.state))
    return [
        {
            "name": str(state.label),
            "state": "done" if index < here or case.state in CLOSED_STATES else
            ("now" if index == here else ""),
            "note": "",
        }
        for index, state in enumerate(_WAY)
    ]  # fmt: skip
