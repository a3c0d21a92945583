"""Mapping projects and what their modules bring forth."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, records
from clm.core.lifecycle import StaleVersion
from clm.core.models import User
from journeys import selectors
from journeys.lifecycle import OPEN_STATES, ProjectState
from journeys.models import (
    MappingProject,
    MomentOfTruth,
    Opportunity,
    Persona,
    PlannedAction,
    ResearchNote,
)
from journeys.models.projects import ProjectPart

#: What of a project its own form changes.
PROJECT_FIELDS = (
    "title", "depth", "goal", "scope", "journey", "as_is", "to_be", "owner", "customer_value",
    "customer_years",
)  # fmt: skip
#: What of each kind of part may be written.
PART_FIELDS: dict[str, tuple[str, ...]] = {
    "points": ("kind", "text"),
    "notes": (
        "kind", "held_on", "persona", "text", "quotation", "themes", "question", "answers",
    ),
    "moments": ("step", "why", "evidence"),
    "insights": ("text", "recommendation"),
    "opportunities": ("title", "moment", "worth", "effort"),
    "actions": (
        "title", "opportunity", "owner", "due_on", "done_on", "metric", "expected", "activity",
        "group_by", "group", "versus",
    ),
}  # fmt: skip
_WORDS = ("text", "quotation")
#: What people may write into one project; beyond it nobody finds anything again.
MOST_PARTS = 500


def open_project(
    *,
    values: Mapping[str, Any],
    actor: User,
    at: datetime,
    personas: Sequence[Persona] = (),
    team: Sequence[User] = (),
) -> MappingProject:
    """
    Open a project at its briefing.

    :param values: of `PROJECT_FIELDS`; without an owner it is the actor
    :raises PermissionDenied: `actor` may not open projects
    :raises ValidationError: a field does not hold
    """
    actors.require(actor=actor, permission="journeys.add_mappingproject")
    project = MappingProject(**{"owner": actor, **_known(values)})
    _check_project(project)
    with transaction.atomic():
        records.create(
            record=project,
            actor=actor,
            at=at,
            payload={"depth": project.depth, "journey": _text(project.journey_id)},
        )
        project.personas.set(personas)
        project.team.set(team)
        return project


def change_project(
    *,
    project: MappingProject,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
    personas: Sequence[Persona] | None = None,
    team: Sequence[User] | None = None,
) -> MappingProject:
    """
    Change what a project says of itself, and for whom and by whom it is.

    :raises PermissionDenied: `actor` may not change projects
    :raises ValidationError: the project is over, or a field does not hold
    :raises StaleVersion: somebody else changed it since `version`
    """
    actors.require(actor=actor, permission="journeys.change_mappingproject")
    with transaction.atomic():
        locked = _lock(project.pk)
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        _still_open(locked)
        for name, value in _known(changes).items():
            setattr(locked, name, value)
        _check_project(locked)
        done = records.change(record=locked, changes=_known(changes), actor=actor, at=at)
        for name, chosen in (("personas", personas), ("team", team)):
            if chosen is not None:
                _choose(done, name, [one.pk for one in chosen], actor, at)
        return done


def add_part(
    *, project: MappingProject, kind: str, values: Mapping[str, Any], actor: User, at: datetime
) -> ProjectPart:
    """
    Write down something of a module.

    :param kind: a name of `PART_FIELDS`
    :raises PermissionDenied: `actor` may not change projects
    :raises ValidationError: the project is over, or a field does not hold
    """
    actors.require(actor=actor, permission="journeys.change_mappingproject")
    model: Any = selectors.PART_MODELS[kind]
    with transaction.atomic():
        locked = _lock(project.pk)
        _still_open(locked)
        if model._default_manager.filter(project=locked, removed_at=None).count() >= MOST_PARTS:
            raise ValidationError(_("There are too many of these to be of use; take some out."))
        part = model(project=locked, **_of(kind, values))
        _check_part(part, at)
        if isinstance(part, MomentOfTruth):
            part.measured = selectors.step_measures(
                project=locked, step=part.step, actor=actor, at=at
            )
        records.create(
            record=part, actor=actor, at=at, payload={"project_id": str(locked.pk), "kind": kind}
        )
        return cast("ProjectPart", part)


def change_part(
    *,
    part: ProjectPart,
    kind: str,
    values: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> ProjectPart:
    """
    Change something of a module. Of a moment of truth the step is measured anew.

    :raises PermissionDenied: `actor` may not change projects
    :raises ValidationError: the project is over (an action may still be done), or a field does
        not hold
    :raises StaleVersion: somebody else changed it since `version`
    """
    actors.require(actor=actor, permission="journeys.change_mappingproject")
    with transaction.atomic():
        locked = _lock_part(part, version)
        changes = _of(kind, values)
        _still_open(_lock(cast("Any", locked).project_id), unless=set(changes) <= {"done_on"})
        for name, value in changes.items():
            setattr(locked, name, value)
        _check_part(locked, at)
        if isinstance(locked, MomentOfTruth):
            changes["measured"] = selectors.step_measures(
                project=locked.project, step=locked.step, actor=actor, at=at
            )
        return records.change(record=locked, changes=changes, actor=actor, at=at)


def remove_part(
    *, part: ProjectPart, actor: User, at: datetime, version: int | None = None
) -> ProjectPart:
    """
    Take something out of a project; it stays for the audit.

    :raises PermissionDenied: `actor` may not change projects
    :raises ValidationError: the project is over
    :raises StaleVersion: somebody else changed it since `version`
    """
    actors.require(actor=actor, permission="journeys.change_mappingproject")
    with transaction.atomic():
        locked = _lock_part(part, version)
        _still_open(_lock(cast("Any", locked).project_id))
        return records.change(record=locked, changes={"removed_at": at}, actor=actor, at=at)


def erase_words(*, note: ResearchNote, actor: User, at: datetime) -> ResearchNote:
    """
    Empty what somebody said, for good, because it names somebody; themes and counts stay.

    Also in a project that is over, and of a note that was taken out.

    :raises PermissionDenied: `actor` may not change projects
    """
    actors.require(actor=actor, permission="journeys.change_mappingproject")
    changes: dict[str, Any] = dict.fromkeys(_WORDS, "")
    return records.change(record=note, changes={**changes, "erased_at": at}, actor=actor, at=at)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = values.keys() - set(PROJECT_FIELDS)
    if unknown:
        raise ValidationError({name: _("This field cannot be changed here.") for name in unknown})
    return dict(values)


def _of(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = values.keys() - set(PART_FIELDS[kind])
    if unknown:
        raise ValidationError(
            [_("There is no field “%(name)s”.") % {"name": name} for name in sorted(unknown)]
        )
    return dict(values)


def _check_project(project: MappingProject) -> None:
    """What the database cannot see: that people who are gone own nothing."""
    if not project.owner.is_active or project.owner.is_robot:
        raise ValidationError({"owner": _("A project is owned by somebody who is here.")})


def _check_part(part: ProjectPart, at: datetime) -> None:
    """That what a part refers to belongs to the same project, and that days have come."""
    if isinstance(part, MomentOfTruth):
        if part.step.map_id not in {part.project.as_is_id, part.project.to_be_id}:
            raise ValidationError({"step": _("The step is on no map of this project.")})
    elif isinstance(part, Opportunity):
        if part.moment and part.moment.project_id != part.project_id:
            raise ValidationError({"moment": _("This belongs to another project.")})
    elif isinstance(part, PlannedAction):
        _check_action(part, at)
    elif isinstance(part, ResearchNote):
        _check_note(part, at)


def _check_action(action: PlannedAction, at: datetime) -> None:
    if action.opportunity and action.opportunity.project_id != action.project_id:
        raise ValidationError({"opportunity": _("This belongs to another project.")})
    if action.owner and (not action.owner.is_active or action.owner.is_robot):
        raise ValidationError({"owner": _("An action is owned by somebody who is here.")})
    if action.done_on and action.done_on > timezone.localdate(at):
        raise ValidationError({"done_on": _("What is done was done today or before.")})
    if action.done_on and action.owner is None:
        raise ValidationError({"owner": _("Say who did it.")})
    if action.metric == PlannedAction.Metric.WAIT and not action.activity:
        raise ValidationError({"activity": _("Say after which step is waited.")})
    if bool(action.group) != bool(action.group_by):
        raise ValidationError({"group": _("Say whom the action reaches.")})
    if action.versus and action.versus == action.group:
        raise ValidationError({"versus": _("A group cannot be compared with itself.")})


def _check_note(note: ResearchNote, at: datetime) -> None:
    if note.held_on > timezone.localdate(at):
        raise ValidationError({"held_on": _("A note is of what has been said.")})
    if not (note.text or note.quotation or note.answers or note.erased_at):
        raise ValidationError({"text": _("Write down what was said, or how many answered what.")})


def _choose(
    project: MappingProject, name: str, chosen: Sequence[UUID], actor: User, at: datetime
) -> None:
    held = getattr(project, name)
    if set(chosen) == set(held.values_list("pk", flat=True)):
        return
    held.set(chosen)
    records.note(
        record=project,
        action="change",
        actor=actor,
        at=at,
        payload={"fields": [name], name: [str(one) for one in chosen]},
    )


def _lock(pk: UUID) -> MappingProject:
    return MappingProject.objects.select_for_update(of=("self",)).get(pk=pk)


def _lock_part(part: ProjectPart, version: int | None) -> ProjectPart:
    locked = type(part)._default_manager.select_for_update(of=("self",)).get(pk=part.pk)
    if version is not None and locked.version != version:
        raise StaleVersion(locked.version)
    if locked.removed_at is not None:
        raise ValidationError(_("Somebody took this out in the meantime."))
    return locked


def _still_open(project: MappingProject, *, unless: bool = False) -> None:
    if unless and project.state != ProjectState.CANCELLED:
        return
    if project.state not in OPEN_STATES:
        raise ValidationError(_("The project is over."))


def _text(value: UUID | None) -> str:
    return str(value) if value else ""
