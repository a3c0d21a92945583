"""My page: how far an application is, and what the customer is asked for."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core.registries import OwnPage
from customers.models import Customer, SignIn
from customers.web.mypage import OwnView
from onboarding import selectors, services
from onboarding.lifecycle import ANSWERABLE_STATES, ApplicationState
from onboarding.models import OF_THE_CUSTOMER, Application
from onboarding.selectors import StepView


class ApplicationView(OwnView):
    """
    The customer's open applications. Between sending it in and the answer there is one state,
    “we are working on it”: who looks at what, and why, is not told (hvidvaskloven § 38).
    """

    template_name = "onboarding/my_application.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.open_of_customer(customer=self.customer).select_related(
            "product", "template"
        )
        row = SignIn.objects.get(pk=self.who["sign_in"])
        for one in found:
            self._keep_identity(one, row)
        return super().get_context_data(
            applications=[_shown(one) for one in found],
            letters=[
                {"letter": one, "may_contest": self.at <= one.contest_until}
                for one in selectors.letters_to(customer=self.customer)
            ],
            contest_url=reverse("my:application"),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The customer disagrees with a no; another person looks at it."""
        letters = selectors.letters_to(customer=self.customer)
        letter = next(
            (one for one in letters if str(one.pk) == request.POST.get("letter", "")), None
        )
        if letter is None:
            raise Http404
        try:
            services.contest(
                letter=letter, words=request.POST.get("words", ""),
                actor=self.request.user, at=self.at,
            )  # fmt: skip
        except ValidationError as error:
            context = self.get_context_data(contest_error=error.messages)
            return self.render_to_response(context, status=422)
        return HttpResponseRedirect(reverse("my:application"))

    def _keep_identity(self, application: Application, row: SignIn) -> None:
        """Who signed in and comes to their application has shown who they are for it."""
        services.keep_identity(
            application=application, provider=row.provider, assurance=row.assurance,
            transaction_id=row.transaction_id, shown_at=row.at, actor=self.request.user, at=self.at,
        )  # fmt: skip


def _shown(application: Application) -> dict[str, Any]:
    waits = application.state in ANSWERABLE_STATES
    views = _asked_of_them(selectors.steps(application=application)) if waits else []
    return {
        "application": application,
        "state": word(application),
        "missing": selectors.missing(views=views),
        "question": selectors.last_question(application=application)
        if application.state == ApplicationState.INFORMATION_REQUESTED
        else "",
    }


def _asked_of_them(views: list[StepView]) -> list[StepView]:
    """The steps without what an officer checks: that is nobody's task here."""
    return [
        replace(one, tasks=tuple(task for task in one.tasks if task.record.kind in OF_THE_CUSTOMER))
        for one in views
    ]


def word(application: Application) -> str:
    """Where an application is, as far as that is the customer's business."""
    if application.state == ApplicationState.DRAFT:
        return _("Not sent in yet")
    if application.state == ApplicationState.INFORMATION_REQUESTED:
        return _("We need something from you")
    return _("We are working on it")


def note(customer: Customer) -> str | None:
    application = selectors.open_of_customer(customer=customer).first()
    if application is not None:
        return word(application)
    letter = selectors.letters_to(customer=customer).first()
    return _("We have answered you") if letter is not None else None


PAGE = OwnPage(
    "application", gettext_lazy("My application"), "file-text", ApplicationView, note, 20
)
