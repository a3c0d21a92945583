"""Back a step, a refusal with its ground, and a decision that was contested."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import User
from clm.core.web.views import StaffRequest
from clm.core.web.views.staff import StaffMixin
from onboarding import blueprint, refusals, selectors, services
from onboarding.lifecycle import ApplicationState
from onboarding.models import Application, ApplicationTask
from onboarding.services.refusals import DECIDES

WITH_THE_BANK = (ApplicationState.VERIFYING, ApplicationState.IN_REVIEW)


class BackView(StaffMixin):
    """POST: back to a step, with what the customer is told."""

    permission = "onboarding.request_information_application"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        task = get_object_or_404(selectors.visible_tasks(actor=request.user), pk=kwargs["pk"])
        try:
            opened = services.go_back(
                task=task, reason=request.POST.get("reason", ""),
                actor=request.user, at=timezone.now(),
            )  # fmt: skip
        except (TransitionRefused, ValidationError) as error:
            return _back(request, task.application_id, error)
        titles = titles_of(task.application, opened)
        said = _("Opened again, with every answer kept: %(tasks)s.")
        messages.success(request, said % {"tasks": ", ".join(titles)})
        return _back(request, task.application_id)


class RefuseView(StaffMixin):
    """POST: say no, for a ground that the customer reads in a letter."""

    permission = DECIDES
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        application = get_object_or_404(
            selectors.visible_applications(actor=request.user), pk=kwargs["pk"]
        )
        version = request.POST.get("version", "")
        try:
            services.refuse(
                application=application,
                ground=request.POST.get("ground", ""),
                words=request.POST.get("words", ""),
                reason=request.POST.get("reason", ""),
                version=int(version) if version.isdecimal() and len(version) < 10 else None,
                actor=request.user,
                at=timezone.now(),
            )
        except (TransitionRefused, ValidationError, StaleVersion) as error:
            return _back(request, application.pk, error)
        messages.success(request, _("Declined. The letter to the customer is being written."))
        return _back(request, application.pk)


class ReviewView(StaffMixin):
    """POST: answer a customer who contested a decision."""

    permission = DECIDES
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        application = get_object_or_404(
            selectors.visible_applications(actor=request.user), pk=kwargs["pk"]
        )
        letter = selectors.letter_of(application=application)
        if letter is None:
            raise Http404
        try:
            answered = services.answer_contest(
                letter=letter,
                outcome=request.POST.get("outcome", ""),
                words=request.POST.get("words", ""),
                actor=request.user,
                at=timezone.now(),
            )
        except (TransitionRefused, ValidationError) as error:
            return _back(request, application.pk, error)
        messages.success(request, _("Answered; the customer can read it."))
        return _back(request, answered.following_id or application.pk)


def decision_context(*, application: Application, actor: User, task: Any) -> dict[str, Any]:
    """What the workspace shows of going back, saying no, and what was contested."""
    letter = selectors.letter_of(application=application)
    decides = actors.may(actor=actor, permission=DECIDES)
    asks = actors.may(actor=actor, permission="onboarding.request_information_application")
    basic = selectors.is_basic(application=application)
    rests = task.blueprint.reopens if task is not None else ()
    return {
        "letter": letter,
        "may_refuse": decides and application.state == ApplicationState.IN_REVIEW,
        "may_review": decides
        and letter is not None
        and letter.is_contested
        and letter.by_id != actor.pk,
        "may_go_back": asks
        and application.state in WITH_THE_BANK
        and task is not None
        and task.record.kind == "answers"
        and task.record.done_at is not None,
        "reopens": titles_of(application, rests),
        "grounds": [one for one in refusals.Ground if not basic or one in refusals.BASIC_GROUNDS],
        "outcomes": refusals.OUTCOMES,
        "basic": basic,
    }


def titles_of(application: Application, keys: Any) -> list[str]:
    """Tasks by what they are called, in their order."""
    return [one.title for one in blueprint.tasks(application.template.data) if one.key in keys]


def open_keys(application: Application) -> set[str]:
    """The tasks that are to be done now."""
    return set(
        ApplicationTask.objects.filter(
            application=application, applies=True, required=True, done_at=None
        ).values_list("key", flat=True)
    )


def _back(request: StaffRequest, pk: Any, error: Exception | None = None) -> HttpResponse:
    if error is not None:
        words = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(words))
    return HttpResponseRedirect(reverse("onboarding:application", args=[pk]))
