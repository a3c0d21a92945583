"""The five modules of a project as its page shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clm.core import lifecycle
from clm.core.models import User
from clm.core.web.charts import Chart, Part, Point, bars, quadrant
from clm.core.web.words import money
from journeys import selectors, words
from journeys.lifecycle import MODULES, OPEN_STATES, ProjectState
from journeys.models import MapCard, MappingProject
from journeys.selectors.projects import Ranked
from journeys.web.project_forms import PART_FORMS, DeliverableForm, PartForm, PlaceForm

#: Which module a part belongs to.
OF_PART = {
    "points": "briefing", "notes": "research", "moments": "analysis", "insights": "analysis",
    "opportunities": "analysis", "actions": "plan",
}  # fmt: skip
NAMES = {
    "briefing": gettext_lazy("Briefing"),
    "research": gettext_lazy("Research"),
    "workshop": gettext_lazy("Workshop"),
    "analysis": gettext_lazy("Analysis"),
    "plan": gettext_lazy("Action plan"),
}
_OF_STATE = dict(zip(MODULES, NAMES, strict=True))
FORWARD = ("start_research", "skip_research", "open_workshop", "analyse", "present", "finish")


def chosen(project: MappingProject, asked: str) -> str:
    """The module that the address asks for, else the one the project is in."""
    return asked if asked in NAMES else _OF_STATE.get(ProjectState(project.state), "plan")


def path(project: MappingProject, *, at: datetime) -> list[dict[str, str]]:
    """The modules with how far the project is and what each has brought."""
    facts = selectors.project_facts(records=[project], at=at)[project.pk]
    over = project.state not in OPEN_STATES
    here = len(MODULES) if over else MODULES.index(ProjectState(project.state))
    left_out = here > 1 and not facts.notes
    notes = {
        "briefing": ngettext("%(count)d persona", "%(count)d personas", facts.personas)
        % {"count": facts.personas},
        "research": _("left out")
        if left_out
        else ngettext("%(count)d note", "%(count)d notes", facts.notes) % {"count": facts.notes},
        "workshop": ngettext("%(count)d step", "%(count)d steps", facts.steps)
        % {"count": facts.steps},
        "analysis": ngettext("%(count)d finding", "%(count)d findings", facts.findings)
        % {"count": facts.findings},
        "plan": ngettext("%(count)d action", "%(count)d actions", facts.planned)
        % {"count": facts.planned},
    }
    return [
        {
            "name": str(state.label),
            "note": notes[_OF_STATE[state]],
            "state": "done" if place < here else "now" if place == here else "",
        }
        for place, state in enumerate(MODULES)
    ]


def tabs(project: MappingProject, module: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?module={name}", "active": name == module, "count": None}
        for name, label in NAMES.items()
    ]


def offers(project: MappingProject, *, actor: User, at: datetime) -> dict[str, Any]:
    """The ways on with what each asks for, and the ways back."""
    found = lifecycle.available(record=project, actor=actor, at=at)
    return {
        "on": [one for one in found if one.name in FORWARD],
        "forward": " ".join(FORWARD),
        "back": " ".join(one.name for one in found if one.name not in FORWARD),
    }


def content(
    project: MappingProject,
    module: str,
    *,
    actor: User,
    at: datetime,
    refused: PartForm | None = None,
) -> dict[str, Any]:
    """What one module shows, with its forms; a refused form stands where its own would."""
    build = {
        "briefing": _briefing,
        "research": _research,
        "workshop": _workshop,
        "analysis": _analysis,
        "plan": _plan,
    }[module]
    forms = {
        kind: refused
        if refused is not None and refused.kind_of_part == kind
        else PART_FORMS[kind](project=project, actor=actor)
        for kind, of in OF_PART.items()
        if of == module
    }
    return {"forms": forms, "refused": refused, **build(project, actor, at)}


def _briefing(project: MappingProject, actor: User, at: datetime) -> dict[str, Any]:
    return {
        "points": selectors.points_of(project=project),
        "personas": list(project.personas.order_by("name")),
        "team": list(project.team.order_by("first_name", "username")),
    }


def _research(project: MappingProject, actor: User, at: datetime) -> dict[str, Any]:
    notes = selectors.notes_of(project=project)
    themes = selectors.themes_of(notes=notes)
    return {"notes": notes, "themes": themes, "theme_chart": theme_chart(themes)}


def _workshop(project: MappingProject, actor: User, at: datetime) -> dict[str, Any]:
    maps = [one for one in (project.as_is, project.to_be) if one]
    placed = (
        MapCard.objects.filter(map__in=maps, removed_at=None)
        .exclude(value=None, solution=None)
        .select_related("step", "value", "solution")
        .order_by("step__order", "order")
    )
    return {
        "maps": [
            {
                "map": one,
                "url": reverse("journeys:map", args=[one.pk]),
                "steps": one.steps.filter(removed_at=None).count(),
                "cards": one.cards.filter(removed_at=None).count(),
            }
            for one in maps
        ],
        "placed": list(placed),
        "place_form": PlaceForm(project=project, actor=actor) if maps else None,
    }


def _analysis(project: MappingProject, actor: User, at: datetime) -> dict[str, Any]:
    ranked = selectors.ranked_opportunities(project=project)
    return {
        "moments": [
            (one, words.measured(project, one.measured))
            for one in selectors.moments_of(project=project)
        ],
        "insights": selectors.insights_of(project=project),
        "ranked": ranked,
        "quadrant": opportunity_chart(ranked) if ranked else None,
    }


def _plan(project: MappingProject, actor: User, at: datetime) -> dict[str, Any]:
    language = (translation.get_language() or "en")[:2]
    return {
        "deliverables": DeliverableForm(initial={"language": language}),
        "actions": [(one, words.expected(one)) for one in selectors.actions_of(project=project)],
    }


def theme_chart(themes: Sequence[tuple[str, int, int]]) -> Chart | None:
    """How many notes speak of each theme."""
    parts = [Part(theme, count) for theme, count, _people in themes[:12]]
    return bars(parts, title=_("Themes"), width=420) if parts else None


def opportunity_chart(ranked: Sequence[Ranked], *, width: int = 340) -> Chart:
    """The opportunities by value and effort, numbered by their place."""
    return quadrant(
        [
            Point(
                label=one.opportunity.title,
                across=one.opportunity.effort,
                up=one.opportunity.worth,
                mark=str(one.place),
                cells=[
                    str(one.opportunity.worth),
                    str(one.opportunity.effort),
                    money(one.money),
                ],
            )
            for one in ranked
        ],
        title=_("Opportunities by value and effort"),
        across=_("Effort"),
        up=_("Value"),
        fields=[_("Do now"), _("Plan well"), _("When there is time"), _("Leave")],
        headers=[_("No."), _("Opportunity"), _("Value"), _("Effort"), _("Cost a year")],
        width=width,
    )
