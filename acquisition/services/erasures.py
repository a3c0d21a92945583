"""Erasing the leads that are past their time, with a second person's release."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from acquisition.lifecycle import OPEN_STATES, ErasureState
from acquisition.models import Lead, LeadConsent, LeadErasure, LeadOffer, LeadStep, LeadTouch
from acquisition.selectors.erasures import past_their_time, past_today
from clm.core import actors, events, jobs, lifecycle, records
from clm.core.models import Event, Job, Task, User
from customers.services import erasure

#: What is left of a lead in the fields that say who it was.
BLANK: dict[str, Any] = {
    "given_names": "", "family_name": "—", "organisation_name": "", "email": "", "phone": "",
    "note": "", "cpr_token": "", "cpr_index": None, "cpr_masked": "",
}  # fmt: skip
KIND = "acquisition.erase_leads"


def ask_erasure(*, actor: User, at: datetime) -> LeadErasure:
    """
    Ask a second person to erase the leads that the retention table keeps no longer.

    :raises PermissionDenied: `actor` may not ask
    :raises ValidationError: there are none, or an erasure is under way
    """
    if not actors.may(actor=actor, permission="acquisition.add_leaderasure"):
        raise PermissionDenied(_("You may not ask for erasure."))
    past = past_today(at=at)
    if not past.leads:
        raise ValidationError(_("No lead is past its time."))
    under_way = (ErasureState.DRAFT, ErasureState.PENDING, ErasureState.RELEASED)
    if LeadErasure.objects.filter(state__in=under_way).exists():
        raise ValidationError(_("An erasure is under way already."))
    with transaction.atomic():
        made = records.create(
            record=LeadErasure(
                quiet_since=past.quiet_since, years=past.rule.years, law=past.law[:200],
                expected=past.leads,
            ),
            actor=actor,
            at=at,
            payload={"quiet_since": past.quiet_since.isoformat(), "expected": past.leads},
        )  # fmt: skip
        return lifecycle.perform(record=made, name="ask_release", actor=actor, at=at)


def start_erasing(*, event: Event, at: datetime) -> None:
    """After an erasure's `release`: start the job that does it, once."""
    parameters = {"erasure_id": str(event.record_id)}
    if not Job.objects.filter(kind=KIND, parameters=parameters).exists():
        jobs.start(kind=KIND, parameters=parameters, actor=actors.system_user(), at=at)


def erase_leads(*, leads: Sequence[Lead], at: datetime) -> int:
    """
    Take from leads what says who they were; what is left counts in campaigns and no more.

    Those that were still open are lost by it. Who was heard of, or became a customer, since the
    leads were read is the caller's to leave out, under the leads' locks.

    :returns: how many
    """
    keys = [one.pk for one in leads]
    system = actors.system_user()
    with transaction.atomic():
        lifecycle.perform_many(
            records=[one for one in leads if one.state in OPEN_STATES], name="lose", actor=system,
            at=at, reason=_("Not heard of for as long as leads are kept"),
        )  # fmt: skip
        steps = list(LeadStep.objects.filter(lead__in=keys).values_list("pk", flat=True))
        offers = list(LeadOffer.objects.filter(lead__in=keys).values_list("pk", flat=True))
        LeadTouch.objects.filter(lead__in=keys).delete()
        LeadConsent.objects.filter(lead__in=keys).delete()
        Task.objects.filter(record_id__in=[*keys, *steps, *offers]).update(title="—")
        Lead.objects.filter(pk__in=keys).update(**BLANK, external_id="", erased_at=at)
        events.append(
            drafts=[
                events.Draft(record_type=Lead._meta.label, record_id=key, action="wipe")
                for key in keys
            ],
            actor=system,
            at=at,
        )
        erasure.erase_words(record_ids=[*keys, *steps, *offers])
    return len(keys)


def next_past(*, erasure: LeadErasure, limit: int) -> list[Lead]:
    """The next leads of an erasure in the order of their ids, locked; none at its end."""
    while True:
        found = past_their_time(quiet_since=erasure.quiet_since)
        keys = list(found.values_list("pk", flat=True)[:limit])
        locked = Lead.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        list(locked.values_list("pk", flat=True))
        # Who was heard of between the question and the lock is out again.
        still = list(past_their_time(quiet_since=erasure.quiet_since).filter(pk__in=keys))
        if still or not keys:
            return still
