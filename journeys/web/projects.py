"""Pages of mapping projects: the list, a project module by module, and their small forms."""

from copy import copy
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clm.core import access, actors, events
from clm.core.lifecycle import StaleVersion
from clm.core.web.event_words import tell
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffView
from journeys import selectors, services, words
from journeys.lifecycle import OPEN_STATES, ProjectState
from journeys.models import MappingProject, ResearchNote
from journeys.models.projects import ProjectPart
from journeys.web import modules
from journeys.web.project_forms import PART_FORMS, PartForm, PlaceForm, ProjectForm

VIEW = "journeys.view_mappingproject"
CHANGE = "journeys.change_mappingproject"
#: What a group reached or compared is called in a form.
_SHOWN_AS = {"group": "reached", "versus": "against"}


class ProjectsView(StaffView):
    permission = VIEW
    template_name = "journeys/projects.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        found = selectors.visible_projects(actor=actor)
        only_open = self.request.GET.get("open", "") == "1"
        if only_open:
            found = found.filter(state__in=OPEN_STATES)
        page = keyset(queryset=found, request=self.request, order=("-created_at", "-id"))
        access.note_read(records=page.items, kind="list")
        return super().get_context_data(
            page=page,
            only_open=only_open,
            may_add=actors.may(actor=actor, permission="journeys.add_mappingproject"),
            **kwargs,
        )


class ProjectMixin(StaffView):
    """What the pages of one project have in common."""

    @cached_property
    def project(self) -> MappingProject:
        visible = selectors.visible_projects(actor=self.request.user)
        return get_object_or_404(visible, pk=self.kwargs["pk"])


class ProjectView(ProjectMixin):
    """A module of a project: what it holds, its forms, and what is missing for the next one."""

    permission = VIEW
    template_name = "journeys/project.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project, actor, at = self.project, self.request.user, timezone.now()
        access.note_read(records=project)
        module = modules.chosen(project, self.request.GET.get("module", ""))
        refused: PartForm | None = kwargs.pop("refused", None)
        if refused is not None:
            module = modules.OF_PART[refused.kind_of_part]
        if "place_form" in kwargs:
            module = "workshop"
        shown = modules.content(project, module, actor=actor, at=at, refused=refused)
        history = events.for_record(project).select_related("actor")[:30]
        return super().get_context_data(
            project=project,
            path=modules.path(project, at=at),
            tabs=modules.tabs(project, module),
            module=module,
            offers=modules.offers(project, actor=actor, at=at),
            may_change=_may_change(project, actor),
            may_finish=project.state != ProjectState.CANCELLED
            and actors.may(actor=actor, permission=CHANGE),
            today=timezone.localdate(at),
            history=tell(events=list(history)),
            **{**shown, **kwargs},
        )


class NewProjectView(StaffFormView):
    permission = "journeys.add_mappingproject"
    form_class = ProjectForm
    template_name = "journeys/project_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        filled = cast("ProjectForm", form)
        try:
            project = services.open_project(
                values=filled.values(), **filled.chosen(), actor=self.request.user,
                at=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            spread(filled, error)
            return self.form_invalid(filled)
        return HttpResponseRedirect(reverse("journeys:project", args=[project.pk]))


class EditProjectView(ProjectMixin, StaffFormView):
    permission = CHANGE
    form_class = ProjectForm
    template_name = "journeys/project_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "actor": self.request.user,
            "instance": copy(self.project),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(project=self.project, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        filled = cast("ProjectForm", form)
        try:
            services.change_project(
                project=self.project, changes=filled.values(), **filled.chosen(),
                actor=self.request.user, at=timezone.now(),
                version=filled.cleaned_data["version"],
            )  # fmt: skip
        except (ValidationError, StaleVersion) as error:
            spread(filled, error)
            return self.form_invalid(filled)
        return HttpResponseRedirect(reverse("journeys:project", args=[self.project.pk]))


class AddPartView(ProjectView):
    """POST something of a module; refused, the module's page comes back with what is wrong."""

    permission = CHANGE
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = self.kwargs["kind"]
        if kind not in PART_FORMS:
            raise Http404
        project = self.project
        form = PART_FORMS[kind](request.POST, project=project, actor=request.user)
        if form.is_valid():
            try:
                services.add_part(
                    project=project, kind=kind, values=form.values(), actor=request.user,
                    at=timezone.now(),
                )  # fmt: skip
            except ValidationError as error:
                spread(form, error, _SHOWN_AS)
            else:
                return HttpResponseRedirect(_module_url(project, kind))
        return self.render_to_response(self.get_context_data(refused=form), status=422)


class PartView(StaffFormView):
    """Change something of a module, take it out, or erase somebody's words."""

    permission = CHANGE
    template_name = "journeys/project_part.html"

    @cached_property
    def part(self) -> ProjectPart:
        kind = self.kwargs["kind"]
        if kind not in PART_FORMS:
            raise Http404
        visible = selectors.visible_parts(kind=kind, actor=self.request.user)
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    @property
    def project(self) -> MappingProject:
        return cast("Any", self.part).project  # type: ignore[no-any-return]

    def get_form(self, form_class: Any = None) -> PartForm:
        self.part  # noqa: B018 -- a kind or a part that there is none of is no page
        return PART_FORMS[self.kwargs["kind"]](
            **self.get_form_kwargs(), project=self.project, actor=self.request.user
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {**super().get_form_kwargs(), "instance": copy(self.part)}
        # Each form has its own.
        return {name: value for name, value in given.items() if name != "prefix"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_note = isinstance(self.part, ResearchNote)
        return super().get_context_data(
            part=self.part,
            kind=self.kwargs["kind"],
            project=self.project,
            back=_module_url(self.project, self.kwargs["kind"]),
            may_erase=is_note,
            **kwargs,
        )

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = {"actor": request.user, "at": timezone.now()}
        back = _module_url(self.project, self.kwargs["kind"])
        try:
            if request.POST.get("do") == "remove":
                services.remove_part(part=self.part, **asked)
            elif request.POST.get("do") == "erase" and isinstance(self.part, ResearchNote):
                services.erase_words(note=self.part, **asked)
                messages.success(request, _("The words are erased, and no copy is kept."))
            else:
                return super().post(request, *args, **kwargs)
        except (ValidationError, StaleVersion) as error:
            words = error.messages if isinstance(error, ValidationError) else [str(error)]
            messages.error(request, " ".join(words))
        return HttpResponseRedirect(back)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        filled = cast("PartForm", form)
        try:
            services.change_part(
                part=self.part, kind=self.kwargs["kind"], values=filled.values(),
                actor=self.request.user, at=timezone.now(),
                version=filled.cleaned_data["version"],
            )  # fmt: skip
        except (ValidationError, StaleVersion) as error:
            spread(filled, error, _SHOWN_AS)
            return self.form_invalid(filled)
        return HttpResponseRedirect(_module_url(self.project, self.kwargs["kind"]))


class FinishActionView(StaffView):
    """POST the day on which an action was done; what it changed is measured from then on."""

    permission = CHANGE
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = selectors.visible_parts(kind="actions", actor=request.user)
        action: Any = get_object_or_404(visible, pk=self.kwargs["pk"])
        try:
            services.change_part(
                part=action, kind="actions", values={"done_on": timezone.localdate()},
                actor=request.user, at=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(_module_url(action.project, "actions"))


class PlaceView(ProjectView):
    """POST what of the bank's DNA or the shared solutions goes under which step."""

    permission = CHANGE
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PlaceForm(request.POST, project=self.project, actor=request.user)
        if form.is_valid():
            try:
                services.place_on_map(
                    record=form.record(), step=form.cleaned_data["step"], actor=request.user,
                    at=timezone.now(),
                )  # fmt: skip
            except ValidationError as error:
                spread(form, error)
            else:
                back = reverse("journeys:project", args=[self.project.pk])
                return HttpResponseRedirect(f"{back}?module=workshop")
        return self.render_to_response(self.get_context_data(place_form=form), status=422)


class DeliverView(ProjectMixin):
    """POST what is to be made; on to the job that makes it."""

    permission = VIEW
    http_method_names = ["post"]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            job = services.start_deliverable(
                project=self.project, what=request.POST.get("what", ""),
                language=request.POST.get("language", ""), actor=request.user, at=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(_module_url(self.project, "actions"))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))


class EffectView(StaffView):
    """What an action changed; fetched after the page, since it is counted."""

    permission = VIEW
    template_name = "journeys/_effect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible: Any = selectors.visible_parts(kind="actions", actor=self.request.user)
        action: Any = get_object_or_404(
            visible.select_related("project__journey"), pk=self.kwargs["pk"]
        )
        effect = selectors.effect_of(action=action, actor=self.request.user, at=timezone.now())
        return super().get_context_data(
            action=action, effect=effect, words=words.effect(action, effect), **kwargs
        )


class ImpactView(ProjectMixin):
    """What the journey's friction comes to in money; fetched after the page."""

    permission = VIEW
    template_name = "journeys/_impact.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.impact_of(
            project=self.project, actor=self.request.user, at=timezone.now()
        )
        return super().get_context_data(
            project=self.project, impact=found, by_one=words.by_one(found), **kwargs
        )


def _may_change(project: MappingProject, actor: Any) -> bool:
    return project.state in OPEN_STATES and actors.may(actor=actor, permission=CHANGE)


def _module_url(project: MappingProject, kind: str) -> str:
    module = modules.OF_PART[kind]
    return f"{reverse('journeys:project', args=[project.pk])}?module={module}"
