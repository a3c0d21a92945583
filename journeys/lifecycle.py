"""The mapping project's machine: five modules, each as deep as the project asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from journeys.models import MappingProject


class ProjectState(models.TextChoices):
    BRIEFING = "BRIEFING", _("Briefing")
    RESEARCH = "RESEARCH", _("Research")
    WORKSHOP = "WORKSHOP", _("Workshop")
    ANALYSIS = "ANALYSIS", _("Analysis")
    PRESENTATION = "PRESENTATION", _("Presentation and action plan")
    DONE = "DONE", _("Finished")
    CANCELLED = "CANCELLED", _("Cancelled")


class Depth(models.TextChoices):
    """How deep a project goes; it decides which guards hold."""

    QUICK = "quick", _("Quick internal review")
    STANDARD = "standard", _("Standard")
    DATA = "data", _("Data-backed analysis")


State = ProjectState

#: The modules in their order.
MODULES = (
    State.BRIEFING, State.RESEARCH, State.WORKSHOP, State.ANALYSIS, State.PRESENTATION,
)  # fmt: skip
OPEN_STATES = MODULES
_WORK, _CANCEL = "journeys.move_mappingproject", "journeys.cancel_mappingproject"


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """
    What lies beside the project and matters to its guards.

    :param events: how much the bound journey holds
    :param steps: of the map as it is today
    :param measured: moments of truth that carry measured numbers
    :param planned: actions with an owner and a due date
    :param bound: those of them that say what is to be measured
    """

    personas: int = 0
    events: int = 0
    notes: int = 0
    steps: int = 0
    findings: int = 0
    measured: int = 0
    opportunities: int = 0
    planned: int = 0
    bound: int = 0


def _data(project: MappingProject) -> bool:
    return project.depth == Depth.DATA


@guard(_("The goal is written down"))
def has_goal(project: MappingProject, facts: ProjectFacts) -> bool:
    return bool(project.goal.strip())


@guard(_("The scope is written down"))
def has_scope(project: MappingProject, facts: ProjectFacts) -> bool:
    return bool(project.scope.strip())


@guard(_("A persona is chosen"))
def has_persona(project: MappingProject, facts: ProjectFacts) -> bool:
    return facts.personas > 0


@guard(_("A data-backed project is bound to a journey that holds events"))
def has_data(project: MappingProject, facts: ProjectFacts) -> bool:
    return not _data(project) or facts.events > 0


@guard(_("The depth allows research to be left out: a data-backed project researches"))
def research_is_optional(project: MappingProject, facts: ProjectFacts) -> bool:
    return not _data(project)


@guard(_("A research note is taken, which a quick review may do without"))
def has_note(project: MappingProject, facts: ProjectFacts) -> bool:
    return project.depth == Depth.QUICK or facts.notes > 0


@guard(_("The map of today has steps"))
def map_has_steps(project: MappingProject, facts: ProjectFacts) -> bool:
    return facts.steps > 0


@guard(_("A moment of truth or an insight is written down"))
def has_finding(project: MappingProject, facts: ProjectFacts) -> bool:
    return facts.findings > 0


@guard(_("An opportunity is rated by value and effort, which a quick review may do without"))
def has_opportunity(project: MappingProject, facts: ProjectFacts) -> bool:
    return project.depth == Depth.QUICK or facts.opportunities > 0


@guard(_("In a data-backed project a moment of truth carries measured numbers"))
def is_measured(project: MappingProject, facts: ProjectFacts) -> bool:
    return not _data(project) or facts.measured > 0


@guard(_("An action has an owner and a due date"))
def has_plan(project: MappingProject, facts: ProjectFacts) -> bool:
    return facts.planned > 0


@guard(_("In a data-backed project such an action says what is to be measured"))
def plan_is_measurable(project: MappingProject, facts: ProjectFacts) -> bool:
    return not _data(project) or facts.bound > 0


_BRIEFED: list[Any] = [has_goal, has_scope, has_persona, has_data]


class ProjectLifecycle(models.Model):
    """BRIEFING -> RESEARCH -> WORKSHOP -> ANALYSIS -> PRESENTATION -> DONE | CANCELLED."""

    state = StateField(_("state"), max_length=12, choices=State.choices, default=State.BRIEFING)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=State.BRIEFING,
        target=State.RESEARCH,
        conditions=_BRIEFED,
        permission=_WORK,
        custom={"label": _("Begin the research"), "policy": "JM-1"},
    )
    def start_research(self) -> None: ...

    @transition(
        field=state,
        source=State.BRIEFING,
        target=State.WORKSHOP,
        conditions=[*_BRIEFED, research_is_optional],
        permission=_WORK,
        custom={"label": _("Leave research out, open the workshop"), "policy": "JM-1"},
    )
    def skip_research(self) -> None: ...

    @transition(
        field=state,
        source=State.RESEARCH,
        target=State.WORKSHOP,
        conditions=[has_note],
        permission=_WORK,
        custom={"label": _("Open the workshop"), "policy": "JM-2"},
    )
    def open_workshop(self) -> None: ...

    @transition(
        field=state,
        source=State.WORKSHOP,
        target=State.ANALYSIS,
        conditions=[map_has_steps],
        permission=_WORK,
        custom={"label": _("Begin the analysis"), "policy": "JM-3"},
    )
    def analyse(self) -> None: ...

    @transition(
        field=state,
        source=State.ANALYSIS,
        target=State.PRESENTATION,
        conditions=[has_finding, has_opportunity, is_measured],
        permission=_WORK,
        custom={"label": _("Go to the action plan"), "policy": "JM-4"},
    )
    def present(self) -> None: ...

    @transition(
        field=state,
        source=State.PRESENTATION,
        target=State.DONE,
        conditions=[has_plan, plan_is_measurable],
        permission=_WORK,
        custom={"label": _("Finish the project"), "policy": "JM-5"},
    )
    def finish(self) -> None: ...

    @transition(
        field=state,
        source=[State.RESEARCH, State.WORKSHOP, State.ANALYSIS, State.PRESENTATION],
        target=State.BRIEFING,
        permission=_WORK,
        custom={"label": _("Back to the briefing"), "policy": "JM-6", "reason_required": True},
    )
    def back_to_briefing(self) -> None: ...

    @transition(
        field=state,
        source=[State.WORKSHOP, State.ANALYSIS, State.PRESENTATION],
        target=State.RESEARCH,
        permission=_WORK,
        custom={"label": _("Back to the research"), "policy": "JM-6", "reason_required": True},
    )
    def back_to_research(self) -> None: ...

    @transition(
        field=state,
        source=[State.ANALYSIS, State.PRESENTATION],
        target=State.WORKSHOP,
        permission=_WORK,
        custom={"label": _("Back to the workshop"), "policy": "JM-6", "reason_required": True},
    )
    def back_to_workshop(self) -> None: ...

    @transition(
        field=state,
        source=[State.PRESENTATION, State.DONE],
        target=State.ANALYSIS,
        permission=_WORK,
        custom={"label": _("Back to the analysis"), "policy": "JM-6", "reason_required": True},
    )
    def back_to_analysis(self) -> None: ...

    @transition(
        field=state,
        source=list(OPEN_STATES),
        target=State.CANCELLED,
        permission=_CANCEL,
        custom={"label": _("Cancel the project"), "policy": "JM-7", "reason_required": True},
    )
    def cancel(self) -> None: ...
