"""Versions of the risk model: drafted by one, simulated on all, put in force by another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, jobs, lifecycle, records
from clm.core.lifecycle import RulesState, TransitionRefused
from clm.core.models import Event, Job, User
from kyc.models import RiskModel
from kyc.rating.policy import check
from kyc.rating.selectors import BACK_TEST, STOCKTAKE, review_limits

CONTENT = ("factors", "levels", "diligence")


def draft_risk_model(
    *, factors: Any, levels: Any, diligence: Any, note: str, actor: User, at: datetime
) -> RiskModel:
    """
    The next version, as a draft.

    :raises PermissionDenied: `actor` may not change risk models
    :raises ValidationError: the content cannot be read, the law does not allow it, or no note
    """
    _demand(actor)
    _check(factors, levels, diligence, note, at)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two who draft at once get two numbers.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kyc.risk_model'))")
        last = RiskModel.objects.aggregate(last=Max("number"))["last"] or 0
        model = RiskModel(
            number=last + 1, factors=factors, levels=levels, diligence=diligence, note=note.strip()
        )
        return records.create(record=model, actor=actor, at=at, payload={"number": last + 1})


def change_risk_model(
    *,
    model: RiskModel,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> RiskModel:
    """
    Change a draft; its back-test no longer fits it then.

    :raises TransitionRefused: it is no draft any more
    :raises ValidationError: as for a new one
    """
    _demand(actor)
    content = {name: changes.get(name, getattr(model, name)) for name in (*CONTENT, "note")}
    _check(content["factors"], content["levels"], content["diligence"], content["note"], at)
    with transaction.atomic():
        _only_draft(model)
        return records.change(record=model, changes=content, actor=actor, at=at, version=version)


def start_back_test(*, model: RiskModel, actor: User, at: datetime) -> Job:
    """
    Simulate a draft on the whole portfolio as a job; one that runs on the same content is it.

    :raises TransitionRefused: it is no draft any more
    """
    _demand(actor)
    with transaction.atomic():
        _only_draft(model)
        parameters = {"model_id": str(model.pk), "digest": model.digest}
        known = Job.objects.filter(kind=BACK_TEST, parameters=parameters, state__in=Job.OPEN)
        return known.first() or jobs.start(
            kind=BACK_TEST, parameters=parameters, actor=actor, at=at
        )


def keep_back_test(
    *, model: RiskModel, found: Mapping[str, Any], actor: User, at: datetime
) -> bool:
    """Write a back-test on its draft; False where the draft has become another meanwhile."""
    locked = RiskModel.objects.select_for_update().get(pk=model.pk)
    if locked.state != RulesState.DRAFT or locked.digest != found["digest"]:
        return False
    records.change(record=locked, changes={"back_test": dict(found)}, actor=actor, at=at)
    return True


def replace_risk_model(*, record: RiskModel, actor: User, at: datetime) -> None:
    """Beside `approve`, in its transaction: the version before ends when this one begins."""
    try:
        _check(record.factors, record.levels, record.diligence, record.note, at)
    except ValidationError as exc:
        # The law may have changed since it was drafted.
        raise TransitionRefused(exc.messages) from None
    for one in RiskModel.objects.filter(state=RulesState.IN_FORCE):
        lifecycle.perform(
            record=one, name="retire", actor=actors.system_user(), at=at,
            changes={"in_force_until": at}, payload={"replaced_by": str(record.pk)},
        )  # fmt: skip
    RiskModel.objects.filter(pk=record.pk).update(in_force_from=at)
    record.in_force_from = at


def apply_risk_model(*, event: Event, at: datetime) -> None:
    """After `approve`: one job goes through all files by the new rules."""
    model = RiskModel.objects.get(pk=event.record_id)
    before = RiskModel.objects.filter(in_force_until=model.in_force_from).first()
    parameters = {
        "model_id": str(model.pk),
        "before_id": str(before.pk) if before is not None else "",
    }
    if not Job.objects.filter(kind=STOCKTAKE, parameters=parameters).exists():
        jobs.start(kind=STOCKTAKE, parameters=parameters, actor=actors.system_user(), at=at)


def _demand(actor: User) -> None:
    if not actors.may(actor=actor, permission="kyc.change_riskmodel"):
        raise PermissionDenied(_("You may not change risk models."))


def _only_draft(model: RiskModel) -> None:
    locked = RiskModel.objects.select_for_update().get(pk=model.pk)
    if locked.state != RulesState.DRAFT:
        raise TransitionRefused([_("The model is a draft")])


def _check(factors: Any, levels: Any, diligence: Any, note: Any, at: datetime) -> None:
    if not str(note or "").strip():
        raise ValidationError({"note": _("Say what changes and why.")})
    check(
        factors=factors,
        levels=levels,
        diligence=diligence,
        limits=review_limits(on=timezone.localdate(at)),
    )
