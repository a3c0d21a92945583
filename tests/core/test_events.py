"""The event log: chained, sealed, and bent by nobody without being found."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from clm.core import audit, context, events, records, work
from clm.core.canonical import canonical, plain
from clm.core.models import ChainHead, Event, EventDetail, Task, User
from tests.owner import as_owner
from tests.patience import sealed, visible

# Seals and the stream wait for the oldest transaction of the whole cluster, so these do not run
# beside the tests that hold one for long.
pytestmark = pytest.mark.xdist_group("cluster")


def make_task(system: User, now: datetime, title: str = "Call") -> Task:
    return work.add_task(title=title, record=None, assignee=None, due_at=None, actor=system, at=now)


def test_an_event_is_chained_to_the_one_before(system: User, now: datetime) -> None:
    task = work.finish_task(task=make_task(system, now), actor=system, at=now)

    newest, first = events.for_record(task)

    assert [first.action, newest.action] == ["create", "change"]
    assert (first.sequence, bytes(first.prev_hash)) == (1, b"")
    assert (newest.sequence, bytes(newest.prev_hash)) == (2, bytes(first.hash))
    assert newest.payload == {"fields": ["done_at"]}
    head = ChainHead.objects.get(record_id=task.pk)
    assert (head.sequence, bytes(head.hash)) == (2, bytes(newest.hash))


def test_words_stand_apart_and_may_be_erased(system: User, now: datetime) -> None:
    task = make_task(system, now)
    event = records.note(
        record=task, action="noted", actor=system, at=now, reason="She moved to Odense"
    )
    assert event.detail == {"reason": "She moved to Odense"}
    assert "Odense" not in str(event.payload)

    with connection.cursor() as cursor:
        cursor.execute("SELECT clm_erase_details(%s)", [str(task.pk)])

    assert Event.objects.get(pk=event.pk).detail == {}
    assert audit.verify().broken == []


def test_events_need_a_transaction(transactional_db: None, now: datetime) -> None:
    actor = User.objects.get(username="system")
    with pytest.raises(RuntimeError):
        events.append(drafts=[events.Draft("core.Task", actor.pk, "create")], actor=actor, at=now)


def test_the_application_cannot_touch_what_is_written(system: User, now: datetime) -> None:
    make_task(system, now)
    for statement in (
        "UPDATE core_event SET action = 'x'",
        "DELETE FROM core_event",
        "TRUNCATE core_event",
        "UPDATE core_eventdetail SET content = '{}'",
        "DELETE FROM core_accesslog",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


BENDINGS: dict[str, Callable[[Task], list[str]]] = {
    "edited": lambda task: [
        f"UPDATE core_event SET action = 'sold' WHERE record_id = '{task.pk}' AND sequence = 1"
    ],
    "entries removed before": lambda task: [
        f"DELETE FROM core_event WHERE record_id = '{task.pk}' AND sequence = 2"
    ],
    "newest entries removed or head edited": lambda task: [
        f"DELETE FROM core_event WHERE record_id = '{task.pk}' AND sequence = 3"
    ],
    "sealed entry missing or changed": lambda task: [
        f"DELETE FROM core_event WHERE record_id = '{task.pk}' AND sequence = 3",
        (
            "UPDATE core_chainhead SET sequence = 2, hash = (SELECT hash FROM core_event"
            f" WHERE record_id = '{task.pk}' AND sequence = 2) WHERE record_id = '{task.pk}'"
        ),
    ],
    "does not follow the entry before": lambda task: [
        (
            "UPDATE core_event SET sequence = CASE sequence WHEN 2 THEN 3 ELSE 2 END"
            f" WHERE record_id = '{task.pk}' AND sequence IN (2, 3)"
        )
    ],
    "detail edited": lambda task: [
        (
            'UPDATE core_eventdetail SET content = \'{"reason": "other"}\''
            f" WHERE record_id = '{task.pk}'"
        )
    ],
    "chain without a head": lambda task: [
        f"DELETE FROM core_chainhead WHERE record_id = '{task.pk}'"
    ],
    "exported seal is missing from the database": lambda task: [
        "TRUNCATE core_sealleaf, core_seal"
    ],
}


@pytest.mark.parametrize("what", BENDINGS)
def test_what_the_owner_bends_is_found_and_named(
    what: str, transactional_db: None, now: datetime
) -> None:
    system = User.objects.get(username="system")
    task = make_task(system, now)
    for reason in ("first", "second"):
        records.note(record=task, action="noted", actor=system, at=now, reason=reason)
    sealed(at=now)
    assert audit.verify().broken == []

    as_owner(*BENDINGS[what](task))

    broken = audit.verify().broken
    assert what in {one["what"] for one in broken}
    if "seal" not in what or "entry" in what:
        assert str(task.pk) in {one.get("record") for one in broken}


def test_seals_follow_one_another(transactional_db: None, now: datetime) -> None:
    system = User.objects.get(username="system")
    make_task(system, now)
    first = sealed(at=now)
    assert audit.seal(at=now) is None
    make_task(system, now)
    second = sealed(at=now + timedelta(minutes=1))
    assert bytes(second.prev_root) == bytes(first.root)
    verdict = audit.verify()
    assert (verdict.seals, verdict.unsealed, verdict.broken) == (2, 0, [])


def test_an_access_row_is_sealed_too(transactional_db: None, now: datetime) -> None:
    from clm.core import access

    system = User.objects.get(username="system")
    access.write(
        actor=system, kind="read", route="r", record_type="core.Task", record_ids=["1"],
        reason="", at=now,
    )  # fmt: skip
    sealed(at=now)
    as_owner("UPDATE core_accesslog SET route = 'other'")
    assert [one["what"] for one in audit.verify().broken] == ["access log edited"]


def test_the_stream_is_read_without_gaps(transactional_db: None, now: datetime) -> None:
    system = User.objects.get(username="system")
    for _ in range(5):
        make_task(system, now)
    visible(events=5)
    seen: list[Event] = []
    after = None
    while batch := events.stream(after=after, limit=2):
        seen += batch
        after = (batch[-1].xact_id, batch[-1].pk)
    assert len({one.pk for one in seen}) == len(seen) == 5


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda children: st.lists(children, max_size=3)
    | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        children, max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip


@given(value=json_values)
def test_canonical_form_survives_the_database(value: Any) -> None:
    import json

    once = plain(value)
    assert canonical(json.loads(json.dumps(once))) == canonical(value)


def test_a_link_is_the_digest_of_the_canonical_facts(system: User, now: datetime) -> None:
    with context.use(request_id='a "quoted" idé', cause_id=system.pk):
        event = records.note(
            record=make_task(system, now), action="noted", actor=system, at=now, reason="Why",
            payload={"b": [1, 2.5, None], "a": "\u2028æ"},
        )  # fmt: skip
    assert event.detail_mac is not None
    facts = {
        "id": event.pk, "at": now, "actor": event.actor_id, "type": event.record_type,
        "record": event.record_id, "action": event.action, "source": event.source,
        "target": event.target, "payload": event.payload, "detail": bytes(event.detail_mac or b"").hex(),
        "request": event.request_id, "cause": event.cause_id, "sequence": event.sequence,
    }  # fmt: skip

    said = hashlib.sha256(bytes(event.prev_hash) + canonical(facts)).digest()

    assert bytes(event.hash) == said


def test_details_are_not_kept_for_events_without_words(system: User, now: datetime) -> None:
    make_task(system, now)
    assert not EventDetail.objects.exists()
