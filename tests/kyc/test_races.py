"""Two people at once: one wins, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from clm.core import lifecycle
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import Approval, Event, User
from kyc import services
from kyc.lifecycle import CaseState
from kyc.models import Case, HitState, ReasonCode, Watchlist, WatchlistVersion
from tests.patience import somebody_waits

BORN = date(1961, 2, 3)
LISTED = "1,Igor Petrovich Volkov,person,1961-02-03,RU"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in threads that start together; each gives its result or its exception."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(10)
            return call()
        except (TransitionRefused, StaleVersion) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, mads: User,
    now: datetime,
) -> None:  # fmt: skip
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    for hit in case.hits.all():
        services.decide_hit(
            hit=hit, decision=HitState.FALSE_MATCH, reason_code=ReasonCode.BORN, actor=line, at=now
        )
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="another man"
    )
    outcomes = at_once(
        *(
            lambda actor=actor: lifecycle.perform(record=case, name="clear", actor=actor, at=now)
            for actor in (karen, mads)
        )
    )
    assert sum(isinstance(one, Case) for one in outcomes) == 1
    assert sum(isinstance(one, TransitionRefused) for one in outcomes) == 1
    assert Case.objects.get(pk=case.pk).state == CaseState.CLEARED
    assert Event.objects.filter(record_id=case.pk, action="clear").count() == 1
    assert Approval.objects.filter(record_id=case.pk, decision="approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_a_list_locks_in_the_order_of_a_load(
    load_names: Any, karen: User, now: datetime
) -> None:
    rows = [f"{n},Name{n} Person{n},person" for n in range(10)]
    load_names(*rows)
    held = load_names(*rows[:5]).version

    def accept() -> Any:
        try:
            return services.accept_version(version=held, actor=karen, at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            # As a load that has its list and is about to change its versions.
            Watchlist.objects.select_for_update().get(pk=held.watchlist_id)
            accepted = pool.submit(accept)
            somebody_waits()
            WatchlistVersion.objects.select_for_update(nowait=True).get(pk=held.pk)
        assert accepted.result(60).version.removed == 5


@pytest.mark.django_db(transaction=True)
def test_the_same_hit_decided_twice_at_once(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, now: datetime
) -> None:
    load_names(LISTED)
    hit = make_case("Igor", "Volkov", born_on=BORN).hits.get()
    outcomes = at_once(
        *(
            lambda actor=actor, said=said: services.decide_hit(
                hit=hit, decision=said, reason_code=ReasonCode.BORN, actor=actor, at=now
            )
            for actor, said in ((line, HitState.FALSE_MATCH), (karen, HitState.TRUE_MATCH))
        )
    )
    assert sum(isinstance(one, TransitionRefused) for one in outcomes) == 1
    assert Event.objects.filter(record_id=hit.pk, action="change").count() == 1
