"""Publishing and attesting policies; drawing a sample and examining it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records
from clm.core.lifecycle import RulesState
from clm.core.models import User
from kyc.culture import selectors
from kyc.models import Attestation, Case, PolicyText, QualityReview, QualitySample

_TO_COME = (RulesState.DRAFT, RulesState.PENDING)


def draft_policy(
    *,
    code: str,
    title_da: str,
    title_en: str,
    text_da: str,
    text_en: str,
    roles: Collection[str],
    due_on: date,
    actor: User,
    at: datetime,
) -> PolicyText:
    """
    The next version of a policy, as a draft; once a second person has published it, it is attested
    anew by everybody with one of the roles.

    :raises PermissionDenied: `actor` does not write policies
    :raises ValidationError: a text is empty, a role does not exist or none is named, the day has
        passed, or a version of it waits already
    """
    _permit(actor, "kyc.add_policytext")
    if not roles or set(roles) - set(settings.CLM_ROLES):
        raise ValidationError({"roles": _("Choose who is to attest.")})
    if due_on < timezone.localdate(at):
        raise ValidationError({"due_on": _("The day by which it is attested has passed.")})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kyc.policytext'))")
        if PolicyText.objects.filter(code=code, state__in=_TO_COME).exists():
            raise ValidationError({"code": _("A version of this policy waits already.")})
        last = PolicyText.objects.filter(code=code).aggregate(last=Max("number"))["last"] or 0
        return records.create(
            record=PolicyText(
                code=code, number=last + 1, title_da=title_da, title_en=title_en,
                text_da=text_da, text_en=text_en, roles=sorted(roles), due_on=due_on,
            ),
            actor=actor, at=at, payload={"code": code, "number": last + 1},
        )  # fmt: skip


def replace_policy(*, record: PolicyText, actor: User, at: datetime) -> None:
    """Beside `approve`, in its transaction: the version before ends when this one begins."""
    for one in PolicyText.objects.filter(code=record.code, state=RulesState.IN_FORCE):
        lifecycle.perform(
            record=one, name="retire", actor=actors.system_user(), at=at,
            payload={"replaced_by": str(record.pk)},
        )  # fmt: skip


def attest(*, policy: PolicyText, actor: User, at: datetime) -> Attestation:
    """
    Say that one has read a policy and keeps to it; said twice is said once.

    :raises ValidationError: a newer version is the one to attest, or the role does not ask it
    """
    if actor.is_robot:
        raise PermissionDenied(_("You may not do this."))
    if policy.pk not in {one.policy.pk for one in selectors.duties(at=at, user=actor)}:
        raise ValidationError(_("This version is not yours to attest."))
    with transaction.atomic():
        # The person's row: two clicks at once make one attestation.
        User.objects.select_for_update().get(pk=actor.pk)
        known = Attestation.objects.filter(policy=policy, user=actor).first()
        return known or records.create(
            record=Attestation(policy=policy, user=actor), actor=actor, at=at,
            payload={"code": policy.code, "number": policy.number},
        )  # fmt: skip


def draw_sample(*, month: date, percent: int, actor: User, at: datetime) -> QualitySample:
    """
    Draw the part of a month's cleared cases that a second person looks at again, once a month.

    The seed is kept: whoever has the month's events draws the same cases.

    :raises ValidationError: the month is not over, was drawn already, or the percentage is none
    """
    _permit(actor, "kyc.add_qualitysample")
    month = month.replace(day=1)
    if selectors.month_span(month)[1] > at:
        raise ValidationError({"month": _("The month is over.")})
    seed = f"{month:%Y-%m}"
    cases = selectors.cleared_in(month=month)
    with transaction.atomic():
        sample = records.create(
            record=QualitySample(month=month, percent=percent, seed=seed, population=len(cases)),
            actor=actor, at=at, payload={"month": seed, "percent": percent, "of": len(cases)},
        )  # fmt: skip
        picked = selectors.drawn(cases=cases, percent=percent, seed=seed)
        found = Case.objects.in_bulk(picked)
        records.create_many(
            records=[QualityReview(sample=sample, case=found[pk]) for pk in picked if pk in found],
            actor=actor, at=at,
        )  # fmt: skip
    return sample


def examine(
    *, review: QualityReview, verdict: str, error_kind: str, comment: str, actor: User, at: datetime
) -> QualityReview:
    """
    Say whether a cleared case was decided as it should be.

    :raises ValidationError: no verdict, an error without kind and comment, or examined already
    :raises PermissionDenied: not a case worker, or `actor` had a hand in the case
    """
    _permit(actor, "kyc.decide_hit")
    wrong = verdict == QualityReview.Verdict.ERROR
    if verdict not in QualityReview.Verdict.values:
        raise ValidationError({"verdict": _("Say whether you agree.")})
    if wrong and (error_kind not in QualityReview.ErrorKind.values or not comment.strip()):
        raise ValidationError({"error_kind": _("Say what is wrong, and of what kind it is.")})
    with transaction.atomic():
        locked = QualityReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
        if actor.pk in selectors.had_a_hand_in(case=locked.case):
            raise PermissionDenied(_("Somebody who had no hand in the case looks at it again."))
        if locked.verdict:
            raise ValidationError({"verdict": _("It was examined already.")})
        return records.change(
            record=locked,
            changes={
                "verdict": verdict, "error_kind": error_kind if wrong else "",
                "comment": comment.strip(), "examiner": actor, "examined_at": at,
            },
            actor=actor, at=at, payload={"verdict": verdict},
        )  # fmt: skip


def last_month(*, at: datetime) -> date:
    """The first day of the month before."""
    first = timezone.localdate(at).replace(day=1)
    return (first.replace(day=1) - timedelta(days=1)).replace(day=1)


def _permit(actor: User, permission: str) -> None:
    if actor.is_robot and not actors.is_system(actor):
        raise PermissionDenied(_("You may not do this."))
    if not actors.may(actor=actor, permission=permission):
        raise PermissionDenied(_("You may not do this."))
