"""From findings to alerts, without doubles, and from alerts to cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records
from clm.core.models import User
from kyc.alert_lifecycle import AlertState
from kyc.alert_score import score
from kyc.lifecycle import ENDED
from kyc.models import Alert, MonitoringRule, Trigger
from kyc.monitoring import Finding, day_of, registered
from kyc.services.opening import ask_case


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with whose it is, by which version, and how risky the customer is rated."""

    customer_id: UUID
    rule: MonitoringRule
    finding: Finding
    risk: str = ""


def raise_alerts(*, found: Sequence[Found], at: datetime) -> int:
    """
    Make alerts of findings, in the caller's transaction; how many are new.

    Above its rule's threshold an alert opens a case, which takes the customer's lighter ones too.
    A finding that shares transactions with an alert under way, or goes on within its window, lets
    that one grow. What was dismissed, or decided in a case, comes again only with a transaction
    that nobody has judged yet. The same findings again change nothing.
    """
    if not found:
        return 0
    known: dict[tuple[UUID, str], list[Alert]] = {}
    for alert in (
        Alert.objects.filter(customer__in={one.customer_id for one in found})
        .select_related("case")
        .order_by("created_at", "pk")
    ):
        known.setdefault((alert.customer_id, alert.kind), []).append(alert)
    new = 0
    for one in sorted(found, key=lambda each: (each.customer_id, each.finding.first)):
        beside = known.setdefault((one.customer_id, one.rule.kind), [])
        new += _raise(one, beside, at)
    _gather(known, at)
    return new


def open_case_on_alert(*, record: Alert, actor: User, at: datetime) -> None:
    """
    Beside `escalate`, in its transaction: the case that the alert is looked at in.

    A case on the customer's alerts that stands open takes this one as well, and its checks run
    again; what a second person was asked about it is void, as it was about less.
    """
    case, _new = ask_case(
        customer=record.customer, trigger=Trigger.ALERT, asked=(), cause=record.pk, apart=True,
        reason={"code": "alert", "facts": {"rule": record.kind}}, actor=actor, at=at,
    )  # fmt: skip
    Alert.objects.filter(pk=record.pk).update(case=case)
    record.case = case


def dismissed_by_a_person(*, record: Alert, actor: User, at: datetime) -> None:
    """
    Beside `dismiss`: a suspicion is never laid aside by a program.

    :raises TransitionRefused: `actor` is a robot
    """
    if actor.is_robot:
        raise lifecycle.TransitionRefused([_("A person dismisses an alert")])


def _raise(one: Found, beside: list[Alert], at: datetime) -> int:
    finding = one.finding
    named = [UUID(key) for key in finding.transactions]
    grows = next((alert for alert in reversed(beside) if _goes_on(alert, one, named)), None)
    if grows is not None:
        place = beside.index(grows)
        beside[place] = _settle(_grow(grows, one, named, at), one, at)
        return 0
    judged = [alert for alert in beside if set(alert.transactions) & set(named)]
    seen = {key for alert in judged for key in alert.transactions}
    fresh = [key for key in named if key not in seen]
    if not fresh:
        return 0
    points, reasons = score(strength=finding.strength, risk=one.risk)
    alert = records.create(
        record=Alert(
            customer_id=one.customer_id, rule=one.rule, kind=one.rule.kind, key=fresh[0],
            score=points, reasons=reasons, facts=dict(finding.facts), transactions=named,
            first_on=day_of(finding.first), last_on=day_of(finding.last),
            previous=judged[-1] if judged else None,
        ),
        actor=actors.system_user(),
        at=at,
        payload={"kind": one.rule.kind, "score": points, "transactions": len(named)},
    )  # fmt: skip
    beside.append(_settle(alert, one, at))
    return 1


def _goes_on(alert: Alert, one: Found, named: list[UUID]) -> bool:
    """Whether the finding is the alert's behaviour, and the alert is still being looked at."""
    if alert.state == AlertState.DISMISSED:
        return False
    if alert.case is not None and alert.case.state in ENDED:
        return False
    if set(alert.transactions) & set(named):
        return True
    window = registered()[one.rule.kind].window(one.rule.parameters)
    gap = day_of(one.finding.first) - alert.last_on
    return timedelta(0) <= gap <= timedelta(days=window)


def _grow(alert: Alert, one: Found, named: list[UUID], at: datetime) -> Alert:
    """The alert with what came to it; unchanged where nothing did."""
    held = set(alert.transactions)
    more = [key for key in named if key not in held]
    if not more:
        return alert
    finding = one.finding
    points, reasons = score(strength=finding.strength, risk=one.risk)
    changes: dict[str, Any] = {
        "transactions": [*alert.transactions, *more],
        "first_on": min(alert.first_on, day_of(finding.first)),
        "last_on": max(alert.last_on, day_of(finding.last)),
        "facts": dict(finding.facts),
    }
    if points > alert.score:
        changes |= {"score": points, "reasons": reasons, "rule": one.rule}
    return records.change(
        record=alert, changes=changes, actor=actors.system_user(), at=at,
        payload={"more": len(more)},
    )  # fmt: skip


def _gather(known: dict[tuple[UUID, str], list[Alert]], at: datetime) -> None:
    """Light alerts on a customer go into the case that a heavy one is looked at in."""
    looked_at = {
        alert.customer_id
        for alerts in known.values()
        for alert in alerts
        if alert.case is not None and alert.case.state not in ENDED
    }
    for (customer_id, _kind), alerts in known.items():
        for alert in alerts:
            if customer_id in looked_at and alert.state == AlertState.OPEN:
                lifecycle.perform(record=alert, name="escalate", actor=actors.system_user(), at=at)


def _settle(alert: Alert, one: Found, at: datetime) -> Alert:
    """Above the rule's threshold a case opens by itself."""
    if alert.state != AlertState.OPEN or alert.score < one.rule.parameters["case_from"]:
        return alert
    return lifecycle.perform(record=alert, name="escalate", actor=actors.system_user(), at=at)
