"""Bulk writing: what goes in by COPY is what any other insert would have written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, Error, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from clm.core import audit, bulk, ids, pace, records
from clm.core.models import ChainHead, Event, Job, Record, Task, User, swift
from customers.models import Customer, Product
from tests.hostile import HOSTILE, texts

AT = datetime(2026, 3, 5, 8, 0, 0, 123456, tzinfo=UTC)
GOVERNED = [one for one in apps.get_models() if issubclass(one, Record)]


def store(rows: list[tuple[Any, ...]], *, few: bool) -> None:
    """By INSERT in parts, or by one COPY."""
    size = bulk.FEW - 1 if few else len(rows)
    for begin in range(0, len(rows), size):
        bulk.insert(
            model=Job,
            columns=("kind", "parameters", "message", "created_by_id", "created_at", "started_at"),
            rows=rows[begin : begin + size],
        )


@pytest.mark.django_db
@pytest.mark.parametrize("few", [True, False], ids=["INSERT", "COPY"])
@given(words=st.lists(texts, min_size=bulk.FEW, max_size=bulk.FEW + 9))
@settings(max_examples=20)
def test_every_value_comes_back_as_it_went_in(few: bool, words: list[str]) -> None:
    system = User.objects.get(username="system")
    rows = [
        (word[:80], {word: [word, None, 1.5, True]}, word, system.pk, AT, AT if word else None)
        for word in [*HOSTILE, *words]
    ]
    with transaction.atomic():
        store(rows, few=few)
        found = Job.objects.values_list(
            "kind", "parameters", "message", "created_by_id", "created_at", "started_at"
        )
        assert sorted(map(repr, found)) == sorted(map(repr, rows))
        # What is not given is what the field says.
        rest = set(Job.objects.values_list("state", "done", "total", "cancel_asked", "file"))
        assert rest == {("QUEUED", 0, None, False, "")}
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["\0", "\ud800"])
def test_what_no_database_text_can_be_is_refused_and_nothing_is_in(system: User, bad: str) -> None:
    rows: list[tuple[Any, ...]] = [
        ("x", {}, word, system.pk, AT, None) for word in ["a"] * 2500 + [bad]
    ]
    with pytest.raises((Error, ValueError)), transaction.atomic():
        store(rows, few=False)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_databases_own_rules_hold_and_speak_as_djangos_errors(system: User) -> None:
    too_long: list[tuple[Any, ...]] = [("x" * 81, {}, "", system.pk, AT, None)] * bulk.FEW
    with pytest.raises(DataError), transaction.atomic():
        store(too_long, few=False)
    nobodys: list[tuple[Any, ...]] = [("x", {}, "", ids.uuid7(), AT, None)] * bulk.FEW
    store(nobodys, few=False)
    with pytest.raises(IntegrityError):
        connection.check_constraints()


SAMPLES: dict[str, Any] = {
    "BooleanField": True, "CharField": "x", "SlugField": "x", "TextField": "x", "FloatField": 1e-9,
    "DateField": date(2026, 3, 5), "DateTimeField": AT, "DecimalField": Decimal("-1.50"),
    "UUIDField": UUID(int=7), "BinaryField": b"\\\x00", "JSONField": {"a": ["\\"]},
    **dict.fromkeys(bulk._INTEGERS, 7),
}  # fmt: skip


@pytest.mark.parametrize("model", GOVERNED, ids=lambda one: one._meta.label)
def test_every_kind_of_field_can_be_copied(model: type[Record]) -> None:
    for field in model._meta.concrete_fields:
        kind = bulk._kind(field)
        sample = [SAMPLES[kind[len("ArrayField of ") :]]] if " of " in kind else SAMPLES[kind]
        quick, slow = bulk._encoded(field, [sample, None, sample]), bulk._one(field, sample)
        if " of " in kind:
            continue  # written in two ways that the database reads as one: see below
        assert [one.replace("-", "") for one in quick] == [
            slow.replace("-", ""), bulk._NULL, slow.replace("-", "")
        ]  # fmt: skip


@pytest.mark.django_db
def test_arrays_come_back_as_they_went_in() -> None:
    words = ["null", "NULL", "Null", "a,b", '"', "\\", "", "{}", "DK", "a b"]
    arrays = [[], words, *([one] for one in words), *([one, "DK"] for one in words)]
    assert len(arrays) > bulk.FEW
    made = [
        Product(
            code=f"p{number}", name_da="P", name_en="P", category="account", channels=array,
            valid_from=AT.date(), created_at=AT, updated_at=AT,
        )
        for number, array in enumerate(arrays)
    ]  # fmt: skip
    bulk.insert_records(made)
    found = dict(Product.objects.values_list("code", "channels"))
    assert [found[f"p{number}"] for number in range(len(arrays))] == arrays


@pytest.mark.django_db
def test_many_records_are_chained_and_sealed_as_one_is(system: User) -> None:
    tasks = [Task(title=word[:20] or "x") for word in HOSTILE * 2]
    records.create_many(records=tasks, actor=system, at=AT, validate=False, reason="moved")

    assert audit.verify().broken == []
    assert not any(task._state.adding for task in tasks)
    for task in tasks:
        event, head = Event.objects.get(record_id=task.pk), ChainHead.objects.get(pk=task.pk)
        assert (event.sequence, bytes(event.prev_hash), event.detail) == (
            1,
            b"",
            {"reason": "moved"},
        )
        assert (head.sequence, bytes(head.hash)) == (1, bytes(event.hash))
        task.refresh_from_db()
    # The chains go on from there.
    records.note(record=tasks[0], action="noted", actor=system, at=AT)
    assert audit.verify().broken == []


@pytest.mark.django_db
def test_a_chain_that_exists_is_not_begun_again(system: User) -> None:
    first = records.create(record=Task(title="x"), actor=system, at=AT)
    Task.objects.filter(pk=first.pk)._raw_delete("default")
    again = [Task(title="y") for _one in range(bulk.FEW)]
    again[3].pk = first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        records.create_many(records=again, actor=system, at=AT)


# Swift ways ------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", GOVERNED, ids=lambda one: one._meta.label)
def test_an_unsaved_record_is_what_the_constructor_makes(model: type[Record]) -> None:
    def known(record: Record) -> dict[str, Any]:
        return {name: value for name, value in vars(record).items() if name not in ("id", "_state")}

    one, other = model.unsaved(), model()
    assert known(one) == known(other)
    assert (one._state.adding, one._state.db) == (other._state.adding, other._state.db)
    assert isinstance(one.pk, UUID)
    with pytest.raises(TypeError):
        model.unsaved(no_such_field=1)


def test_two_unsaved_records_share_no_list() -> None:
    one, other = Customer.unsaved(), Customer.unsaved()
    one.nationalities.append("DK")
    assert other.nationalities == []


values = texts | st.none() | st.integers() | st.lists(texts, max_size=3) | st.just(AT.date())
fields = st.sampled_from([one.attname for one in Customer._meta.concrete_fields])


@given(st.dictionaries(fields, values, max_size=4))
def test_what_passes_swiftly_passes_djangos_own_look_unchanged(
    given_values: dict[str, Any],
) -> None:
    record = Customer.unsaved(
        kind="person", family_name="Holm", display_name="Holm", stage_since=AT, created_at=AT,
        updated_at=AT,
    )  # fmt: skip
    left_out = {"stage", "adviser", "branch", "merged_into"}
    assert swift.certainly_clean(record, left_out)
    vars(record).update(given_values)
    before = dict(vars(record))
    if not swift.certainly_clean(record, left_out):
        return
    super(Record, record).clean_fields(exclude=left_out)
    assert vars(record) == before


def test_a_fault_is_never_passed_over() -> None:
    record = Customer.unsaved(kind="alien", family_name="x" * 201, nationalities=["DNK"])
    with pytest.raises(ValidationError) as refusal:
        record.clean_fields(exclude={"stage_since", "created_at", "updated_at"})
    assert {
        "kind",
        "family_name",
        "nationalities",
        "display_name",
    } <= refusal.value.message_dict.keys()


def test_ids_made_by_the_thousand_are_of_version_7() -> None:
    many = [*ids.uuid7s(500, AT), *map(UUID, ids.uuid7_texts(500))]
    assert len(set(many)) == 1000
    assert {(one.version, one.variant) for one in many} == {(7, "specified in RFC 4122")}
    assert ids.lower_bound(AT) <= min(many[:500])


def test_items_come_in_order_one_ahead_and_with_their_errors() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(4):
            made.append(number)
            yield number
        raise ValueError("the end is near")

    coming = pace.ahead(items())
    for number in range(4):
        assert next(coming) == number
        assert len(made) <= number + 2
    with pytest.raises(ValueError, match="near"):
        next(coming)
