"""Pages of onboarding: the queue and the application workspace."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import access, actors, events
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import User
from clm.core.uploads import MAX_PAGES
from clm.core.web.views import StaffRequest, StaffView, safe_next
from clm.core.web.views.staff import StaffMixin
from customers.models import DocumentKind
from customers.web import documents
from onboarding import selectors, services
from onboarding.lifecycle import (
    ANSWERABLE_STATES,
    CLOSED_STATES,
    PENDING_STATES,
    ApplicationState,
)
from onboarding.models import Application, ApplicationTask, TaskKind
from onboarding.selectors.measures import AGES
from onboarding.web.decisions import decision_context, open_keys, titles_of
from onboarding.web.measures import age_label
from onboarding.web.panels import event_words

SHOWN = 100
NEXT_STEP = {
    ApplicationState.DRAFT: "submit",
    ApplicationState.IN_REVIEW: "approve",
    ApplicationState.INFORMATION_REQUESTED: "resume",
}


class QueueView(StaffView):
    permission = "onboarding.view_application"
    template_name = "onboarding/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, now = self.request.user, timezone.now()
        view = self.request.GET.get("view", "open")
        given = {name: self.request.GET.get(name, "") for name in ("age", "officer")}
        narrowed = selectors.narrowed(
            applications=selectors.queue(actor=actor, view=view), at=now, **given
        )
        found = list(narrowed[: SHOWN + 1])
        access.note_read(records=found[:SHOWN], kind="list")
        return super().get_context_data(
            applications=found[:SHOWN],
            more=len(found) > SHOWN,
            tabs=_tabs(actor, view),
            figures=selectors.figures(actor=actor, at=now),
            narrowed=_narrowed(found, **given),
            load=selectors.load(actor=actor, at=now),
            may_assign=actors.may(actor=actor, permission="onboarding.assign_application"),
            may_open=actors.may(actor=actor, permission="onboarding.add_application"),
            **kwargs,
        )


class ApplicationView(StaffView):
    permission = "onboarding.view_application"
    template_name = "onboarding/application.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = _application(self.request.user, self.kwargs["pk"])
        access.note_read(records=[application, application.customer])
        return super().get_context_data(
            **workspace(
                application=application,
                actor=self.request.user,
                task_key=self.request.GET.get("task", ""),
            ),
            **kwargs,
        )


class TaskView(StaffMixin):
    """Answers to one task, or the officer's tick; back to the workspace, at what comes next."""

    permission = ("onboarding.change_application", "onboarding.approve_application")
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        task = get_object_or_404(ApplicationTask, pk=kwargs["pk"])
        application = _application(request.user, task.application_id)
        data = request.POST
        given = {
            name.removeprefix("answer-"): data.get(name, "")
            for name in data
            if name.startswith("answer-")
        }
        try:
            if task.kind == TaskKind.DOCUMENT:
                self._hand_in(task)
            else:
                self._keep(task, given)
        except ValidationError as error:
            return self._again(application, task, given, error)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        except StaleVersion as stale:
            messages.error(request, str(stale))
        place = reverse("onboarding:application", args=[application.pk])
        # The first open task is shown there; a finished one gives way by itself.
        return HttpResponseRedirect(place)

    def _keep(self, task: ApplicationTask, given: Mapping[str, str]) -> None:
        request = self.request
        version = (
            int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None
        )
        common: dict[str, Any] = {
            "task": task,
            "actor": request.user,
            "at": timezone.now(),
            "version": version,
        }
        if task.kind == TaskKind.ANSWERS:
            before = open_keys(task.application)
            services.answer_task(answers=given, **common)
            opened = open_keys(task.application) - before - {task.key}
            if opened:
                said = _("Opened again, with every answer kept: %(tasks)s.")
                titles = ", ".join(titles_of(task.application, opened))
                messages.info(request, said % {"tasks": titles})
        elif request.POST.get("reopen"):
            services.reopen_check(**common)
        else:
            services.complete_check(note=request.POST.get("note", "").strip(), **common)

    def _hand_in(self, task: ApplicationTask) -> None:
        document = services.hand_in_document(
            task=task,
            kind=self.request.POST.get("kind", ""),
            **documents.given(self.request),
            actor=self.request.user,
            at=timezone.now(),
        )
        said = _("%(document)s: kept, and waits to be looked at.")
        messages.success(self.request, said % {"document": document})

    def _again(
        self,
        application: Application,
        task: ApplicationTask,
        given: Mapping[str, str],
        error: ValidationError,
    ) -> HttpResponse:
        """The page once more with what was typed, each error beside its question."""
        errors = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        context = workspace(application=application, actor=self.request.user, task_key=task.key)
        context |= {"errors": errors, "typed": dict(given)}
        access.note_read(records=[application, application.customer])
        return TemplateResponse(self.request, "onboarding/application.html", context, status=422)


class AssignView(StaffMixin):
    """Take an application, or put it back into the backlog."""

    permission = "onboarding.assign_application"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        application = _application(request.user, kwargs["pk"])
        officer = None if request.POST.get("release") else request.user
        services.assign_officer(
            application=application, officer=officer, actor=request.user, at=timezone.now()
        )
        return HttpResponseRedirect(
            safe_next(request, reverse("onboarding:application", args=[application.pk]))
        )


class MakeLinkView(StaffMixin):
    """POST: a new link for the customer, shown on the page this once."""

    permission = "onboarding.change_application"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        application = _application(request.user, kwargs["pk"])
        try:
            _link, secret = services.make_link(
                application=application, actor=request.user, at=timezone.now()
            )
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("onboarding:application", args=[application.pk]))
        context = workspace(application=application, actor=request.user, task_key="")
        context["new_link"] = request.build_absolute_uri(reverse("link:begin", args=[secret]))
        access.note_read(records=[application, application.customer])
        return TemplateResponse(request, "onboarding/application.html", context)


class RevokeLinkView(StaffMixin):
    """POST: take the customer's link back."""

    permission = "onboarding.change_application"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        application = _application(request.user, kwargs["pk"])
        services.revoke_link(application=application, actor=request.user, at=timezone.now())
        messages.success(request, _("The link works no more."))
        return HttpResponseRedirect(reverse("onboarding:application", args=[application.pk]))


def workspace(*, application: Application, actor: User, task_key: str) -> dict[str, Any]:
    """What the application's page shows: steps, the task in the middle, the customer's view."""
    views = selectors.steps(application=application)
    task = selectors.task_to_show(views=views, key=task_key, state=application.state)
    answerable = application.state in ANSWERABLE_STATES
    is_check = task is not None and task.record.kind == TaskKind.CHECK
    may_answer = actors.may(actor=actor, permission="onboarding.change_application")
    may_check = actors.may(actor=actor, permission="onboarding.approve_application")
    kinds = task.blueprint.documents if task else ()
    return {
        **_documents(application, actor, kinds),
        **decision_context(application=application, actor=actor, task=task),
        "application": application,
        "steps": views,
        "task": task,
        "editable": (
            (is_check and may_check and application.state not in CLOSED_STATES)
            or (not is_check and may_answer and answerable)
        ),
        "missing": selectors.missing(views=views),
        "next_step": NEXT_STEP.get(ApplicationState(application.state), ""),
        "progress": selectors.progress(views=views),
        "pending": application.state in PENDING_STATES,
        "paused": application.state == ApplicationState.INFORMATION_REQUESTED,
        "closed": application.state in CLOSED_STATES,
        "asked": selectors.last_question(application=application),
        "history": events.for_record(application).select_related("actor")[:60],
        "words": event_words(),
        "may_assign": actors.may(actor=actor, permission="onboarding.assign_application"),
        "errors": {},
        "typed": {},
        "link": selectors.link_of(application=application, at=timezone.now()),
        "may_link": may_answer and application.state not in CLOSED_STATES,
    }


def _documents(application: Application, actor: User, kinds: tuple[str, ...]) -> dict[str, Any]:
    """What a document task shows: what came of these kinds, and what can be said of it."""
    if not kinds:
        return {}
    may_see = actors.may(actor=actor, permission="customers.view_document")
    customer = application.customer
    return {
        "documents": documents.shown(customer=customer, actor=actor, kinds=kinds)
        if may_see
        else [],
        "kinds": [(one.value, one.label) for one in DocumentKind if one.value in kinds],
        "may_upload": actors.may(actor=actor, permission="customers.upload_document"),
        "may_open": actors.may(actor=actor, permission="customers.open_document"),
        "most_pages": MAX_PAGES,
        "customer": customer,
    }


def _application(actor: User, pk: Any) -> Application:
    return get_object_or_404(selectors.visible_applications(actor=actor), pk=pk)


def _narrowed(found: list[Application], *, age: str, officer: str) -> str:
    """What the list is narrowed to, in words; empty for the whole of it."""
    words = []
    if age in AGES:
        words.append(_("sent in %(days)s ago") % {"days": age_label(age)})
    if officer == "none":
        words.append(_("without an officer"))
    elif officer:
        words.append(str(found[0].officer) if found else _("of one officer"))
    return ", ".join(words)


def _tabs(actor: User, view: str) -> list[dict[str, Any]]:
    labels = {
        "open": _("Open"),
        "mine": _("Mine"),
        "review": _("In review"),
        "unassigned": _("Unassigned"),
        "waiting": _("With the customer"),
        "closed": _("Closed"),
    }
    counts = selectors.counts(actor=actor)
    return [
        {
            "label": label,
            "url": f"{reverse('onboarding:queue')}?view={name}",
            "active": name == view,
            "count": counts.get(name),
        }
        for name, label in labels.items()
    ]
