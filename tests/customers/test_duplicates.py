"""Finding records that may be one customer: keys, score, the search, the pairs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clm.core import actors, jobs, lifecycle
from clm.core.lifecycle import TransitionRefused
from customers import services
from customers.models import Customer, DuplicatePair, MatchKey
from customers.selectors import duplicates
from customers.services import match_keys
from customers.single_view import facts, keys, score
from customers.single_view import job as search
from customers.single_view.lifecycle import PairState
from customers.single_view.score import DIFFERENT, MISSING, SAME, SIMILAR, THRESHOLD
from tests.factories import customers as make

BORN = date(1984, 3, 12)


def person(given="Mette", family="Sørensen", born_on=BORN, **more):
    return facts.make(kind="person", given_names=given, family_name=family, born_on=born_on, **more)


def states(one, other):
    return {reason.feature: reason.state for reason in score.compare(one, other).reasons}


# The score, pure --------------------------------------------------------------------------------


def test_reasons_sum_to_the_score_and_the_order_does_not_count():
    one = person(phones=["+4529110418"], emails=["m@example.dk"])
    other = person("Mette K", phones=["+4529110418"], emails=["x@example.dk"])
    there, back = score.compare(one, other), score.compare(other, one)
    assert there == back
    assert there.points == sum(reason.points for reason in there.reasons)


@pytest.mark.parametrize(
    ("other", "feature", "state"),
    [
        (person(), "name", SAME),
        (person("METTE", "Sorensen"), "name", SIMILAR),
        (person("Sørensen", "Mette"), "name", SAME),
        (person("Mette Kirstine"), "name", SIMILAR),
        (person("Bo", "Holm"), "name", DIFFERENT),
        (person(born_on=date(1984, 12, 3)), "born_on", SIMILAR),
        (person(born_on=date(1984, 3, 13)), "born_on", SIMILAR),
        (person(born_on=date(1970, 1, 1)), "born_on", DIFFERENT),
        (person(born_on=None), "born_on", MISSING),
    ],
)
def test_names_and_births_are_the_same_similar_different_or_missing(other, feature, state):
    assert states(person(), other)[feature] == state


def test_one_address_however_floor_and_door_are_written():
    def lives(line):
        return person(addresses=[{"line1": line, "postal_code": "8000"}])

    assert states(lives("Nørregade 14, 2. tv."), lives("Nørregade 14 2 TV"))["address"] == SAME
    assert states(lives("Nørregade 14"), lives("Nørregade 41"))["address"] == SIMILAR


def test_two_numbers_of_one_kind_outweigh_a_shared_name_and_birth():
    one = person(identifiers=[("cpr.DK", b"1")])
    other = person(identifiers=[("cpr.DK", b"2")])
    assert score.compare(person(), person()).points >= THRESHOLD
    assert score.compare(one, other).points < THRESHOLD
    assert states(one, person(identifiers=[("passport.DK", b"2")]))["identifier"] == MISSING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("soerensen", "sorensen"), ("christensen", "kristensen"), ("schmidt", "smit"),
        ("madsen", "matsen"), ("moeller", "moller"), ("jensen", "jenssen"), ("lauritz", "laurits"),
    ],
)  # fmt: skip
def test_names_that_sound_alike_share_their_phonetic_form(one, other):
    assert keys.phonetic(one) == keys.phonetic(other)


def test_names_that_do_not_sound_alike_do_not():
    assert keys.phonetic("hansen") != keys.phonetic("jensen")
    assert keys.phonetic("holm") != keys.phonetic("lund")


@pytest.mark.parametrize(
    "other",
    [
        person("Mette", "Soerensen"),  # another spelling
        person(born_on=date(1984, 3, 21)),  # a slip in the day
        person("Anna", "Holm", None, phones=["+4529110418"]),  # a phone in common
        person("Anna", "Holm", None, emails=["m@example.dk"]),
        person("Marie", "Schou", BORN),  # birth and initials
        person("M", "Lund", None, addresses=[{"line1": "Søgade 2", "postal_code": "8000"}]),
        person("Mette", "Sørensen", None, addresses=[{"line1": "X 1", "postal_code": "8000"}]),
        person("Anna", "Holm", None, identifiers=[("cpr.DK", b"1")]),
    ],
)
def test_a_record_that_errs_in_one_thing_still_meets_its_twin(other):
    whole = person(
        phones=["+4529110418"], emails=["m@example.dk"], identifiers=[("cpr.DK", b"1")],
        addresses=[{"line1": "Søgade 2", "postal_code": "8000"}],
    )  # fmt: skip
    assert keys.keys(whole) & keys.keys(other)


def test_keys_tell_nothing_and_do_not_change():
    assert keys.keys(person()) == keys.keys(person())
    assert all(-(2**63) <= key < 2**63 for _kind, key in keys.keys(person()))


# One against all --------------------------------------------------------------------------------


@pytest.fixture
def mette(db, now):
    return make.customer(
        at=now, given_names="Mette", family_name="Sørensen", born_on=BORN, phones=["29110418"]
    )


@pytest.mark.django_db
def test_a_second_record_is_known_before_it_is_born(mette):
    found = duplicates.possible_duplicates(
        facts=person("Mette", "Sorensen", phones=["+4529110418"])
    )
    assert [one.customer for one in found] == [mette]
    assert found[0].score.points >= THRESHOLD
    assert duplicates.possible_duplicates(facts=person("Bo", "Holm", date(1970, 1, 1))) == []


@pytest.mark.django_db
def test_the_look_up_does_not_grow_with_the_customers(mette, now):
    wanted = person("Mette", "Sorensen", phones=["+4529110418"])
    with CaptureQueriesContext(connection) as few:
        duplicates.possible_duplicates(facts=wanted)
    for number in range(30):
        make.customer(at=now, given_names="Ib", family_name=f"Holm {number}")
    with CaptureQueriesContext(connection) as many:
        duplicates.possible_duplicates(facts=wanted)
    assert len(many) == len(few)


@pytest.mark.django_db
def test_a_changed_customer_is_compared_again(mette, now, ada, deliver_all):
    other = make.customer(at=now, given_names="Metta", family_name="Holm", born_on=BORN)
    deliver_all()
    assert not DuplicatePair.objects.exists()
    services.change_customer(
        customer=other, changes={"family_name": "Sørensen", "phones": ["29110418"]}, actor=ada,
        at=now,
    )  # fmt: skip
    deliver_all()
    pair = DuplicatePair.objects.get()
    assert {pair.first_id, pair.second_id} == {mette.pk, other.pk}
    assert pair.score == sum(one["points"] for one in pair.reasons)


# Pairs ------------------------------------------------------------------------------------------


@pytest.fixture
def pair(mette, now):
    make.customer(
        at=now, given_names="Mette", family_name="Sørensen", born_on=BORN, phones=["29110418"]
    )
    return DuplicatePair.objects.get()


@pytest.mark.django_db
def test_a_dismissed_pair_stays_so_until_a_compared_fact_changes(pair, karen, now):
    system = actors.system_user()
    services.dismiss_pair(pair=pair, actor=karen, at=now, reason="mother and daughter")
    later = now + timedelta(days=1)
    services.compare_customer(customer_id=pair.first_id, actor=system, at=later)
    assert DuplicatePair.objects.get().state == PairState.DISMISSED
    first = Customer.objects.get(pk=pair.first_id)
    services.change_customer(customer=first, changes={"occupation": "Baker"}, actor=karen, at=later)
    services.compare_customer(customer_id=pair.first_id, actor=system, at=later)
    assert DuplicatePair.objects.get().state == PairState.DISMISSED
    services.change_customer(
        customer=first, changes={"emails": ["m@example.dk"]}, actor=karen, at=later
    )
    services.compare_customer(customer_id=pair.first_id, actor=system, at=later)
    assert DuplicatePair.objects.get().state == PairState.REOPENED


@pytest.mark.django_db
def test_a_pair_is_dismissed_once_with_a_reason_by_who_may(pair, karen, ada, now):
    with pytest.raises(PermissionDenied):
        services.dismiss_pair(pair=pair, actor=ada, at=now, reason="no")
    with pytest.raises(TransitionRefused):
        services.dismiss_pair(pair=pair, actor=karen, at=now, reason="")
    done = services.dismiss_pair(pair=pair, actor=karen, at=now, reason="twins")
    assert (done.decided_by, done.decided_at) == (karen, now)
    with pytest.raises(TransitionRefused):
        services.dismiss_pair(pair=pair, actor=karen, at=now, reason="twins")


@pytest.mark.django_db
def test_confirming_without_a_merge_is_refused(pair, karen, now):
    with pytest.raises(TransitionRefused):
        lifecycle.perform(record=pair, name="confirm", actor=karen, at=now)


# All against all --------------------------------------------------------------------------------


@pytest.fixture
def bank(db, now):
    """Twelve persons of whom three stand twice: a spelling, a slip in the day, a middle name."""
    for number in range(9):
        make.customer(
            at=now, given_names=f"Person{number}", family_name=f"Efternavn{number}",
            born_on=date(1950 + number, 1, 1), phones=[f"2911040{number}"],
        )  # fmt: skip
    twins: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"given_names": "Ole", "family_name": "Møller"}, {"given_names": "Ole", "family_name": "Moeller"}),
        ({"given_names": "Ib", "family_name": "Holm"}, {"given_names": "Ib", "family_name": "Holm", "born_on": date(1984, 3, 21)}),
        ({"given_names": "Anne", "family_name": "Lund"}, {"given_names": "Anne Marie", "family_name": "Lund"}),
    ]  # fmt: skip
    pairs = set()
    for number, (one, other) in enumerate(twins):
        shared: dict[str, Any] = {"born_on": BORN, "phones": [f"2922040{number}"], "at": now}
        first, second = make.customer(**{**shared, **one}), make.customer(**{**shared, **other})
        pairs.add(tuple(sorted((first.pk, second.pk))))
    forget()
    return pairs


def forget():
    """As after an import: nobody has been compared yet."""
    DuplicatePair.objects.all().delete()
    MatchKey.objects.all().delete()


def found_pairs():
    return set(DuplicatePair.objects.values_list("first_id", "second_id"))


@pytest.mark.django_db
def test_the_search_finds_the_twins_and_a_second_run_changes_nothing(bank, karen, now):
    job = jobs.run(job=services.start_search(actor=karen, at=now), at=now)
    assert (job.state, found_pairs()) == ("DONE", bank)
    assert job.outcome["found"] == 3
    versions = sorted(DuplicatePair.objects.values_list("pk", "version"))
    again = jobs.run(job=services.start_search(actor=karen, at=now), at=now)
    assert again.outcome["found"] == 0
    assert sorted(DuplicatePair.objects.values_list("pk", "version")) == versions


@pytest.mark.django_db
def test_every_week_all_are_compared_and_never_twice_at_once(bank, now, system):
    job = services.start_weekly_search(at=now)
    assert job is not None
    assert job.created_by == system
    assert services.start_weekly_search(at=now) is None
    jobs.run(job=job, at=now)
    assert found_pairs() == bank
    assert services.start_weekly_search(at=now) is not None


@pytest.mark.django_db
def test_killed_between_steps_it_goes_on_and_finds_the_same(bank, karen, now, monkeypatch):
    monkeypatch.setattr(search, "KEYED", 4)
    monkeypatch.setattr(search, "BLOCKS", 2)
    job = services.start_search(actor=karen, at=now)
    steps = 0
    while jobs.run_step(job_id=job.pk, at=now):
        # Whatever a worker knew is lost with it: all that counts is in the row.
        job = type(job).objects.get(pk=job.pk)
        steps += 1
    assert steps > 5
    assert found_pairs() == bank


@pytest.mark.django_db
def test_a_block_over_the_limit_is_never_compared_by_its_square(karen, now, monkeypatch):
    monkeypatch.setattr(search, "MAX_BLOCK", 5)
    monkeypatch.setattr(search, "WINDOW", 3)
    for number in range(40):
        make.customer(
            at=now, given_names=f"Navn{number}", family_name=f"Familie{number}",
            born_on=date(1950, 1, 1) + timedelta(days=400 * number), emails=["info@example.dk"],
        )  # fmt: skip
    twin = {"given_names": "Ole", "family_name": "Møller", "born_on": BORN, "at": now}
    one, other = (
        make.customer(**twin, emails=["info@example.dk"]),
        make.customer(**twin, emails=["info@example.dk"]),
    )
    forget()
    job = jobs.run(job=services.start_search(actor=karen, at=now), at=now)
    assert found_pairs() == {tuple(sorted((one.pk, other.pk)))}
    assert job.outcome["compared"] < 42 * 3 + 10 < 42 * 41 // 2


@pytest.mark.django_db
def test_keys_follow_the_facts(mette, ada, now):
    before = set(MatchKey.objects.filter(customer=mette).values_list("kind", "key"))
    services.change_customer(customer=mette, changes={"phones": ["29110419"]}, actor=ada, at=now)
    match_keys.refresh(customer_ids=[mette.pk])
    after = set(MatchKey.objects.filter(customer=mette).values_list("kind", "key"))
    assert len(before ^ after) == 2


@pytest.mark.django_db
def test_who_may_not_search_does_not(ada, now):
    with pytest.raises(PermissionDenied):
        services.start_search(actor=ada, at=now)
