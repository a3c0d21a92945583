"""Versions of templates: drafted by one, tried on the past, put in force by another."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, jobs, lifecycle, records
from clm.core.lifecycle import RulesState, TransitionRefused
from clm.core.models import Job, User
from onboarding.exchange import BadYaml, from_yaml
from onboarding.kinds import TemplateKind
from onboarding.models import ApplicationTemplate
from onboarding.selectors.templates import TRIAL
from onboarding.shape import LANGUAGES, faults

CONTENT = ("name", "data", "note")


def draft_template(
    *, kind: str, name: Any, data: Any, note: str, actor: User, at: datetime
) -> ApplicationTemplate:
    """
    The next version of a kind's template, as a draft.

    :raises PermissionDenied: `actor` may not change templates
    :raises ValidationError: the content can be nobody's template, or it is not said what changes
    """
    _demand(actor)
    _check(kind, name, data, note)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two who draft at once get two numbers.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('onboarding.template'))")
        of_kind = ApplicationTemplate.objects.filter(kind=kind)
        number = (of_kind.aggregate(last=Max("number"))["last"] or 0) + 1
        made = ApplicationTemplate(
            kind=kind, number=number, name=name, data=data, note=note.strip()
        )
        payload = {"kind": kind, "number": number}
        return records.create(record=made, actor=actor, at=at, payload=payload)


def change_template(
    *,
    template: ApplicationTemplate,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> ApplicationTemplate:
    """
    Change a draft; its trial no longer fits it then.

    :raises TransitionRefused: it is no draft any more
    :raises ValidationError: as for a new one
    :raises StaleVersion: somebody else changed it since `version`
    """
    _demand(actor)
    content = {name: changes.get(name, getattr(template, name)) for name in CONTENT}
    _check(template.kind, content["name"], content["data"], content["note"])
    with transaction.atomic():
        _only_draft(template)
        return records.change(record=template, changes=content, actor=actor, at=at, version=version)


def import_template(*, text: str, note: str, actor: User, at: datetime) -> ApplicationTemplate:
    """
    The next version of the kind that a file names, as a draft of what it says.

    :raises BadYaml: the file is no template; each fault with its line
    :raises ValidationError: it is not said what changes
    """
    _demand(actor)
    kind, name, data = from_yaml(text)
    return draft_template(kind=kind, name=name, data=data, note=note, actor=actor, at=at)


def start_trial(*, template: ApplicationTemplate, days: int, actor: User, at: datetime) -> Job:
    """
    Try a draft on the applications of the last `days` days as a job; one that runs is it.

    :raises TransitionRefused: it is no draft any more
    """
    _demand(actor)
    with transaction.atomic():
        _only_draft(template)
        parameters = {
            "template_id": str(template.pk),
            "digest": template.digest,
            "since": (at - timedelta(days=days)).isoformat(),
            "days": days,
        }
        known = Job.objects.filter(
            kind=TRIAL, parameters__template_id=str(template.pk),
            parameters__digest=template.digest, parameters__days=days, state__in=Job.OPEN,
        )  # fmt: skip
        return known.first() or jobs.start(kind=TRIAL, parameters=parameters, actor=actor, at=at)


def keep_trial(
    *, template: ApplicationTemplate, found: Mapping[str, Any], actor: User, at: datetime
) -> bool:
    """Write a trial on its draft; False where the draft has become another meanwhile."""
    locked = ApplicationTemplate.objects.select_for_update().get(pk=template.pk)
    if locked.state != RulesState.DRAFT or locked.digest != found["digest"]:
        return False
    records.change(record=locked, changes={"simulation": dict(found)}, actor=actor, at=at)
    return True


def replace_template(*, record: ApplicationTemplate, actor: User, at: datetime) -> None:
    """Beside `approve`, in its transaction: the version before ends when this one begins."""
    try:
        _check(record.kind, record.name, record.data, record.note)
    except ValidationError as exc:
        raise TransitionRefused(exc.messages) from None
    today = timezone.localdate(at)
    for one in ApplicationTemplate.objects.filter(kind=record.kind, state=RulesState.IN_FORCE):
        lifecycle.perform(
            record=one, name="retire", actor=actors.system_user(), at=at,
            changes={"valid_to": today}, payload={"replaced_by": str(record.pk)},
        )  # fmt: skip
    ApplicationTemplate.objects.filter(pk=record.pk).update(valid_from=today)
    record.valid_from = today


def _demand(actor: User) -> None:
    if not actors.may(actor=actor, permission="onboarding.change_applicationtemplate"):
        raise PermissionDenied(_("You may not change application templates."))


def _only_draft(template: ApplicationTemplate) -> None:
    locked = ApplicationTemplate.objects.select_for_update().get(pk=template.pk)
    if locked.state != RulesState.DRAFT:
        raise TransitionRefused([_("The template is a draft")])


def _check(kind: Any, name: Any, data: Any, note: Any) -> None:
    if kind not in TemplateKind.values:
        raise ValidationError({"kind": _("Choose a kind of customer.")})
    if (
        not isinstance(name, dict)
        or set(name) != set(LANGUAGES)
        or not all(isinstance(one, str) and one.strip() for one in name.values())
    ):
        raise ValidationError({"name": _("Give the name in both languages.")})
    if not str(note or "").strip():
        raise ValidationError({"note": _("Say what changes and why.")})
    if found := faults(data):
        raise ValidationError({"data": [str(one) for one in found[:50]]})


__all__ = [
    "BadYaml", "change_template", "draft_template", "import_template", "keep_trial",
    "replace_template", "start_trial",
]  # fmt: skip
