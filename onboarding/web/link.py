"""
The customer link: an application filled in on a phone, one thing a page.

The secret of the address is changed for a cookie that is sent below `/my/link/` and nowhere else.
Whatever is wrong with a link - never made, run out, taken back - is told by one and the same page.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from clm.core import access, actors, identity, signing_in
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.uploads import UploadRefused
from clm.core.web.callers import address_of
from customers.models import DocumentKind, PartyKind
from customers.selectors import asked_again, standing
from customers.web.documents import given
from customers.web.mypage.base import OwnRequest, hardened, speak
from customers.web.mypage.consents import Asked, asked
from onboarding import selectors, services
from onboarding.kinds import TemplateKind
from onboarding.lifecycle import ANSWERABLE_STATES, CLOSED_STATES, ApplicationState
from onboarding.models import (
    OF_THE_CUSTOMER,
    Application,
    ApplicationIdentity,
    ApplicationLink,
    TaskKind,
)
from onboarding.selectors import TaskView as Task
from onboarding.web.mypage import word

Role = ApplicationIdentity.Role
COOKIE = "clm_link"
PATH = "/my/link/"
#: Tries of an address, and acts by one link, in a quarter of an hour.
TRIES = 60
ACTS = 150


class LinkView(TemplateView):
    """A page behind a link; `self.application` is what it is about and nothing else is reached."""

    request: OwnRequest
    link: ApplicationLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = timezone.now()
        link = selectors.link_in_force(secret=request.COOKIES.get(COOKIE, ""), at=self.at)
        if link is None:
            return gone(request)
        self.link, self.application = link, link.application
        request.user = actors.themself(customer_id=self.application.customer_id)
        speak(request, self.application.customer.language)
        access.note_read(records=self.application, reason=f"link {link.pk}")
        if request.method not in {"GET", "HEAD"} and not signing_in.take_try(
            username=f"link {link.pk}", at=self.at, tries=ACTS
        ):
            return busy(request)
        services.note_visit(link=link, actor=self.request.user, at=self.at)
        return hardened(super().dispatch(request, *args, **kwargs))

    @property
    def answerable(self) -> bool:
        return self.application.state in ANSWERABLE_STATES

    @property
    def open(self) -> bool:
        return self.application.state not in CLOSED_STATES

    def tasks(self) -> list[Task]:
        """What is the customer's to do, in its order."""
        views = selectors.steps(application=self.application)
        return [one for step in views for one in step.tasks if one.record.kind in OF_THE_CUSTOMER]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.application, link=self.link, **kwargs)


class HomeView(LinkView):
    """Where the application stands, and the one next step."""

    template_name = "onboarding/link/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tasks = self.tasks()
        person = self.application.customer.kind == PartyKind.PERSON
        required = [one for one in tasks if one.record.required]
        done = [one for one in required if one.record.done_at]
        waits = self.application.state == ApplicationState.INFORMATION_REQUESTED
        return super().get_context_data(
            tasks=tasks,
            done=len(done),
            total=len(required),
            answerable=self.answerable,
            closed=self.application.state in CLOSED_STATES,
            following=next((one for one in required if not one.record.done_at), None),
            word=word(self.application),
            provider=identity.configured() if person else None,
            shown=self.application.identities.filter(role=Role.CUSTOMER).first(),
            with_guardian=self.application.template.kind == TemplateKind.YOUNG_PERSON,
            guardian=self.application.identities.filter(role=Role.GUARDIAN).first(),
            **told(self.application, self.at),
            question=selectors.last_question(application=self.application) if waits else "",
            **kwargs,
        )


class TaskView(LinkView):
    """One task: its questions, or the document that it asks for."""

    template_name = "onboarding/link/task.html"

    def task(self) -> Task:
        found = next((one for one in self.tasks() if one.record.key == self.kwargs["key"]), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.answerable:
            return HttpResponseRedirect(reverse("link:home"))
        return self.render_to_response(self.get_context_data(task=self.task()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        task: Task = kwargs["task"]
        keys = [one.record.key for one in self.tasks()]
        kinds = task.blueprint.documents
        customer = self.application.customer
        return super().get_context_data(
            **{
                "errors": {},
                "typed": {},
                "place": keys.index(task.record.key) + 1,
                "places": len(keys),
                "kinds": [(one.value, one.label) for one in DocumentKind if one.value in kinds],
                "handed_in": list(
                    standing(customer=customer, kinds=kinds, on=timezone.localdate(self.at))
                )
                if kinds
                else [],
                "again": asked_again(customer=customer, kinds=kinds) if kinds else [],
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        task = self.task()
        typed = {
            name.removeprefix("answer-"): request.POST.get(name, "")
            for name in request.POST
            if name.startswith("answer-")
        }
        try:
            if task.record.kind == TaskKind.DOCUMENT:
                self._hand_in(task)
            else:
                self._answer(task, typed)
        except (ValidationError, UploadRefused) as error:
            found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            return self._again(typed, found)
        except StaleVersion:
            words = _(
                "This was answered on another device meanwhile. Look at it and send it again."
            )
            return self._again(typed, {"": [words]}, status=409)
        except TransitionRefused:
            # Sent in meanwhile, from here or elsewhere.
            return HttpResponseRedirect(reverse("link:home"))
        return HttpResponseRedirect(self._next())

    def _hand_in(self, task: Task) -> None:
        services.hand_in_document(
            task=task.record,
            kind=self.request.POST.get("kind", ""),
            **given(self.request),
            actor=self.request.user,
            at=self.at,
        )

    def _answer(self, task: Task, typed: Mapping[str, str]) -> None:
        """:raises ValidationError: also for what is required and was left out; the rest is kept"""
        version = self.request.POST.get("version", "")
        services.answer_task(
            task=task.record,
            answers=typed,
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            actor=self.request.user,
            at=self.at,
        )
        self.application.customer.refresh_from_db()
        left = {
            one.question.key: [_("Answer this.")]
            for one in self.task().answers
            if one.question.required and not one.given
        }
        if left and "later" not in self.request.POST:
            raise ValidationError(left)

    def _again(
        self, typed: Mapping[str, str], errors: Mapping[str, list[str]], status: int = 422
    ) -> HttpResponse:
        context = self.get_context_data(
            task=self.task(), typed=typed, errors=errors, chosen=self.request.POST.get("kind", "")
        )
        return self.render_to_response(context, status=status)

    def _next(self) -> str:
        """The next thing that is to be done after this one; the overview where there is none."""
        tasks = self.tasks()
        at = next(n for n, one in enumerate(tasks) if one.record.key == self.kwargs["key"])
        after = [one for one in tasks[at + 1 :] if not one.record.done_at]
        if "later" in self.request.POST or not after:
            return reverse("link:home")
        return reverse("link:task", args=[after[0].record.key])


class ConsentsView(LinkView):
    """What the customer agrees to, by wordings in force; answered once by a link."""

    template_name = "onboarding/link/consents.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(asked=self._asked(), **kwargs)

    def _asked(self) -> list[Asked]:
        return asked(customer=self.application.customer, at=self.at)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        said = {
            (str(choice.purpose), str(choice.channel)): request.POST.get(
                f"wording-{entry.purpose}", ""
            )
            for entry in self._asked()
            for choice in entry.choices
            if request.POST.get(f"yes-{choice.purpose}-{choice.channel}")
        }
        try:
            services.answer_consents(
                link=self.link,
                given=said,
                language=str(get_language())[:2],
                actor=self.request.user,
                at=self.at,
            )
        except ValidationError:
            return self.render_to_response(self.get_context_data(changed=True), status=409)
        return HttpResponseRedirect(reverse("link:home"))


class SendView(LinkView):
    """POST: send the application in, or the answers that were asked for; twice is as once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.send_in(application=self.application, actor=self.request.user, at=self.at)
        except TransitionRefused as refusal:
            view = HomeView()
            view.setup(self.request)
            view.link, view.application, view.at = self.link, self.application, self.at
            context = view.get_context_data(refused=refusal.reasons)
            return TemplateResponse(self.request, HomeView.template_name, context, status=409)
        return HttpResponseRedirect(reverse("link:home"))


class ContestView(LinkView):
    """POST: the customer disagrees with a no; another person looks at it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        letter = selectors.letter_of(application=self.application)
        if letter is None:
            raise Http404
        try:
            services.contest(
                letter=letter, words=request.POST.get("words", ""),
                actor=self.request.user, at=self.at,
            )  # fmt: skip
        except ValidationError as error:
            view = HomeView()
            view.setup(self.request)
            view.link, view.application, view.at = self.link, self.application, self.at
            context = view.get_context_data(contest_error=error.messages)
            return TemplateResponse(self.request, HomeView.template_name, context, status=422)
        return HttpResponseRedirect(reverse("link:home"))


class LaterView(LinkView):
    """POST: go on later; this browser forgets the link."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.note_leaving(link=self.link, actor=self.request.user, at=self.at)
        response = TemplateResponse(self.request, "onboarding/link/later.html", {"link": self.link})
        response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
        return response


class BeginView(TemplateView):
    """The address that the customer was given; a button opens it, so that no robot does."""

    template_name = "onboarding/link/begin.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = timezone.now()
        if not signing_in.take_try(username=f"link {address_of(request)}", at=at, tries=TRIES):
            return busy(request)
        link = selectors.link_in_force(secret=kwargs["secret"], at=at)
        if link is None:
            return gone(request)
        speak(request, link.application.customer.language)
        return hardened(super().dispatch(request, *args, **kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponseRedirect(reverse("link:home"))
        response.set_cookie(
            COOKIE,
            kwargs["secret"],
            path=PATH,
            max_age=int(services.LINK_LASTS.total_seconds()),
            secure=bool(settings.SESSION_COOKIE_SECURE),
            httponly=True,
            samesite="Lax",
        )
        return response


def told(application: Application, at: datetime) -> dict[str, Any]:
    """The letter that says no, and whether it may still be contested."""
    letter = selectors.letter_of(application=application)
    return {
        "letter": letter,
        "may_contest": letter is not None and at <= letter.contest_until,
        "contest_url": reverse("link:contest"),
    }


def gone(request: HttpRequest) -> HttpResponseBase:
    """The link leads nowhere, and why is nobody's business."""
    return hardened(TemplateResponse(request, "onboarding/link/gone.html", {}, status=410))


def busy(request: HttpRequest) -> HttpResponseBase:
    """Too much, too fast."""
    context = {"busy": True}
    response = TemplateResponse(request, "onboarding/link/gone.html", context, status=429)
    response["Retry-After"] = "900"
    return hardened(response)
