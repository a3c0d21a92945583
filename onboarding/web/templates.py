"""Application templates: what is in force, drafts, their trial, and YAML in and out."""

from copy import deepcopy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors, events
from clm.core.lifecycle import RulesState, StaleVersion, TransitionRefused
from clm.core.models import User
from clm.core.web.event_words import action_label
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from customers.models import DocumentKind
from onboarding import blueprint, selectors, services
from onboarding.blueprint import TYPES
from onboarding.compare import changes, type_label
from onboarding.conditions import ANSWER, DEMANDS, FACTS, TESTS
from onboarding.exchange import LONGEST, BadYaml, to_yaml
from onboarding.kinds import TemplateKind
from onboarding.models import ApplicationTemplate
from onboarding.shape import TARGETS
from onboarding.web import template_form, template_words

SEES = "onboarding.view_applicationtemplate"
CHANGES = "onboarding.change_applicationtemplate"
TABS = {
    "content": gettext_lazy("Content"),
    "preview": gettext_lazy("Preview"),
    "changes": gettext_lazy("Differences"),
    "trial": gettext_lazy("Trial"),
    "history": gettext_lazy("History"),
}
PERIODS = (90, 365, 730)


class TemplatesView(StaffView):
    """Each kind of customer with what is in force and what is being drafted."""

    permission = SEES
    template_name = "onboarding/templates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        every = list(selectors.visible_templates(actor=actor))
        return super().get_context_data(
            kinds=[
                _kind(kind, [one for one in every if one.kind == kind]) for kind in TemplateKind
            ],
            may_change=actors.may(actor=actor, permission=CHANGES),
            **kwargs,
        )


class TemplateView(StaffView):
    """One version: what it asks, how that looks, what it changes, and what its trial found."""

    permission = SEES
    template_name = "onboarding/template.html"
    partials = ("trial",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        template = _template(actor, self.kwargs["pk"])
        show = self.request.GET.get("show", "content")
        show = show if show in TABS else "content"
        to_come = template.state in (RulesState.DRAFT, RulesState.PENDING)
        against = selectors.version_before(template=template)
        found = changes(against.data, template.data) if against else []
        return super().get_context_data(
            template=template,
            against=against,
            show=show,
            tabs=_tabs(template, show, len(found) if against else None),
            may_change=actors.may(actor=actor, permission=CHANGES),
            is_draft=template.state == RulesState.DRAFT,
            to_come=to_come,
            fits=template.simulation.get("digest") == template.digest,
            **self._shown(template, show, found),
            **kwargs,
        )

    def _shown(self, template: ApplicationTemplate, show: str, found: list[Any]) -> dict[str, Any]:
        data, given = template.data, self.request.GET
        match show:
            case "preview":
                facts = template_words.chosen_facts(data, given.dict())
                return {
                    "controls": template_words.controls(data, given.dict()),
                    "preview": template_words.preview(data, facts),
                }
            case "changes":
                return {"changes": found}
            case "trial":
                return {
                    "trial": template_words.trial_words(template=template, actor=self.request.user),
                    "job": selectors.trial_jobs(template=template).first(),
                    "trial_only": ["trial"],
                    "periods": PERIODS,
                }
            case "history":
                history = events.for_record(template).select_related("actor")
                return {
                    "history": [
                        (one, action_label(one.record_type, one.action))
                        for one in history.order_by("-sequence")[:50]
                    ]
                }
        return {
            "steps": template_words.content_rows(data),
            "demands": template_words.demand_rows(data),
            "levels": template_words.level_heads(),
        }


class DraftView(StaffMixin):
    """POST: the next version of a kind, which begins as the version that is shown."""

    permission = CHANGES
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        like = _template(request.user, kwargs["pk"])
        try:
            made = services.draft_template(
                kind=like.kind, name=like.name, data=like.data,
                note=request.POST.get("note", ""), actor=request.user, at=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(reverse("onboarding:template", args=[like.pk]))
        return HttpResponseRedirect(reverse("onboarding:template-edit", args=[made.pk]))


class EditView(StaffMixin):
    """A draft, part by part: settings and risk levels, one task, or the order of them."""

    permission = CHANGES
    http_method_names = ["get", "post"]
    template_name = "onboarding/template_edit.html"

    def get(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        template = _draft(request.user, kwargs["pk"])
        return TemplateResponse(request, self.template_name, self._context(template, template.data))

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        template = _draft(request.user, kwargs["pk"])
        part = self._part(template)
        changed: dict[str, Any] = {}
        try:
            if request.POST.get("what") == "structure":
                changed["data"] = template_form.structure(template.data, request.POST.get("do", ""))
            elif part:
                changed["data"] = template_form.task(template.data, part, request.POST)
            else:
                changed["data"] = template_form.settings(template.data, request.POST)
                changed["name"] = {
                    language: request.POST.get(f"name-{language}", "").strip()[:80]
                    for language in ("en", "da")
                }
                changed["note"] = request.POST.get("note", "")[:300]
            version = request.POST.get("version", "")
            services.change_template(
                template=template, changes=changed, actor=request.user, at=timezone.now(),
                version=int(version) if version.isdecimal() and len(version) < 10 else None,
            )  # fmt: skip
        except ValidationError as error:
            return self._again(template, changed, error.messages, 422)
        except (StaleVersion, TransitionRefused) as refusal:
            return self._again(template, changed, [str(refusal)], 409)
        messages.success(request, _("Kept. The draft has to be tried again before it is approved."))
        place = reverse("onboarding:template-edit", args=[template.pk])
        known = {one.key for one in blueprint.tasks(changed["data"])}
        return HttpResponseRedirect(f"{place}?task={part}" if part in known else place)

    def _part(self, template: ApplicationTemplate) -> str:
        key = self.request.GET.get("task", "")
        if key and key not in {one.key for one in blueprint.tasks(template.data)}:
            raise Http404
        return key

    def _again(
        self, template: ApplicationTemplate, changed: dict[str, Any], words: list[str], status: int
    ) -> HttpResponse:
        """The page once more with what was typed, and everything that cannot be so."""
        if self.request.POST.get("what") == "structure":
            changed = {}
        template.name = changed.get("name", template.name)
        template.note = changed.get("note", template.note)
        context = self._context(template, changed.get("data", template.data))
        context["errors"] = words
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def _context(self, template: ApplicationTemplate, data: dict[str, Any]) -> dict[str, Any]:
        key = self._part(template)
        task = template_form.find_task(data, key) if key else None
        tasks = blueprint.tasks(data)
        return {
            "template": template,
            "data": data,
            "steps": list(blueprint.steps(data)),
            "task": task,
            "fields": [_field(one) for one in task.get("fields", [])] if task else [],
            "conditions": _rows(task.get("when", [])) if task else [],
            "demands": template_words.demand_rows(data),
            "levels": template_words.level_heads(),
            "choices": {
                "demands": list(DEMANDS.items()),
                "documents": DocumentKind.choices,
                "types": [(one, type_label(one)) for one in sorted(TYPES, key=type_label)],
                "targets": sorted(TARGETS),
                "tests": list(TESTS.items()),
                "facts": _facts(data),
                "others": [(one.key, one.title) for one in tasks if one.key != key],
                "parts": _parts(data),
            },
        }


class TrialView(StaffMixin):
    """POST: try the draft on the applications of a period."""

    permission = CHANGES
    http_method_names = ["post"]

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        template = _template(request.user, kwargs["pk"])
        days = request.POST.get("days", "")
        try:
            services.start_trial(
                template=template,
                days=int(days) if days in {str(one) for one in PERIODS} else PERIODS[1],
                actor=request.user,
                at=timezone.now(),
            )
        except TransitionRefused as refusal:
            messages.error(request, " ".join(refusal.reasons))
        place = reverse("onboarding:template", args=[template.pk])
        return HttpResponseRedirect(f"{place}?show=trial")


class ExportView(StaffMixin):
    """The version as a YAML file."""

    permission = SEES
    http_method_names = ["get"]

    def get(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        template = _template(request.user, kwargs["pk"])
        text = to_yaml(kind=template.kind, name=template.name, content=template.data)
        response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
        name = f"{template.kind}-{template.number}.yaml"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


class ImportView(StaffMixin):
    """A YAML file, as the next draft of its kind; a bad one is answered line by line."""

    permission = CHANGES
    http_method_names = ["get", "post"]
    template_name = "onboarding/template_import.html"

    def get(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        return TemplateResponse(request, self.template_name, {"text": "", "note": ""})

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        text, note = _text(request), request.POST.get("note", "")[:300]
        try:
            made = services.import_template(
                text=text, note=note, actor=request.user, at=timezone.now()
            )
        except (BadYaml, ValidationError) as error:
            context = {"text": text[:LONGEST], "note": note, "errors": error.messages}
            return TemplateResponse(request, self.template_name, context, status=422)
        messages.success(request, _("%(template)s is a draft.") % {"template": made})
        place = reverse("onboarding:template", args=[made.pk])
        return HttpResponseRedirect(f"{place}?show=changes")


def _text(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return str(request.POST.get("text", ""))
    content: bytes = file.read(LONGEST * 2)
    return content.decode("utf-8", errors="replace")


def _template(actor: User, pk: Any) -> ApplicationTemplate:
    return get_object_or_404(selectors.visible_templates(actor=actor), pk=pk)


def _draft(actor: User, pk: Any) -> ApplicationTemplate:
    template = _template(actor, pk)
    if template.state != RulesState.DRAFT:
        raise Http404
    return template


def _kind(kind: TemplateKind, versions: list[ApplicationTemplate]) -> dict[str, Any]:
    now = next((one for one in versions if one.state == RulesState.IN_FORCE), None)
    tasks = blueprint.tasks(now.data) if now else []
    return {
        "label": kind.label,
        "now": now,
        "steps": len(now.data["steps"]) if now else 0,
        "tasks": len(tasks),
        "questions": sum(len(one.fields) for one in tasks),
        "documents": sum(1 for one in tasks if one.kind == "document"),
        "checks": sum(1 for one in tasks if one.kind == "check"),
        "drafts": [one for one in versions if one.state in (RulesState.DRAFT, RulesState.PENDING)],
        "older": [one for one in versions if one.state == RulesState.RETIRED],
    }


def _tabs(template: ApplicationTemplate, show: str, count: int | None) -> list[dict[str, Any]]:
    place = reverse("onboarding:template", args=[template.pk])
    return [
        {
            "label": label,
            "url": f"{place}?show={name}",
            "active": name == show,
            "count": count if name == "changes" else None,
        }
        for name, label in TABS.items()
    ]


def _rows(when: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The conditions as rows of a form, and an empty one."""
    rows = []
    for one in when:
        test = next((key for key in one if key != "fact"), "is")
        value = one.get(test, "")
        text = ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)
        rows.append({"fact": one.get("fact", ""), "test": test, "value": text})
    return [*rows, {"fact": "", "test": "is", "value": ""}]


def _field(field: dict[str, Any]) -> dict[str, Any]:
    shown = deepcopy(field)
    shown["conditions"] = _rows(field.get("when", []))
    shown["lines"] = "\n".join(
        f"{value} | {text.get('en', '')} | {text.get('da', '')}"
        for value, text in field.get("choices", [])
    )
    return shown


def _facts(data: dict[str, Any]) -> list[tuple[str, str]]:
    answers = [
        (f"{ANSWER}{task.key}.{one.key}", f"{task.title}: {one.label}")
        for task in blueprint.tasks(data)
        for one in task.fields
    ]
    return [*((key, str(label)) for key, label in FACTS.items()), *answers]


def _parts(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What a row of the risk table may be about and is not yet."""
    had = {(one["task"], one.get("field", "")) for one in data.get("requirements", [])}
    found = []
    for task in blueprint.tasks(data):
        if (task.key, "") not in had:
            found.append((task.key, task.title))
        found += [
            (f"{task.key}/{one.key}", f"{task.title}: {one.label}")
            for one in task.fields
            if (task.key, one.key) not in had
        ]
    return found
