"""From event to reaction: once in effect, whatever happens on the way."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from clm.core import context, deliveries, events, work
from clm.core.models import Delivery, Event, Task, User

ran: list[Any] = []


def remember(*, event: Event, at: datetime) -> None:
    ran.append((event.pk, context.current().cause_id))


def write_then_fail(*, event: Event, at: datetime) -> None:
    follow_up(event=event, at=at)
    raise ValueError("half-way")


def follow_up(*, event: Event, at: datetime) -> None:
    actor = User.objects.get(username="system")
    work.add_task(title="Follow up", record=None, assignee=None, due_at=None, actor=actor, at=at)


@pytest.fixture
def subscribe() -> Iterator[Any]:
    before = (dict(events._reactions), dict(events._by_name))
    ran.clear()
    yield events.subscribe
    events._reactions.clear()
    events._reactions.update(before[0])
    events._by_name.clear()
    events._by_name.update(before[1])


def add(system: User, now: datetime) -> Task:
    return work.add_task(
        title="Call", record=None, assignee=None, due_at=None, actor=system, at=now
    )


def test_a_reaction_runs_once_and_knows_its_cause(
    system: User, now: datetime, subscribe: Any
) -> None:
    subscribe({("core.Task", "create"): (remember,)})
    add(system, now)
    event = Event.objects.get(action="create")

    [delivery_id] = deliveries.claim(at=now)
    assert deliveries.deliver(delivery_id=delivery_id, at=now)
    assert not deliveries.deliver(delivery_id=delivery_id, at=now)
    assert ran == [(event.pk, event.pk)]


def test_a_claim_puts_off_the_next_attempt(system: User, now: datetime, subscribe: Any) -> None:
    subscribe({("core.Task", "create"): (remember,)})
    add(system, now)
    assert len(deliveries.claim(at=now)) == 1
    assert deliveries.claim(at=now) == []
    # The message was lost: it is due again, later each time.
    assert len(deliveries.claim(at=now + timedelta(seconds=21))) == 1
    assert deliveries.claim(at=now + timedelta(seconds=42)) == []


def test_a_failed_reaction_leaves_nothing_and_says_why(
    system: User, now: datetime, subscribe: Any
) -> None:
    subscribe({("core.Task", "create"): (write_then_fail,)})
    add(system, now)
    [delivery_id] = deliveries.claim(at=now)
    assert not deliveries.deliver(delivery_id=delivery_id, at=now)
    assert Task.objects.count() == 1
    assert "half-way" in Delivery.objects.get().error


def test_after_its_attempts_it_is_a_dead_letter_that_can_be_replayed(
    system: User, now: datetime, subscribe: Any
) -> None:
    subscribe({("core.Task", "create"): (write_then_fail,)})
    add(system, now)
    at = now
    for _ in range(deliveries.ATTEMPTS):
        for one in deliveries.claim(at=at):
            deliveries.deliver(delivery_id=one, at=at)
        at += timedelta(hours=2)
    delivery = Delivery.objects.get()
    assert delivery.dead_at is not None
    assert deliveries.claim(at=at) == []
    assert deliveries.replay(delivery_ids=[delivery.pk], at=at) == 1
    assert deliveries.claim(at=at) == [delivery.pk]


def test_two_workers_with_the_same_message_run_it_once(
    transactional_db: None, now: datetime, subscribe: Any
) -> None:
    subscribe({("core.Task", "create"): (follow_up,)})
    system = User.objects.get(username="system")
    add(system, now)
    delivery_id = Delivery.objects.get().pk
    outcomes: list[bool] = []

    def work_on_it() -> None:
        outcomes.append(deliveries.deliver(delivery_id=delivery_id, at=now))
        connection.close()

    threads = [threading.Thread(target=work_on_it) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == [False, False, False, True]
    assert Task.objects.filter(title="Follow up").count() == 1


def test_nothing_is_due_of_a_transaction_that_rolled_back(
    system: User, now: datetime, subscribe: Any
) -> None:
    subscribe({("core.Task", "create"): (remember,)})
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 -- rolled back
        add(system, now)
        raise RuntimeError
    assert not Delivery.objects.exists()
    assert not Event.objects.exists()
