"""The risk model: versions with what they change, their back-tests, and drafting the next."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, events, jobs
from clm.core.lifecycle import RulesState, TransitionRefused
from clm.core.web.views import StaffFormView, StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from kyc import services
from kyc.models import RiskModel
from kyc.rating import selectors
from kyc.web.risk_forms import RiskModelForm
from kyc.web.risk_words import back_test_words, diligence_rows, factor_rows, level_rows


class RiskModelsView(StaffView):
    """What is in force, and every version there was."""

    permission = "kyc.view_riskmodel"
    template_name = "kyc/risk_models.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        now = selectors.risk_model_in_force()
        return super().get_context_data(
            model=now,
            factors=factor_rows(model=now),
            levels=level_rows(model=now),
            diligence=diligence_rows(model=now),
            versions=selectors.visible_risk_models(actor=actor)[:50],
            may_change=actors.may(actor=actor, permission="kyc.change_riskmodel"),
            **kwargs,
        )


class RiskModelView(StaffView):
    """One version: what it says, what that changes, and what its back-test found."""

    permission = "kyc.view_riskmodel"
    template_name = "kyc/risk_model.html"
    partials = ("back-test",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        model = get_object_or_404(selectors.visible_risk_models(actor=actor), pk=self.kwargs["pk"])
        now = selectors.risk_model_in_force()
        to_come = model.state in (RulesState.DRAFT, RulesState.PENDING)
        against = now if to_come else RiskModel.objects.filter(number=model.number - 1).first()
        test = back_test_words(model=model)
        job = selectors.back_test_jobs(model=model).first()
        kept = selectors.back_test_job(model=model)
        may_change = actors.may(actor=actor, permission="kyc.change_riskmodel")
        return super().get_context_data(
            model=model,
            against=against,
            factors=factor_rows(model=model, against=against),
            levels=level_rows(model=model, against=against),
            diligence=diligence_rows(model=model, against=against),
            test=test,
            fits=bool(test) and model.back_test["digest"] == model.digest,
            job=job,
            has_moves=kept is not None and bool(kept.result_file) and may_change,
            may_change=may_change,
            back_test_only=["back_test"],
            is_draft=model.state == RulesState.DRAFT,
            history=list(
                events.for_record(model).select_related("actor").order_by("-sequence")[:20]
            ),
            **kwargs,
        )


class RiskDraftView(StaffFormView):
    """The next version; the form begins as what is in force."""

    permission = "kyc.change_riskmodel"
    template_name = "kyc/risk_form.html"
    form_class = RiskModelForm

    def begins_as(self) -> RiskModel:
        return selectors.risk_model_in_force()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "model": self.begins_as()}

    def save(self, content: dict[str, Any]) -> RiskModel:
        return services.draft_risk_model(**content, actor=self.request.user, at=timezone.now())

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            model = self.save(form.content())
        except ValidationError as exc:
            form.add_error(None, exc.messages)
            return self.form_invalid(form)
        except TransitionRefused as refusal:
            form.add_error(None, refusal.reasons)
            return self.form_invalid(form)
        messages.success(
            self.request, _("Version %(number)d is a draft.") % {"number": model.number}
        )
        return HttpResponseRedirect(reverse("kyc:risk-model", args=[model.pk]))


class RiskEditView(RiskDraftView):
    """A draft, changed."""

    def begins_as(self) -> RiskModel:
        model = get_object_or_404(
            selectors.visible_risk_models(actor=self.request.user), pk=self.kwargs["pk"]
        )
        if model.state != RulesState.DRAFT:
            raise Http404
        return model

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(model=self.begins_as(), **kwargs)

    def save(self, content: dict[str, Any]) -> RiskModel:
        return services.change_risk_model(
            model=self.begins_as(), changes=content, actor=self.request.user, at=timezone.now()
        )


class BackTestView(StaffMixin):
    """POST: simulate the draft on the whole portfolio."""

    permission = "kyc.change_riskmodel"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        model = get_object_or_404(
            selectors.visible_risk_models(actor=request.user), pk=kwargs["pk"]
        )
        try:
            services.start_back_test(model=model, actor=request.user, at=timezone.now())
        except TransitionRefused as refusal:
            messages.error(request, " ".join(refusal.reasons))
        return HttpResponseRedirect(reverse("kyc:risk-model", args=[model.pk]) + "#back-test")


class MovesView(StaffMixin):
    """The customers that a draft moves, as the file its back-test made."""

    permission = "kyc.change_riskmodel"
    request: StaffRequest

    def get(self, request: StaffRequest, **kwargs: Any) -> Any:
        model = get_object_or_404(
            selectors.visible_risk_models(actor=request.user), pk=kwargs["pk"]
        )
        job = selectors.back_test_job(model=model)
        if job is None:
            raise Http404
        try:
            content = jobs.open_result(job=job, actor=request.user)
        except FileNotFoundError:
            raise Http404 from None
        except PermissionDenied:
            raise
        response = FileResponse(
            cast("Any", content), as_attachment=True, filename=job.result_name,
            content_type="text/csv; charset=utf-8",
        )  # fmt: skip
        response["X-Content-Type-Options"] = "nosniff"
        return response
