"""The plan of a campaign and its offers; the steps that are due, and offering, lead by lead."""

from copy import copy
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
from acquisition.models import Campaign, Incentive, Lead, LeadStep, NurtureStep, StepOutcome
from acquisition.models.nurturing import STEP_CHANNELS
from clm.core import access
from clm.core.lifecycle import StaleVersion
from clm.core.models import User
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffRequest, StaffView, safe_next
from clm.core.web.views.staff import StaffMixin


class _PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is corrected has its version, and may be taken out of use."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["is_used"], self.fields["version"]
        else:
            self.initial["version"] = self.instance.version

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields if name != "version"}


class StepForm(_PlanForm):
    class Meta:
        model = NurtureStep
        fields: ClassVar = ("title", "after_days", "channel", "text_da", "text_en", "is_used")
        widgets: ClassVar = {
            "text_da": forms.Textarea(attrs={"rows": 3}),
            "text_en": forms.Textarea(attrs={"rows": 3}),
        }


class IncentiveForm(_PlanForm):
    class Meta:
        model = Incentive
        fields: ClassVar = (
            "name_da", "name_en", "text_da", "text_en", "product", "cost", "valid_from", "valid_to",
            "is_used",
        )  # fmt: skip
        widgets: ClassVar = {
            "text_da": forms.Textarea(attrs={"rows": 2}),
            "text_en": forms.Textarea(attrs={"rows": 2}),
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class PlanView(StaffFormView):
    """A form about a part of a campaign: a step of its plan, or an offer."""

    template_name = "acquisition/plan_form.html"

    @property
    def campaign(self) -> Campaign:
        raise NotImplementedError

    def heading(self) -> str:
        raise NotImplementedError

    def keep(self, form: _PlanForm) -> None:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(campaign=self.campaign, title=self.heading(), **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            self.keep(cast("_PlanForm", form))
        except (StaleVersion, ValidationError) as error:
            spread(form, error)
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("acquisition:campaign", args=[self.campaign.pk]))


class AddView(PlanView):
    """A part is added to the campaign of the address."""

    @cached_property
    def campaign(self) -> Campaign:
        campaigns = selectors.visible_campaigns(actor=self.request.user)
        return get_object_or_404(campaigns, pk=self.kwargs["pk"])


class EditView(PlanView):
    """The part of the address is corrected, or taken out of use."""

    parts: ClassVar[Any]

    @cached_property
    def record(self) -> Any:
        return get_object_or_404(type(self).parts(actor=self.request.user), pk=self.kwargs["pk"])

    @property
    def campaign(self) -> Campaign:
        return cast("Campaign", self.record.campaign)

    def heading(self) -> str:
        return str(self.record)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": copy(self.record)}


class NewStepView(AddView):
    permission = "acquisition.add_nurturestep"
    form_class = StepForm

    def heading(self) -> str:
        return _("New step")

    def keep(self, form: _PlanForm) -> None:
        services.add_step(
            campaign=self.campaign, actor=self.request.user, at=timezone.now(), **form.values()
        )


class EditStepView(EditView):
    permission = "acquisition.change_nurturestep"
    form_class = StepForm
    parts = staticmethod(selectors.planned_steps)

    def keep(self, form: _PlanForm) -> None:
        services.change_step(
            step=self.record, changes=form.values(), actor=self.request.user, at=timezone.now(),
            version=form.cleaned_data["version"],
        )  # fmt: skip


class NewIncentiveView(AddView):
    permission = "acquisition.add_incentive"
    form_class = IncentiveForm

    def heading(self) -> str:
        return _("New offer")

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": self.campaign.starts_on, "valid_to": self.campaign.ends_on}

    def keep(self, form: _PlanForm) -> None:
        services.add_incentive(
            campaign=self.campaign, actor=self.request.user, at=timezone.now(), **form.values()
        )


class EditIncentiveView(EditView):
    permission = "acquisition.change_incentive"
    form_class = IncentiveForm
    parts = staticmethod(selectors.visible_incentives)

    def keep(self, form: _PlanForm) -> None:
        services.change_incentive(
            incentive=self.record, changes=form.values(), actor=self.request.user,
            at=timezone.now(), version=form.cleaned_data["version"],
        )  # fmt: skip


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
        step = _waiting(lead)
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


def _waiting(lead: Lead) -> LeadStep | None:
    return (
        lead.steps.filter(done_at=None, step__is_used=True)
        .select_related("step")
        .order_by("due_at", "id")
        .first()
    )


def about_lead(lead: Lead, actor: User) -> dict[str, Any]:
    """The next step with what may stand in its way, and each offer as it is judged now."""
    now = timezone.now()
    step = _waiting(lead) if lead.is_open else None
    return {
        "step": step,
        "step_text": step.step.text_in(lead.language) if step else "",
        "step_answer": selectors.may_contact_lead(
            lead=lead, channel=step.step.channel, actor=actor, at=now
        )
        if step
        else None,
        "offers": selectors.offers_for(lead=lead, actor=actor, at=now),
    }
