"""Versions of the survivorship rules: drafted by one, put in force by another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from clm.core import actors, jobs, lifecycle, records
from clm.core.lifecycle import RulesState
from clm.core.models import Event, Job, User
from customers.models import SurvivorshipRules
from customers.single_view.survivorship import FIELDS, MANUAL, POLICIES, UNRANKED


def draft_rules(
    *,
    policies: Mapping[str, str],
    ranks: Mapping[str, Mapping[str, int]],
    note: str,
    actor: User,
    at: datetime,
) -> SurvivorshipRules:
    """
    A new version as a draft.

    :raises ValidationError: a field, policy or rank that is not known, or no note
    """
    if not actors.may(actor=actor, permission="customers.change_survivorshiprules"):
        raise PermissionDenied(_("You may not change the survivorship rules."))
    _check(policies, ranks, note)
    with transaction.atomic():
        last = SurvivorshipRules.objects.aggregate(last=Max("number"))["last"] or 0
        rules = SurvivorshipRules(
            number=last + 1, note=note.strip(), policies=dict(policies),
            ranks={system: dict(own) for system, own in ranks.items()},
        )  # fmt: skip
        return records.create(record=rules, actor=actor, at=at)


def retire_older_rules(*, event: Event, at: datetime) -> None:
    """After `approve`: the versions before retire, and every customer's values are chosen anew."""
    approved = SurvivorshipRules.objects.get(pk=event.record_id)
    older = SurvivorshipRules.objects.filter(state=RulesState.IN_FORCE, number__lt=approved.number)
    for one in older:
        lifecycle.perform(record=one, name="retire", actor=actors.system_user(), at=at)
    parameters = {"rules": approved.number}
    if not Job.objects.filter(kind="customers.settle_values", parameters=parameters).exists():
        jobs.start(
            kind="customers.settle_values", parameters=parameters, actor=actors.system_user(), at=at
        )


def _check(policies: Mapping[str, Any], ranks: Mapping[str, Mapping[str, Any]], note: str) -> None:
    if not note.strip():
        raise ValidationError({"note": _("Say what changes and why.")})
    unknown = [name for name, policy in policies.items()
               if name not in FIELDS or policy not in POLICIES]  # fmt: skip
    if unknown:
        raise ValidationError({"policies": _("This field or policy is not known.")})
    for own in ranks.values():
        for name, rank in own.items():
            known = name == "*" or name in FIELDS
            if not known or isinstance(rank, bool) or not 1 <= int(rank) <= UNRANKED:
                raise ValidationError({"ranks": _("A rank is a number from 1 to 100.")})
    if not ranks.get(MANUAL):
        raise ValidationError({"ranks": _("Say how far a person’s own entry is trusted.")})
