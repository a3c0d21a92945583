"""The plan of a campaign and its offers; the steps that are due, and offering, lead by lead."""

from typing import Any, ClassVar, cast

from django import forms
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
from acquisition.models import Campaign, Incentive, Lead, NurtureStep, StepOutcome
from acquisition.models.nurturing import STEP_CHANNELS
from clm.core import access
from clm.core.lifecycle import StaleVersion
from clm.core.models import User
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffRequest, StaffView, safe_next
from clm.core.web.views.staff import StaffMixin


class StepForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = NurtureStep
        fields: ClassVar = ("title", "after_days", "channel", "text_da", "text_en")
        widgets: ClassVar = {
            "text_da": forms.Textarea(attrs={"rows": 3}),
            "text_en": forms.Textarea(attrs={"rows": 3}),
        }


class IncentiveForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Incentive
        fields: ClassVar = (
            "name_da", "name_en", "text_da", "text_en", "product", "cost", "valid_from", "valid_to",
        )  # fmt: skip
        widgets: ClassVar = {
            "text_da": forms.Textarea(attrs={"rows": 2}),
            "text_en": forms.Textarea(attrs={"rows": 2}),
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class PlanView(StaffFormView):
    """A form that adds something to a campaign: a step of its plan, or an offer."""

    template_name = "acquisition/plan_form.html"
    title = ""

    @cached_property
    def campaign(self) -> Campaign:
        campaigns = selectors.visible_campaigns(actor=self.request.user)
        return get_object_or_404(campaigns, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(campaign=self.campaign, title=self.heading(), **kwargs)

    def heading(self) -> str:
        raise NotImplementedError

    def add(self, values: dict[str, Any]) -> None:
        raise NotImplementedError

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            self.add(dict(cast("forms.ModelForm[Any]", form).cleaned_data))
        except ValidationError as error:
            spread(form, error)
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("acquisition:campaign", args=[self.campaign.pk]))


class NewStepView(PlanView):
    permission = "acquisition.add_nurturestep"
    form_class = StepForm

    def heading(self) -> str:
        return _("New step")

    def add(self, values: dict[str, Any]) -> None:
        services.add_step(
            campaign=self.campaign, actor=self.request.user, at=timezone.now(), **values
        )


class NewIncentiveView(PlanView):
    permission = "acquisition.add_incentive"
    form_class = IncentiveForm

    def heading(self) -> str:
        return _("New offer")

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": self.campaign.starts_on, "valid_to": self.campaign.ends_on}

    def add(self, values: dict[str, Any]) -> None:
        services.add_incentive(
            campaign=self.campaign, actor=self.request.user, at=timezone.now(), **values
        )


class StepsView(StaffView):
    """The steps that are due, the most pressing first."""

    permission = "acquisition.view_lead"
    template_name = "acquisition/steps.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = selectors.visible_steps(actor=self.request.user)
        page = keyset(queryset=steps, request=self.request, order=("due_at", "id"))
        access.note_read(records=[one.lead for one in page.items], kind="list")
        return super().get_context_data(page=page, **kwargs)


class LeadAction(StaffMixin):
    """A POST about one lead, which says on its page what came of it."""

    permission = "acquisition.change_lead"
    http_method_names = ["post"]

    def act(self, lead: Lead, request: StaffRequest) -> str:
        raise NotImplementedError

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        leads = selectors.visible_leads(actor=request.user)
        lead = get_object_or_404(leads, pk=kwargs["pk"])
        try:
            messages.success(request, self.act(lead, request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except StaleVersion as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(safe_next(request, reverse("acquisition:lead", args=[lead.pk])))


class FinishStepView(LeadAction):
    def act(self, lead: Lead, request: StaffRequest) -> str:
        step = lead.steps.filter(done_at=None).first()
        outcome = request.POST.get("outcome", "")
        if step is None or outcome not in StepOutcome.values:
            raise ValidationError(_("This step is dealt with already."))
        services.finish_step(
            step=step,
            outcome=outcome,
            reason=request.POST.get("reason", "").replace("\0", "")[:2000],
            actor=request.user,
            at=timezone.now(),
        )
        return _("Noted.")


class OfferView(LeadAction):
    permission = "acquisition.offer_lead"

    def act(self, lead: Lead, request: StaffRequest) -> str:
        channel = request.POST.get("channel", "")
        if channel and channel not in dict(STEP_CHANNELS):
            raise ValidationError(_("There is no such channel."))
        try:
            incentive = Incentive.objects.filter(
                campaign=lead.campaign_id, pk=request.POST.get("incentive", "")
            ).first()
        except ValidationError:
            incentive = None
        if incentive is None:
            raise ValidationError(_("There is no such offer."))
        services.offer_to_lead(
            lead=lead, incentive=incentive, channel=channel, actor=request.user, at=timezone.now()
        )
        return _("Offered: %(offer)s.") % {"offer": incentive}


def about_lead(lead: Lead, actor: User) -> dict[str, Any]:
    """The next step with what may stand in its way, and each offer as it is judged now."""
    now = timezone.now()
    step = lead.steps.filter(done_at=None).select_related("step").first() if lead.is_open else None
    made = {one.incentive_id: one for one in lead.offers.select_related("made_by")}
    offers = [
        {
            "incentive": one,
            "made": made.get(one.pk),
            "ways": [
                {"channel": channel, "label": label, "checks": checks,
                 "refused": selectors.stands_in_the_way(checks)}
                for channel, label in (("", _("They asked for it")), *STEP_CHANNELS)
                for checks in [
                    selectors.judge_offer(
                        lead=lead, incentive=one, channel=channel, actor=actor, at=now
                    )
                ]
            ],
        }
        for one in Incentive.objects.filter(campaign=lead.campaign_id).select_related("product")
        if lead.is_open or one.pk in made
    ]  # fmt: skip
    return {
        "step": step,
        "step_text": step.step.text_in(lead.language) if step else "",
        "step_answer": selectors.may_contact_lead(
            lead=lead, channel=step.step.channel, actor=actor, at=now
        )
        if step
        else None,
        "offers": offers,
    }
