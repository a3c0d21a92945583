"""Asking the assistant, behind the customer's link and in the workspace; and a person's answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clm.core import access
from clm.core.assistant import answering
from clm.core.web.views import StaffRequest
from clm.core.web.views.staff import StaffMixin
from onboarding import selectors, services
from onboarding.models import Application
from onboarding.web.link import LinkView


class LinkAskView(LinkView):
    """A question to the assistant; `person` gives it to somebody of the bank instead."""

    template_name = "onboarding/link/ask.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "questions": selectors.questions_of(application=self.application),
                "longest": answering.LONGEST,
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        question = request.POST.get("question", "")
        if "person" in request.POST:
            return self._hand_over(question)
        try:
            reply = _ask(self.application, question, request.POST.get("about", ""), place="link")
        except answering.QuestionRefused as refusal:
            return self._refused(question, str(refusal))
        return self.render_to_response(self.get_context_data(question=question, reply=reply))

    def _hand_over(self, question: str) -> HttpResponse:
        try:
            services.hand_over(
                link=self.link, text=question, actor=self.request.user, at=self.at,
                answer_id=_id(self.request.POST.get("answer", "")),
            )  # fmt: skip
        except ValidationError as error:
            return self._refused(question, " ".join(error.messages))
        return HttpResponseRedirect(reverse("link:ask") + "#questions")

    def _refused(self, question: str, words: str) -> HttpResponse:
        typed = question[: 2 * answering.LONGEST].replace("\x00", "")
        context = self.get_context_data(question=typed, error=words)
        return self.render_to_response(context, status=422)


class AskView(StaffMixin):
    """POST `question`: what the assistant says of the application, as the customer may read it."""

    permission = "onboarding.view_application"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        application = _application(request, kwargs["pk"])
        access.note_read(records=[application])
        question = request.POST.get("question", "")
        context: dict[str, Any] = {"application": application, "question": question}
        try:
            context["reply"] = _ask(
                application, question, request.POST.get("about", ""), place="workspace"
            )
        except answering.QuestionRefused as refusal:
            context["error"] = str(refusal)
        status = 422 if "error" in context else 200
        return TemplateResponse(
            request, "onboarding/_assistant_answer.html", context, status=status
        )


class ReplyView(StaffMixin):
    """POST `reply`: answer a customer's question; they read it behind their link."""

    permission = "onboarding.change_application"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        visible = selectors.visible_questions(actor=request.user).select_related("application")
        question = get_object_or_404(visible, pk=kwargs["pk"])
        try:
            services.reply_to(
                question=question, text=request.POST.get("reply", ""), actor=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Answered: the customer reads it behind the link."))
        place = reverse("onboarding:application", args=[question.application_id])
        return HttpResponseRedirect(place + "#questions")


def _ask(application: Application, question: str, about: str, *, place: str) -> answering.Reply:
    customer = application.customer
    return answering.ask(
        question=question,
        about=about,
        subject=application,
        place=place,
        language="da" if (get_language() or "").startswith("da") else "en",
        names=[customer.given_names, customer.family_name, customer.name],
        at=timezone.now(),
    )


def _application(request: StaffRequest, pk: UUID) -> Application:
    return get_object_or_404(selectors.visible_applications(actor=request.user), pk=pk)


def _id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
