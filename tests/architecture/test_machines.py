"""
What every state machine keeps, generated from its own table.

For each machine: the table is sound and published; every source outside the table is refused,
by the gate and by the database; nobody without the permission may; a refusal leaves nothing.
"""

from datetime import datetime
from itertools import product
from typing import Any, cast

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.db.models import Field

from clm.core import actors, lifecycle
from clm.core.models import Event, Record, User
from tests.architecture.machine_samples import SAMPLES
from tests.owner import as_owner

MACHINES = {machine.label: machine for machine in lifecycle.machines()}


def field_of(machine: lifecycle.Machine) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", machine.model._meta.get_field(machine.field))


def states_of(machine: lifecycle.Machine) -> list[str]:
    return [str(value) for value, _ in field_of(machine).flatchoices]


def put_into(machine: lifecycle.Machine, record: Record, state: str) -> None:
    """Set a state behind the platform's back, as only the owner without triggers could."""
    table = machine.model._meta.db_table
    as_owner(
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        f"UPDATE {table} SET {machine.field} = '{state}' WHERE id = '{record.pk}'",
        f"ALTER TABLE {table} ENABLE TRIGGER USER",
    )


def test_every_machine_has_a_sample() -> None:
    assert set(SAMPLES) == set(MACHINES)


def test_the_published_tables_are_up_to_date() -> None:
    call_command("lifecycles", "--check")


@pytest.mark.parametrize("label", MACHINES)
def test_the_table_is_sound(label: str, db: None) -> None:
    machine = MACHINES[label]
    states = set(states_of(machine))
    reached = {str(step.target) for steps in machine.transitions().values() for step in steps}
    begins = str(field_of(machine).default)
    for name, steps in machine.transitions().items():
        for step in steps:
            assert {str(step.source), str(step.target)} <= states, name
            assert step.custom.get("label"), name
            assert step.custom.get("policy"), name
            assert step.permission, f"{name} is open to everybody"
            app, codename = str(step.permission).split(".")
            assert Permission.objects.filter(
                content_type__app_label=app, codename=codename
            ).exists(), step.permission
    others = {str(source) for source in states - reached - {begins}}
    # A state that nothing leads to can only be a birth.
    for state in others:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_get_triggerdef(t.oid) || prosrc"
                " FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid"
                " WHERE t.tgrelid = %s::regclass AND prosrc LIKE '%%cannot begin as%%'",
                [machine.model._meta.db_table],
            )
            assert f"'{state}'" in cursor.fetchone()[0].split("RAISE")[0], state


@pytest.mark.parametrize("label", MACHINES)
def test_only_what_the_table_allows_happens(
    label: str, transactional_db: None, now: datetime
) -> None:
    machine = MACHINES[label]
    system = actors.system_user()
    outsider = User.objects.create_user("outsider", language="en")
    record = SAMPLES[label](now)
    model = machine.model
    for state in states_of(machine):
        put_into(machine, record, state)
        events = Event.objects.count()
        for name in machine.transitions():
            fresh = model._default_manager.get(pk=record.pk)
            step = machine.step(name, state)
            if step is None:
                with pytest.raises(lifecycle.TransitionRefused):
                    lifecycle.perform(record=fresh, name=name, actor=system, at=now, reason="test")
            else:
                with pytest.raises(PermissionDenied):
                    lifecycle.perform(
                        record=fresh, name=name, actor=outsider, at=now, reason="test"
                    )
        kept = model._default_manager.get(pk=record.pk)
        assert machine.state_of(kept) == state
        assert kept.version == record.version
        assert Event.objects.count() == events


@pytest.mark.parametrize("label", MACHINES)
def test_the_database_refuses_what_the_table_does_not_know(
    label: str, transactional_db: None, now: datetime
) -> None:
    machine = MACHINES[label]
    record = SAMPLES[label](now)
    table, field = machine.model._meta.db_table, machine.field
    jumps = {
        (str(step.source), str(step.target))
        for steps in machine.transitions().values()
        for step in steps
    }
    before = None
    for source, target in product(states_of(machine), repeat=2):
        if source == target:
            continue
        if source != before:
            put_into(machine, record, source)
            before = source
        bump = "" if (source, target) in jumps else ", version = version + 1"
        # A jump outside the table is refused; so is a known one that no perform made.
        with (
            pytest.raises(Error, match=r"cannot go from|life-cycle only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {field} = %s{bump} WHERE id = %s",
                           [target, str(record.pk)])  # fmt: skip


@pytest.mark.parametrize("label", MACHINES)
def test_a_stray_update_fails_loudly(label: str, db: None, now: datetime) -> None:
    machine = MACHINES[label]
    record = SAMPLES[label](now)
    other = next(one for one in states_of(machine) if one != machine.state_of(record))
    with pytest.raises(Error), transaction.atomic():
        machine.model._default_manager.filter(pk=record.pk).update(**{machine.field: other})
    with pytest.raises(AttributeError):
        setattr(record, machine.field, other)
