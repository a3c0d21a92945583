"""The steps that a campaign plans for its leads, one due after the other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from acquisition.lifecycle import OPEN_STATES
from acquisition.models import Campaign, Lead, LeadStep, NurtureStep, StepOutcome
from acquisition.selectors.contact import may_contact_lead
from clm.core import actors, clocks, records
from clm.core.models import User


def add_step(*, campaign: Campaign, actor: User, at: datetime, **values: Any) -> NurtureStep:
    """
    Add a step at the end of a campaign's plan; open leads that wait for nothing get it.

    :raises ValidationError: by field
    """
    with transaction.atomic():
        # Two who add at once take their places one after the other.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        last = campaign.steps.order_by("-position").values_list("position", flat=True).first()
        step = NurtureStep(campaign=campaign, position=(last or 0) + 1, **values)
        step = records.create(record=step, actor=actor, at=at)
        waiting = Lead.objects.filter(campaign=campaign, state__in=OPEN_STATES)
        plan_next(leads=list(waiting), at=at)
    return step


def change_step(
    *,
    step: NurtureStep,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> NurtureStep:
    """
    Correct a step, or take it out of use: who waited for it gets the step after it.

    :raises StaleVersion: changed since `version`
    """
    with transaction.atomic():
        step = records.change(record=step, changes=changes, actor=actor, at=at, version=version)
        if not step.is_used:
            waiting = Lead.objects.filter(
                steps__step=step, steps__done_at=None, state__in=OPEN_STATES
            )
            plan_next(leads=list(waiting), at=at)
    return step


def plan_next(*, leads: Sequence[Lead], at: datetime) -> list[LeadStep]:
    """
    Make the next step of each lead due, where its campaign has one left and none is waiting.

    Business days count from `at`; two questions however many leads there are.
    """
    plans: dict[UUID, list[NurtureStep]] = defaultdict(list)
    campaigns = {one.campaign_id for one in leads if one.campaign_id}
    if campaigns:
        for step in NurtureStep.objects.filter(campaign__in=campaigns, is_used=True).order_by(
            "campaign_id", "position"
        ):
            plans[step.campaign_id].append(step)
    if not plans:
        return []
    had: dict[UUID, set[UUID]] = defaultdict(set)
    waiting = set()
    for lead_id, step_id, done_at, is_used in LeadStep.objects.filter(
        lead__in=[one.pk for one in leads]
    ).values_list("lead_id", "step_id", "done_at", "step__is_used"):
        had[lead_id].add(step_id)
        if done_at is None and is_used:
            waiting.add(lead_id)
    due = []
    for lead in leads:
        if lead.pk in waiting or lead.state not in OPEN_STATES or lead.campaign_id is None:
            continue
        left = [one for one in plans[lead.campaign_id] if one.pk not in had[lead.pk]]
        if left:
            when = clocks.add_business_days(start=at, days=left[0].after_days)
            due.append(LeadStep(lead=lead, step=left[0], due_at=when))
    return records.create_many(
        records=due, actor=actors.system_user(), at=at, validate=False,
        payloads=[{"lead_id": str(one.lead_id)} for one in due],
    )  # fmt: skip


def finish_step(
    *,
    step: LeadStep,
    outcome: str,
    actor: User,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> LeadStep:
    """
    Note that a step was taken, or left out with a reason; the next one becomes due.

    :raises ValidationError: the lead may not be contacted so, with every reason; it is dealt with
        already, or left out without a reason
    """
    with transaction.atomic():
        lead = Lead.objects.select_for_update(of=("self",)).get(pk=step.lead_id)
        current = LeadStep.objects.select_related("step").get(pk=step.pk)
        if current.done_at is not None:
            raise ValidationError(_("This step is dealt with already."))
        if lead.state not in OPEN_STATES:
            raise ValidationError(_("The lead is no longer open."))
        if outcome == StepOutcome.DONE:
            answer = may_contact_lead(lead=lead, channel=current.step.channel, actor=actor, at=at)
            if not answer.allowed:
                raise ValidationError(answer.reason)
        elif not reason.strip():
            raise ValidationError(_("Say why the step is left out."))
        done = records.change(
            record=current,
            changes={"outcome": StepOutcome(outcome).value, "done_at": at, "done_by": actor},
            actor=actor,
            at=at,
            reason=reason,
            version=version,
        )
        plan_next(leads=[lead], at=at)
    return done
