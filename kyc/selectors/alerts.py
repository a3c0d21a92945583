"""Which alerts and rules somebody sees; nothing of either without the permission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from clm.core import actors
from clm.core.lifecycle import RulesState
from clm.core.models import User
from customers.models import Transaction
from customers.selectors import reach_q
from kyc.alert_lifecycle import AlertState, RuleFacts
from kyc.lifecycle import ENDED
from kyc.models import Alert, Case, MonitoringRule, RuleReplay
from kyc.monitoring import RuleKind, registered

ALERT_TABS = ("open", "case", "dismissed")


def visible_alerts(*, actor: User) -> QuerySet[Alert]:
    """Alerts within the actor's reach; nothing without the permission, wherever it is asked."""
    if not actors.may(actor=actor, permission="kyc.view_alert"):
        return Alert.objects.none()
    return Alert.objects.filter(reach_q(actor=actor, prefix="customer__")).select_related(
        "customer", "rule", "case"
    )


def visible_rules(*, actor: User) -> QuerySet[MonitoringRule]:
    """Rules are the same for everybody who may see them."""
    if not actors.may(actor=actor, permission="kyc.view_monitoringrule"):
        return MonitoringRule.objects.none()
    return MonitoringRule.objects.all()


def rule_facts(*, records: Sequence[MonitoringRule], at: datetime) -> Mapping[UUID, RuleFacts]:
    """Whether each version was replayed to the end."""
    done = set(
        RuleReplay.objects.filter(
            rule__in=[one.pk for one in records], done_at__isnull=False
        ).values_list("rule_id", flat=True)
    )
    return {one.pk: RuleFacts(replayed=one.pk in done) for one in records}


def alert_queue(*, actor: User, tab: str) -> QuerySet[Alert]:
    """
    A tab of the alerts, the heaviest first.

    :param tab: `open`, `case` or `dismissed`
    """
    return visible_alerts(actor=actor).filter(state=AlertState[tab.upper()])


def alert_counts(*, actor: User) -> dict[str, int]:
    """How many alerts there are on each tab."""
    counts = dict(
        visible_alerts(actor=actor).order_by().values_list("state").annotate(count=Count("pk"))
    )
    return {tab: counts.get(tab.upper(), 0) for tab in ALERT_TABS}


def alerts_to_judge(*, customer_id: UUID) -> int:
    """Alerts on the customer that wait for a person, alone or in a case that goes on."""
    waiting = Q(state=AlertState.OPEN) | Q(state=AlertState.CASE) & ~Q(case__state__in=ENDED)
    return Alert.objects.filter(waiting, customer=customer_id).count()


def alerts_of_case(*, case: Case, actor: User) -> list[Alert]:
    """The alerts that a case is about, the heaviest first."""
    return list(visible_alerts(actor=actor).filter(case=case).order_by("-score", "pk"))


def movements_of(*, alert: Alert) -> list[Transaction]:
    """The transactions that an alert names, in the order of their days."""
    return list(
        Transaction.objects.filter(
            pk__in=alert.transactions,
            booked_on__gte=alert.first_on,
            booked_on__lte=alert.last_on,
        )
        .select_related("holding__product")
        .order_by("booked_on", "pk")
    )


@dataclass(frozen=True)
class RuleLine:
    """A rule with its version in force, the versions to come, and the alerts that are open."""

    kind: RuleKind
    now: MonitoringRule | None
    to_come: list[MonitoringRule] = field(default_factory=list)
    before: list[MonitoringRule] = field(default_factory=list)
    alerts: int = 0


def rule_lines(*, actor: User, kind: str = "") -> list[RuleLine]:
    """Every rule there is, or the one of this name."""
    versions: dict[str, list[MonitoringRule]] = {}
    for one in visible_rules(actor=actor).filter(**({"kind": kind} if kind else {})):
        versions.setdefault(one.kind, []).append(one)
    counts = dict(
        Alert.objects.filter(state=AlertState.OPEN).values_list("kind").annotate(count=Count("pk"))
    )
    return [
        RuleLine(
            kind=known,
            now=next((v for v in held if v.state == RulesState.IN_FORCE), None),
            to_come=[v for v in held if v.state in (RulesState.DRAFT, RulesState.PENDING)],
            before=[v for v in held if v.state == RulesState.RETIRED],
            alerts=counts.get(name, 0),
        )
        for name, known in registered().items()
        if not kind or name == kind
        for held in [versions.get(name, [])]
    ]
