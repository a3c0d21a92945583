"""A survey as the customer sees it: one link, one question, once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from clm.core import signing_in
from clm.core.web.callers import address_of
from customers.web.mypage.base import hardened, speak
from engagement import services
from engagement.models import SurveyInvitation

#: Tries of an address in a quarter of an hour.
TRIES = 60


class AnswerView(TemplateView):
    """The question; POST `score` and `text` answers it. Whatever is wrong with a link looks alike."""

    template_name = "engagement/survey_answer.html"
    invitation: SurveyInvitation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = timezone.now()
        if not signing_in.take_try(
            username=f"survey {address_of(request)}", at=self.at, tries=TRIES
        ):
            response = _told(request, "busy", 429)
            response["Retry-After"] = "900"
            return hardened(response)
        found = services.invitation_of(secret=kwargs["secret"], at=self.at)
        if found is None:
            return hardened(_told(request, "gone", 410))
        self.invitation = found
        speak(request, found.customer.language)
        if found.answered_at is not None:
            return hardened(_told(request, "answered", 410))
        return hardened(super().dispatch(request, *args, **kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        survey = self.invitation.survey
        low, high = _ends(survey.measure)
        return super().get_context_data(
            survey=survey, low=low, high=high, adviser=self.invitation.customer.adviser, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        score, text = request.POST.get("score", ""), request.POST.get("text", "")
        number = int(score) if score.isascii() and score.isdigit() and len(score) < 3 else -1
        try:
            services.answer_survey(invitation=self.invitation, score=number, text=text, at=self.at)
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                return _told(request, "answered", 410)
            typed = text[:4100].replace("\x00", "")
            context = self.get_context_data(errors=error.message_dict, typed=typed, chosen=number)
            return self.render_to_response(context, status=422)
        return _told(request, "thanks", 200)


def _told(request: HttpRequest, what: str, status: int) -> TemplateResponse:
    return TemplateResponse(request, "engagement/survey_done.html", {"what": what}, status=status)


def _ends(measure: str) -> tuple[str, str]:
    """What the lowest and the highest number mean."""
    return {
        "nps": (_("Not at all likely"), _("Very likely")),
        "csat": (_("Very dissatisfied"), _("Very satisfied")),
        "ces": (_("Very difficult"), _("Very easy")),
        "trust": (_("No trust at all"), _("Full trust")),
    }[measure]
