"""The nightly run: customers with new transactions, rule by rule."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from clm.core import actors, jobs
from clm.core.lifecycle import RulesState
from clm.core.models import Job
from customers.lifecycle import Stage
from customers.models import Customer
from kyc.histories import histories
from kyc.models import MonitoringDue, MonitoringRule
from kyc.monitoring import RuleKind, registered
from kyc.services.alerts import Found, raise_alerts

MONITOR = "kyc.monitor"
#: What ended longer ago is no alert any more: a bank's past comes in when it goes live.
LATEST_DAYS = 62
#: Bookings come so far ahead of their day.
AHEAD_DAYS = 31
#: Customers of one step.
CHUNK = 250
#: At most so many workers at once; each takes the next customers that no other has.
WORKERS = 2


def start_monitoring(*, at: datetime, workers: int = WORKERS) -> list[Job]:
    """Queue the run, if anybody is due and the last one has ended; a job for each worker."""
    if Job.objects.filter(kind=MONITOR, state__in=Job.OPEN).exists():
        return []
    due = MonitoringDue.objects.count()
    workers = min(workers, -(-due // CHUNK))
    return [
        jobs.start(kind=MONITOR, parameters={}, actor=actors.system_user(), at=at)
        for _worker in range(workers)
    ]


def monitor_next(*, after: UUID | None, at: datetime) -> tuple[UUID | None, int]:
    """
    Look at the next customers that are due, in the order of their keys, in the caller's
    transaction; the last one's key and how many.

    Who is written to meanwhile is due again afterwards. Two at once take different customers.
    """
    waiting = MonitoringDue.objects.select_for_update(skip_locked=True).order_by("customer_id")
    if after is not None:
        waiting = waiting.filter(customer_id__gt=after)
    due = dict(waiting.values_list("customer_id", "since")[:CHUNK])
    if not due:
        return None, 0
    MonitoringDue.objects.filter(customer_id__in=list(due)).delete()
    monitor(due=due, at=at)
    return max(due), len(due)


def monitor(*, due: Mapping[UUID, date], at: datetime) -> tuple[int, int]:
    """
    Run the rules in force over customers, and raise alerts on what ended on or after each one's
    day; how many transactions were read, and how many alerts are new. Running it again changes
    nothing.
    """
    rules = rules_in_force()
    if not rules:
        return 0, 0
    today = timezone.localdate(at)
    oldest = today - timedelta(days=LATEST_DAYS)
    since = {customer: max(day, oldest) for customer, day in due.items()}
    known = {
        pk: (came, risk)
        for pk, came, risk in Customer.objects.filter(pk__in=list(since))
        .exclude(stage=Stage.ERASED)
        .values_list("pk", "customer_since", "risk_level")
    }
    if not known:
        return 0, 0
    begin = min(since.values()) - timedelta(days=look_back(rules))
    read, found = 0, []
    for customer, history in histories(
        customers={pk: came for pk, (came, _risk) in known.items()},
        since=begin,
        until=today + timedelta(days=AHEAD_DAYS),
    ):
        read += len(history.movements)
        from_day = since[customer].toordinal()
        for kind, rule in rules:
            for finding in kind.run(history, rule.parameters):
                if finding.last >= from_day:
                    found.append(Found(customer, rule, finding, known[customer][1]))
    return read, raise_alerts(found=found, at=at)


def rules_in_force() -> list[tuple[RuleKind, MonitoringRule]]:
    """The versions that count, with their code."""
    kinds = registered()
    held = MonitoringRule.objects.filter(state=RulesState.IN_FORCE, switched_on=True)
    return [(kinds[one.kind], one) for one in held.order_by("kind") if one.kind in kinds]


def look_back(rules: Sequence[tuple[RuleKind, MonitoringRule]]) -> int:
    """How many days before a transaction these rules have to know."""
    return max(kind.look_back(rule.parameters) for kind, rule in rules)
