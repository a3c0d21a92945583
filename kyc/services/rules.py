"""Versions of monitoring rules: drafted by one, replayed on history, put in force by another."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, jobs, lifecycle, records
from clm.core.lifecycle import RulesState
from clm.core.models import User
from kyc.models import MonitoringRule, RuleReplay
from kyc.monitoring import COUNTRIES, Parameter, registered

REPLAY = "kyc.replay_rule"
#: How far back a replay may go, in months.
MOST_MONTHS = 24


def draft_rule(
    *,
    kind: str,
    parameters: Mapping[str, Any],
    note: str,
    switched_on: bool = True,
    actor: User,
    at: datetime,
) -> MonitoringRule:
    """
    The next version of a rule, as a draft.

    :param parameters: what is left out stays as it is in force
    :raises PermissionDenied: `actor` may not change rules
    :raises ValidationError: no such rule or parameter, a value out of bounds, or no note
    """
    if not actors.may(actor=actor, permission="kyc.change_monitoringrule"):
        raise PermissionDenied(_("You may not change the rules of transaction monitoring."))
    known = registered().get(kind)
    if known is None:
        raise ValidationError({"kind": _("There is no such rule.")})
    if not note.strip():
        raise ValidationError({"note": _("Say what changes and why.")})
    names = {one.name: one for one in known.every_parameter}
    if unknown := sorted(set(parameters) - set(names)):
        raise ValidationError(
            {"parameters": _("There is no parameter %(name)s.") % {"name": unknown[0]}}
        )
    now = MonitoringRule.objects.filter(kind=kind, state=RulesState.IN_FORCE).first()
    whole = {**known.defaults(), **(now.parameters if now else {}), **parameters}
    checked = {name: _checked(names[name], value) for name, value in whole.items() if name in names}
    with transaction.atomic(), connection.cursor() as cursor:
        # Two who draft at once get two numbers.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kyc.monitoringrule'))")
        last = MonitoringRule.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
        rule = MonitoringRule(
            kind=kind, number=last + 1, note=note.strip(), switched_on=switched_on,
            parameters=checked,
        )  # fmt: skip
        return records.create(
            record=rule, actor=actor, at=at, payload={"kind": kind, "number": last + 1}
        )


def replace_rule(*, record: MonitoringRule, actor: User, at: datetime) -> None:
    """Beside `approve`, in its transaction: the version before ends when this one begins."""
    for one in MonitoringRule.objects.filter(kind=record.kind, state=RulesState.IN_FORCE):
        lifecycle.perform(
            record=one, name="retire", actor=actors.system_user(), at=at,
            payload={"replaced_by": str(record.pk)},
        )  # fmt: skip


def start_replay(*, rule: MonitoringRule, months: int, actor: User, at: datetime) -> RuleReplay:
    """
    Queue the replay of a version over the last months, beside the version in force.

    :raises PermissionDenied: `actor` may not change rules
    :raises ValidationError: not from 1 to 24 months
    """
    if not 1 <= months <= MOST_MONTHS:
        raise ValidationError({"months": _("From 1 to %(most)d months.") % {"most": MOST_MONTHS}})
    today = timezone.localdate(at)
    with transaction.atomic():
        replay = RuleReplay.objects.create(
            rule=rule,
            beside=MonitoringRule.objects.filter(
                kind=rule.kind, state=RulesState.IN_FORCE, switched_on=True
            )
            .exclude(pk=rule.pk)
            .first(),
            asked_by=actor,
            asked_at=at,
            since=today - timedelta(days=round(30.44 * months)),
            until=today,
        )
        replay.job = jobs.start(
            kind=REPLAY, parameters={"replay_id": str(replay.pk)}, actor=actor, at=at
        )
        replay.save(update_fields=["job"])
    return replay


def _checked(parameter: Parameter, value: Any) -> Any:
    if parameter.unit == COUNTRIES:
        codes = sorted({str(one).strip().upper() for one in value})
        if not codes or not all(len(one) == 2 and one.isalpha() and one.isascii() for one in codes):
            raise ValidationError({parameter.name: _("Countries are two letters each.")})
        return codes
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not parameter.least <= value <= parameter.most:
        raise ValidationError(
            {
                parameter.name: _("A whole number from %(least)d to %(most)d.")
                % {"least": parameter.least, "most": parameter.most}
            }
        )
    return value
