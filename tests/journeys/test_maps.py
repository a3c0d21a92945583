"""Drawing together: nothing is lost, and what is done can be taken back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import InternalError

from clm.core import events
from clm.core.models import User
from journeys.models import JourneyMap, MapCard, MapEmotion, MapVersion
from journeys.services import maps
from tests.factories import maps as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(dan: User, now: datetime) -> JourneyMap:
    return make.drawn(by=dan, at=now)


def texts(on: JourneyMap) -> list[str]:
    found = MapCard.objects.filter(map=on, removed_at=None).order_by("order", "pk")
    return list(found.values_list("text", flat=True))


def test_every_change_is_told_and_counted(drawn: JourneyMap, dan: User, now: datetime) -> None:
    before = JourneyMap.objects.get(pk=drawn.pk).revision
    card = make.card(on=drawn, by=dan, at=now)
    maps.write_card(on=drawn, card=card.pk, text="Looks for them", version=1, actor=dan, at=now)
    assert JourneyMap.objects.get(pk=drawn.pk).revision == before + 2
    assert [one.action for one in events.for_record(card)] == ["change", "create"]
    assert [one.phase for one in drawn.steps.order_by("order")] == [
        "Apply", "Apply", "Decide", "Decide",
    ]  # fmt: skip


def test_two_texts_for_one_card_are_both_kept(
    drawn: JourneyMap, dan: User, karen: User, now: datetime
) -> None:
    maps.share(on=drawn, shared=True, actor=dan, at=now)
    card = make.card(on=drawn, by=dan, at=now)
    maps.write_card(on=drawn, card=card.pk, text="From Karen", version=1, actor=karen, at=now)
    done = maps.write_card(on=drawn, card=card.pk, text="From Dan", version=1, actor=dan, at=now)
    assert done.beside
    assert "karen" in done.said.lower()
    assert "From Karen" in done.said
    assert texts(drawn) == ["From Karen", "From Dan"]
    # What is the same needs no second card, and a move is no other text.
    other = make.card(on=drawn, by=dan, at=now, text="Moved")
    step = make.part(drawn, "steps", 2)
    maps.move_card(on=drawn, card=other.pk, lane=other.lane_id, step=step.pk, actor=karen, at=now)
    done = maps.write_card(on=drawn, card=other.pk, text="Worded", version=1, actor=dan, at=now)
    assert (done.beside, done.record.step_id) == (False, step.pk)


def test_what_somebody_works_on_comes_back(drawn: JourneyMap, dan: User, now: datetime) -> None:
    card = make.card(on=drawn, by=dan, at=now)
    step = make.part(drawn, "steps")
    maps.remove_card(on=drawn, card=card.pk, actor=dan, at=now)
    maps.remove_step(on=drawn, step=step.pk, actor=dan, at=now)
    done = maps.write_card(on=drawn, card=card.pk, text="Still here", version=1, actor=dan, at=now)
    assert step.title in done.said
    assert texts(drawn) == ["Still here"]
    step.refresh_from_db()
    assert step.removed_at is None


def test_undo_is_of_ones_own(drawn: JourneyMap, dan: User, karen: User, now: datetime) -> None:
    maps.share(on=drawn, shared=True, actor=dan, at=now)
    card = make.card(on=drawn, by=dan, at=now)
    maps.write_card(on=drawn, card=card.pk, text="Second", version=1, actor=dan, at=now)
    make.card(on=drawn, by=karen, at=now, text="Of Karen")
    maps.undo(on=drawn, actor=dan, at=now)
    assert texts(drawn) == ["Finds payslips", "Of Karen"]
    # A step goes and comes back with all that stands under it.
    maps.remove_step(on=drawn, step=card.step_id, actor=dan, at=now)
    assert not maps.picture(on=drawn)["cards"]
    maps.undo(on=drawn, actor=dan, at=now)
    assert len(maps.picture(on=drawn)["cards"]) == 2
    # What somebody else has changed since is theirs, and it is said.
    maps.write_card(on=drawn, card=card.pk, text="Karen’s now", version=None, actor=karen, at=now)
    assert "karen" in maps.undo(on=drawn, actor=dan, at=now).said.lower()
    assert "Karen’s now" in texts(drawn)
    felt = {"step": card.step_id, "persona": drawn.personas.get().pk}
    maps.feel(on=drawn, **felt, value="-1.6", actor=dan, at=now)
    maps.undo(on=drawn, actor=dan, at=now)
    assert MapEmotion.objects.get().value is None


def test_places_never_run_out(drawn: JourneyMap, dan: User, now: datetime) -> None:
    card = make.card(on=drawn, by=dan, at=now, text="last")
    for number in range(30):
        maps.add_card(
            on=drawn, lane=card.lane_id, step=card.step_id, before=card.pk, text=str(number),
            actor=dan, at=now,
        )  # fmt: skip
    assert texts(drawn) == [*map(str, range(30)), "last"]


def test_a_version_brings_back_what_was(drawn: JourneyMap, dan: User, now: datetime) -> None:
    card = make.card(on=drawn, by=dan, at=now)
    felt = {"step": card.step_id, "persona": drawn.personas.get().pk}
    maps.feel(on=drawn, **felt, value=1, actor=dan, at=now)
    was = maps.picture(on=drawn)
    version = maps.save_version(on=drawn, name="Monday", actor=dan, at=now)
    maps.remove_step(on=drawn, step=make.part(drawn, "steps", 1).pk, actor=dan, at=now)
    maps.write_card(on=drawn, card=card.pk, text="Otherwise", version=1, actor=dan, at=now)
    make.card(on=drawn, by=dan, at=now, text="New")
    maps.feel(on=drawn, **felt, value=-2, actor=dan, at=now)
    is_now = maps.picture(on=drawn)
    kept = maps.restore(on=drawn, version=version.pk, actor=dan, at=now)
    assert maps.picture(on=drawn) == was
    assert kept.content == is_now
    maps.undo(on=drawn, actor=dan, at=now)
    assert maps.picture(on=drawn) == is_now
    with pytest.raises(InternalError), transaction.atomic():
        MapVersion.objects.filter(pk=version.pk).update(name="Tuesday")


def test_a_to_be_begins_as_the_as_is(drawn: JourneyMap, dan: User, now: datetime) -> None:
    make.card(on=drawn, by=dan, at=now)
    to_be = maps.draw_to_be(of=drawn, name="Next year", actor=dan, at=now)
    assert (to_be.kind, to_be.counterpart) == ("to-be", drawn)
    assert [one.origin for one in to_be.steps.order_by("order")] == list(
        drawn.steps.order_by("order")
    )
    assert texts(to_be) == ["Finds payslips"]
    with pytest.raises(ValidationError):
        maps.draw_to_be(of=to_be, name="x", actor=dan, at=now)


def test_bad_input_is_refused_in_words(drawn: JourneyMap, dan: User, now: datetime) -> None:
    cell = {"lane": make.part(drawn, "lanes").pk, "step": make.part(drawn, "steps").pk}
    for text in ("", "   ", "\x00\x07", "x" * 501, None):
        with pytest.raises(ValidationError):
            maps.add_card(on=drawn, **cell, text=text, actor=dan, at=now)  # type: ignore[arg-type]
    added = maps.add_card(on=drawn, **cell, text="a\x00b\r\n\ud800c", actor=dan, at=now)
    assert added.record.text == "ab\nc"
    for key in (None, "", "nonsense", "x" * 400, drawn.pk):
        with pytest.raises(ValidationError):
            maps.add_card(on=drawn, lane=key, step=cell["step"], text="x", actor=dan, at=now)
    persona = drawn.personas.get().pk
    for value in ("2.06", "-3", "NaN", "Infinity", "much", "1e999"):
        with pytest.raises(ValidationError):
            maps.feel(on=drawn, step=cell["step"], persona=persona, value=value, actor=dan, at=now)
    done = maps.feel(on=drawn, step=cell["step"], persona=persona, value="1,26", actor=dan, at=now)
    assert done.record.value == Decimal("1.3")


def test_who_may(drawn: JourneyMap, dan: User, ada: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        make.card(on=drawn, by=ada, at=now)
    maps.share(on=drawn, shared=True, actor=dan, at=now)
    make.card(on=drawn, by=ada, at=now)
    with pytest.raises(PermissionDenied):
        maps.remove_step(on=drawn, step=make.part(drawn, "steps").pk, actor=ada, at=now)
    with pytest.raises(PermissionDenied):
        maps.draw_map(name="x", actor=ada, at=now)


@pytest.mark.django_db(transaction=True)
def test_thirty_people_at_once_lose_nothing(dan: User, now: datetime) -> None:
    """Each adds cards, moves one, and writes the same one; every text is there in the end."""
    drawn = make.drawn(by=dan, at=now)
    shared = make.card(on=drawn, by=dan, at=now, text="Everybody’s")
    steps = list(drawn.steps.order_by("order"))
    lanes = list(drawn.lanes.order_by("order"))
    gate = threading.Barrier(30)

    def one(number: int) -> None:
        at = now + timedelta(milliseconds=number)
        try:
            gate.wait()
            for turn in range(3):
                step, lane = steps[(number + turn) % 4], lanes[number % 3]
                made = maps.add_card(
                    on=drawn, lane=lane.pk, step=step.pk, text=f"{number}-{turn}", actor=dan, at=at
                )
            first = MapCard.objects.filter(lane=lanes[0], step=steps[0]).first()
            maps.move_card(
                on=drawn, card=made.record.pk, lane=lanes[0].pk, step=steps[0].pk,
                before=first and first.pk, actor=dan, at=at,
            )  # fmt: skip
            maps.write_card(
                on=drawn, card=shared.pk, text=f"all-{number}", version=1, actor=dan, at=at
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(30) as pool:
        for done in [pool.submit(one, number) for number in range(30)]:
            done.result()
    expected = {f"{number}-{turn}" for number in range(30) for turn in range(3)}
    expected |= {f"all-{number}" for number in range(30)}
    assert set(texts(drawn)) == expected
    assert len(texts(drawn)) == 120
    places = MapCard.objects.filter(lane=lanes[0], step=steps[0]).values_list("order", flat=True)
    assert len(set(places)) == len(places)
