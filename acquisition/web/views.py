"""Pages of leads: the board, the list, one lead."""

from copy import copy
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from acquisition import selectors, services
from acquisition.lifecycle import OPEN_STATES, LeadState
from acquisition.models import Channel, Lead
from acquisition.web.forms import LeadForm
from acquisition.web.nurturing import about_lead
from clm.core import access, actors, events
from clm.core.lifecycle import StaleVersion
from clm.core.web.charts import Part, waterfall
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffRequest, StaffView, safe_next
from clm.core.web.views.staff import StaffMixin

NEXT_STEP = {
    LeadState.NEW: "contact",
    LeadState.CONTACTED: "qualify",
    LeadState.QUALIFIED: "convert",
    LeadState.OFFERED: "convert",
}


class BoardView(StaffView):
    permission = "acquisition.view_lead"
    template_name = "acquisition/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        columns = selectors.board(actor=actor)
        for column in columns:
            access.note_read(records=column.leads, kind="list")
        return super().get_context_data(
            columns=columns,
            funnel=selectors.funnel(actor=actor),
            results=selectors.campaign_results(actor=actor, limit=5),
            may_add=actors.may(actor=actor, permission="acquisition.add_lead"),
            **kwargs,
        )


class LeadListView(StaffView):
    permission = "acquisition.view_lead"
    template_name = "acquisition/leads.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        state, channel = asked.get("state", ""), asked.get("channel", "")
        mine = asked.get("mine", "") == "1"
        leads = selectors.visible_leads(actor=self.request.user)
        if state in LeadState.values:
            leads = leads.filter(state=state)
        elif state == "open":
            leads = leads.filter(state__in=OPEN_STATES)
        if channel in Channel.values:
            leads = leads.filter(channel=channel)
        if mine:
            leads = leads.filter(adviser=self.request.user)
        campaign = selectors.campaign_named(pk=asked.get("campaign", ""))
        if campaign is not None:
            leads = leads.filter(campaign=campaign)
        page = keyset(queryset=leads, request=self.request, order=("-created_at", "-id"))
        access.note_read(records=page.items, kind="list")
        intents = selectors.intents(leads=page.items, at=timezone.now())
        return super().get_context_data(
            page=page,
            rows=[(one, intents[one.pk]) for one in page.items],
            states=[("open", _("All open")), *LeadState.choices],
            channels=Channel.choices,
            state=state,
            channel=channel,
            mine=mine,
            campaign=campaign,
            **kwargs,
        )


class LeadView(StaffView):
    permission = "acquisition.view_lead"
    template_name = "acquisition/lead.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        lead = get_object_or_404(selectors.visible_leads(actor=actor), pk=self.kwargs["pk"])
        access.note_read(records=lead)
        intent = selectors.intents(leads=[lead], at=timezone.now())[lead.pk]
        return super().get_context_data(
            lead=lead,
            intent=intent,
            why=[(gettext(one.feature.says), one) for one in intent.parts],
            picture=waterfall(
                [Part(str(one.feature.label), one.points) for one in intent.parts],
                title=_("Intent"),
            ),
            touches=lead.touches.select_related("product", "campaign").order_by("-at", "-id")[:20],
            waiting=lead.state == LeadState.CONVERTED and lead.customer_id is None,
            matches=[] if lead.customer_id else selectors.matches_of(lead=lead, actor=actor),
            history=events.for_record(lead).select_related("actor")[:50],
            path=_path(lead),
            next_step=NEXT_STEP.get(LeadState(lead.state), ""),
            may_change=actors.may(actor=actor, permission="acquisition.change_lead"),
            may_offer=actors.may(actor=actor, permission="acquisition.offer_lead"),
            **about_lead(lead, actor),
            **kwargs,
        )


class LeadFormMixin(StaffFormView):
    """What making and correcting a lead have in common."""

    form_class = LeadForm
    template_name = "acquisition/lead_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        lead_form = cast("LeadForm", form)
        try:
            lead = self.keep(lead_form)
        except ValidationError as error:
            spread(lead_form, error)
            return self.form_invalid(lead_form)
        except StaleVersion as error:
            lead_form.add_error(None, str(error))
            return self.form_invalid(lead_form)
        return HttpResponseRedirect(reverse("acquisition:lead", args=[lead.pk]))

    def keep(self, form: LeadForm) -> Lead:
        raise NotImplementedError


class NewLeadView(LeadFormMixin):
    permission = "acquisition.add_lead"

    def keep(self, form: LeadForm) -> Lead:
        lead = services.create_lead(
            values=form.values(),
            cpr=form.cleaned_data["cpr"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("%(name)s is a lead now.") % {"name": lead})
        return lead


class EditLeadView(LeadFormMixin):
    permission = "acquisition.change_lead"

    @cached_property
    def lead(self) -> Lead:
        leads = selectors.visible_leads(actor=self.request.user)
        lead = get_object_or_404(leads, pk=self.kwargs["pk"])
        access.note_read(records=lead)
        return lead

    def get_form_kwargs(self) -> dict[str, Any]:
        # The form validates a copy, so that what the page shows of the lead stays true.
        return {**super().get_form_kwargs(), "instance": copy(self.lead)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lead=self.lead, **kwargs)

    def keep(self, form: LeadForm) -> Lead:
        return services.change_lead(
            lead=self.lead,
            changes=form.values(),
            cpr=form.cleaned_data["cpr"] or None,
            actor=self.request.user,
            at=timezone.now(),
            version=form.cleaned_data["version"],
        )


class MovesView(StaffView):
    """The card's menu: where the lead can go from here; fetched when it is opened."""

    permission = "acquisition.view_lead"
    template_name = "acquisition/_moves.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        leads = selectors.visible_leads(actor=self.request.user)
        lead = get_object_or_404(leads, pk=self.kwargs["pk"])
        access.note_read(records=lead)
        return super().get_context_data(lead=lead, next=reverse("acquisition:board"), **kwargs)


class TakeLeadView(StaffMixin):
    permission = "acquisition.change_lead"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        leads = selectors.visible_leads(actor=request.user)
        lead = get_object_or_404(leads, pk=kwargs["pk"])
        services.take_lead(lead=lead, actor=request.user, at=timezone.now())
        messages.success(request, _("%(name)s is yours now.") % {"name": lead})
        return HttpResponseRedirect(safe_next(request, reverse("acquisition:lead", args=[lead.pk])))


def _path(lead: Lead) -> list[dict[str, str]]:
    """The way to a customer as steps; a lead that left stands at the step it left from."""
    way = selectors.FUNNEL
    reached = max(
        (way.index(LeadState(one)) for one in selectors.states_reached(lead=lead)), default=0
    )
    ended = lead.state in (LeadState.LOST, LeadState.DUPLICATE)
    steps = []
    for index, state in enumerate(way):
        here = index == reached
        steps.append(
            {
                "name": str(state.label),
                "state": "now" if here and not ended else "done" if index <= reached else "",
                "note": lead.get_state_display() if here and ended else "",
            }
        )
    return steps
