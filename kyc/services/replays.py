"""Replaying a version of a rule on history: what it would have found, month by month."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from clm.core.models import Job
from customers.lifecycle import Stage
from customers.models import Customer
from kyc.alert_score import score
from kyc.histories import histories
from kyc.models import MonitoringRule, ReplayExample, RuleReplay
from kyc.monitoring import Finding, History, RuleKind, day_of, registered

CHUNK = 500
EXAMPLES = 10


def replay_next(*, replay: RuleReplay, after: UUID | None, at: datetime) -> tuple[UUID | None, int]:
    """
    Replay the next customers in the order of their keys, in the caller's transaction; the last
    one's key and how many. With none left the replay is done.
    """
    waiting = Customer.objects.exclude(stage=Stage.ERASED).order_by("pk")
    if after is not None:
        waiting = waiting.filter(pk__gt=after)
    rows = list(waiting.values_list("pk", "customer_since", "risk_level")[:CHUNK])
    if not rows:
        replay.done_at = at
        replay.save(update_fields=["done_at"])
        return None, 0
    kind, risks = registered()[replay.rule.kind], {pk: risk for pk, _came, risk in rows}
    back = max(kind.look_back(one.parameters) for one in _versions(replay))
    for customer, history in histories(
        customers={pk: came for pk, came, _risk in rows},
        since=replay.since - timedelta(days=back),
        until=replay.until,
    ):
        _count(replay, kind, customer, history, risks[customer])
    replay.customers += len(rows)
    replay.save()
    best = replay.examples.values_list("pk", flat=True)[:EXAMPLES]
    replay.examples.exclude(pk__in=list(best)).delete()
    return rows[-1][0], len(rows)


def replay_of(*, job: Job) -> RuleReplay:
    """The replay that a job is for."""
    return RuleReplay.objects.select_related("rule", "beside").get(pk=job.parameters["replay_id"])


def _versions(replay: RuleReplay) -> list[MonitoringRule]:
    return [replay.rule, *([replay.beside] if replay.beside else [])]


def _count(replay: RuleReplay, kind: RuleKind, customer: UUID, history: History, risk: str) -> None:
    """Add what the version and the one in force find to the counts, and the strongest as examples."""
    begin = replay.since.toordinal()
    replay.transactions += sum(one.day >= begin for one in history.movements)
    ours, theirs = (
        [one for one in kind.run(history, version.parameters) if one.last >= begin]
        if version is not None and version.switched_on
        else []
        for version in (replay.rule, replay.beside)
    )
    if not ours and not theirs:
        return
    replay.concerned += bool(ours)
    replay.found += len(ours)
    replay.gone += sum(not _shared(one, ours) for one in theirs)
    for place, found in enumerate((ours, theirs)):
        for one in found:
            month = f"{day_of(one.last):%Y-%m}"
            replay.months.setdefault(month, [0, 0])[place] += 1
    examples = []
    for one in ours:
        points, _reasons = score(strength=one.strength, risk=risk)
        is_new = not _shared(one, theirs)
        replay.new += is_new
        replay.cases += points >= replay.rule.parameters["case_from"]
        examples.append(
            ReplayExample(
                replay=replay, customer_id=customer, score=points, facts=dict(one.facts),
                first_on=day_of(one.first), last_on=day_of(one.last), is_new=is_new,
            )
        )  # fmt: skip
    examples.sort(key=lambda one: -one.score)
    ReplayExample.objects.bulk_create(examples[:EXAMPLES])


def _shared(one: Finding, others: Sequence[Finding]) -> bool:
    """Whether another finding names one of its transactions."""
    named = set(one.transactions)
    return any(named & set(other.transactions) for other in others)
