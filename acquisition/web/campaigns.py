"""Pages of campaigns: the list, one campaign with its costs and what it brought."""

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
from django.utils.translation import gettext as _

from acquisition import selectors, services
from acquisition.models import Campaign
from acquisition.web.forms import CampaignForm, CostForm
from clm.core import actors
from clm.core.lifecycle import StaleVersion
from clm.core.models import User
from clm.core.web.charts import Part, funnel
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffView


class CampaignsView(StaffView):
    permission = "acquisition.view_campaign"
    template_name = "acquisition/campaigns.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        campaigns = selectors.visible_campaigns(actor=actor)
        page = keyset(queryset=campaigns, request=self.request, order=("-starts_on", "-id"))
        return super().get_context_data(
            page=page,
            results=selectors.campaign_results(actor=actor, campaigns=page.items),
            may_add=actors.may(actor=actor, permission="acquisition.add_campaign"),
            may_change=actors.may(actor=actor, permission="acquisition.change_campaign"),
            **kwargs,
        )


class CampaignMixin(StaffView):
    """What the pages of one campaign have in common."""

    @cached_property
    def campaign(self) -> Campaign:
        campaigns = selectors.visible_campaigns(actor=self.request.user)
        return get_object_or_404(campaigns, pk=self.kwargs["pk"])

    @property
    def site(self) -> str:
        """What comes before a path of ours on other people's pages."""
        return self.request.build_absolute_uri("/").rstrip("/")


class CampaignView(CampaignMixin):
    permission = "acquisition.view_campaign"
    template_name = "acquisition/campaign.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        about = _about(self.campaign, self.request.user)
        return super().get_context_data(**{**about, "site": self.site, **kwargs})


class EnterCostView(CampaignMixin, StaffFormView):
    """POST a cost; refused, the campaign's page comes back with what is wrong."""

    permission = "acquisition.add_campaigncost"
    http_method_names = ["post"]
    form_class = CostForm
    template_name = "acquisition/campaign.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        about = _about(self.campaign, self.request.user)
        return super().get_context_data(**{**about, "site": self.site, **kwargs})

    def form_valid(self, form: BaseForm) -> HttpResponse:
        cost_form = cast("CostForm", form)
        try:
            cost = services.enter_cost(
                campaign=self.campaign,
                **{name: cost_form.cleaned_data[name] for name in CostForm.Meta.fields},
                actor=self.request.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            spread(cost_form, error)
            return self.form_invalid(cost_form)
        messages.success(self.request, _("Entered: %(cost)s.") % {"cost": cost.get_kind_display()})
        return HttpResponseRedirect(reverse("acquisition:campaign", args=[self.campaign.pk]))


class CampaignFormMixin(StaffFormView):
    """What planning and correcting a campaign have in common."""

    form_class = CampaignForm
    template_name = "acquisition/campaign_form.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        campaign_form = cast("CampaignForm", form)
        try:
            campaign = self.keep(campaign_form, self.request.user)
        except (StaleVersion, ValidationError) as error:
            spread(campaign_form, error)
            return self.form_invalid(campaign_form)
        return HttpResponseRedirect(reverse("acquisition:campaign", args=[campaign.pk]))

    def keep(self, form: CampaignForm, actor: User) -> Campaign:
        raise NotImplementedError


class NewCampaignView(CampaignFormMixin):
    permission = "acquisition.add_campaign"

    def keep(self, form: CampaignForm, actor: User) -> Campaign:
        return services.create_campaign(**form.values(), actor=actor, at=timezone.now())


class EditCampaignView(CampaignMixin, CampaignFormMixin):
    permission = "acquisition.change_campaign"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": copy(self.campaign)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(campaign=self.campaign, **kwargs)

    def keep(self, form: CampaignForm, actor: User) -> Campaign:
        return services.change_campaign(
            campaign=self.campaign,
            changes=form.values(),
            actor=actor,
            at=timezone.now(),
            version=form.cleaned_data["version"],
        )


def _about(campaign: Campaign, actor: User) -> dict[str, Any]:
    """What the page of one campaign shows."""
    (result,) = selectors.campaign_results(actor=actor, campaigns=[campaign])
    costs = selectors.visible_costs(actor=actor).filter(campaign=campaign)
    may_enter = actors.may(actor=actor, permission="acquisition.add_campaigncost")
    steps = [Part(str(step.state.label), step.count) for step in result.steps]
    return {
        "campaign": campaign,
        "result": result,
        "funnel": funnel(steps, title=_("From lead to customer"), width=560),
        "costs": costs[:50],
        "forms": campaign.forms.select_related("branch").order_by("title_en"),
        "may_add_form": actors.may(actor=actor, permission="acquisition.add_captureform"),
        "may_change_form": actors.may(actor=actor, permission="acquisition.change_captureform"),
        "form": CostForm(initial={"spent_on": timezone.localdate()}) if may_enter else None,
        "steps": campaign.steps.order_by("-is_used", "position"),
        "incentives": campaign.incentives.select_related("product").order_by(
            "-is_used", "valid_from", "id"
        ),
        "may_plan": actors.may(actor=actor, permission="acquisition.add_nurturestep"),
        "may_change_step": actors.may(actor=actor, permission="acquisition.change_nurturestep"),
        "may_change_offer": actors.may(actor=actor, permission="acquisition.change_incentive"),
        "may_change": actors.may(actor=actor, permission="acquisition.change_campaign"),
    }
