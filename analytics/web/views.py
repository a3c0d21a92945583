"""The churn model: how good it is, why it says what it says, for whom, and which versions there are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import selectors, services
from analytics.models import CHURN
from analytics.web.customer_page import told
from analytics.web.model_page import about
from clm.core import access, actors
from clm.core.web.views import StaffMixin, StaffRequest, StaffView
from customers import reasons


class ChurnView(StaffView):
    """The model in use, or the newest one, and the customers most at risk."""

    template_name = "analytics/churn.html"
    permission = "analytics.view_modelversion"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        versions = selectors.visible_models(actor=actor).filter(name=CHURN).order_by("-number")
        shown = selectors.model_in_use() or versions.first()
        scores = selectors.most_at_risk(actor=actor)
        scoring = selectors.last_scoring(actor=actor)
        access.note_read(records=scores, kind="list")
        return {
            **super().get_context_data(**kwargs),
            "versions": versions[:20],
            "scores": [(score, reasons.told(reasons=score.reasons[:1])) for score in scores],
            "scoring": scoring,
            "high": scoring["bands"].get("high", 0),
            "may_train": actors.may(actor=actor, permission="analytics.train_model"),
            "may_score": actors.may(actor=actor, permission="analytics.score_customers"),
            **(about(shown) if shown else {}),
        }


class ModelView(StaffView):
    """One version of the register with its card and what may be done with it."""

    template_name = "analytics/model.html"
    permission = "analytics.view_modelversion"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = selectors.visible_models(actor=self.request.user)
        version = get_object_or_404(visible, pk=self.kwargs["pk"])
        access.note_read(records=version)
        return {**super().get_context_data(**kwargs), **about(version)}


class ScoreView(StaffView):
    """Why one customer's risk is what it is, and how it came there."""

    template_name = "analytics/score.html"
    permission = "analytics.view_churnscore"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scores = selectors.visible_scores(actor=self.request.user)
        score = get_object_or_404(selectors.with_customer(scores), pk=self.kwargs["pk"])
        access.note_read(records=score)
        earlier = selectors.scores_of(score=score)
        return {**super().get_context_data(**kwargs), **told(score, earlier)}


class TrainView(StaffMixin):
    """POST: train a challenger, as a job."""

    permission = "analytics.train_model"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        job = services.start_training(actor=request.user, at=timezone.now())
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))


class ScoringView(StaffMixin):
    """POST: score everybody now, as a job."""

    permission = "analytics.score_customers"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        started = services.start_scoring(actor=request.user, at=timezone.now())
        if len(started) == 1:
            return HttpResponseRedirect(reverse("web:job", args=[started[0].pk]))
        messages.success(request, _("Scoring has begun."))
        return HttpResponseRedirect(reverse("web:jobs"))
