"""Which value becomes the customer's: the pure choice, sources from imports, a person's decision."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clm.core import lifecycle
from clm.core.lifecycle import RulesState, TransitionRefused
from clm.core.models import Event, Task
from customers import services
from customers.models import Customer, SourceRecord, SurvivorshipRules
from customers.selectors import golden
from customers.services.golden import ask_about, settle
from customers.single_view.payloads import add, pack, unpack
from customers.single_view.survivorship import (
    MANUAL,
    POLICIES,
    SHIPPED_POLICIES,
    Candidate,
    Rules,
    choose,
    same,
)
from tests.factories import customers as make

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def said(system: str, value, day: int = 0) -> Candidate:
    return Candidate(system, value, DAY + timedelta(days=day))


def rules(policy: str = "trusted", **ranks: int) -> Rules:
    own = {system.replace("_", "-"): {"*": rank} for system, rank in ranks.items()}
    return Rules(policies={"occupation": policy}, ranks=own)


def chosen(candidates, given, current=None):
    return choose(field="occupation", candidates=candidates, rules=given, current=current)


# The choice, pure -------------------------------------------------------------------------------


def test_the_most_trusted_source_wins_and_names_its_rivals():
    choice = chosen([said("crm", "Nurse", 9), said("core", "Doctor")], rules(core=1, crm=2))
    assert (choice.value, choice.winner.system, choice.rank) == ("Doctor", "core", 1)
    assert [one.value for one in choice.rivals] == ["Nurse"]
    assert not choice.conflict


def test_the_most_recent_and_the_most_complete_win_under_their_policies():
    given = [said("crm", "Nurse", 9), said("core", "Doctor of medicine")]
    assert chosen(given, rules("recent", core=1)).value == "Nurse"
    assert chosen(given, rules("longest", crm=1)).value == "Doctor of medicine"


def test_a_field_may_have_a_rank_of_its_own():
    given = Rules(policies={}, ranks={"core": {"*": 1, "occupation": 5}, "crm": {"*": 2}})
    assert chosen([said("core", "A"), said("crm", "B")], given).value == "B"


def test_equally_trusted_sources_that_differ_choose_nothing():
    given = [said("crm", "Nurse", 9), said("core", "Doctor")]
    choice = chosen(given, rules(core=1, crm=1), current="Doctor")
    assert choice.conflict
    assert choice.value == "Doctor"
    assert {one.value for one in choice.contested} == {"Nurse", "Doctor"}


def test_equally_trusted_sources_that_agree_are_no_conflict():
    choice = chosen([said("crm", "nurse "), said("core", "Nurse", 1)], rules(core=1, crm=1))
    assert (choice.conflict, choice.value, len(choice.agreeing)) == (False, "Nurse", 1)


def test_a_persons_word_stands_until_a_source_says_something_new():
    older = [said("core", "Doctor"), said(MANUAL, "Nurse", 5)]
    assert chosen(older, rules(core=1)).value == "Nurse"
    assert chosen([*older, said("crm", "Baker", 6)], rules(core=1)).value == "Doctor"
    assert chosen([*older, said("core", "Baker", 6)], rules("manual", core=1)).value == "Nurse"


def test_nothing_given_is_nothing_chosen():
    assert chosen([said("core", ""), said("crm", None)], rules()) is None


values = st.sampled_from(["Nurse", "nurse", "Doctor", "", "Head nurse"])
candidates = st.lists(
    st.builds(said, st.sampled_from(["core", "crm", "web", MANUAL]), values, st.integers(0, 4)),
    max_size=6,
)


@given(candidates, st.sampled_from(POLICIES), st.permutations(range(6)))
def test_the_choice_is_one_of_the_values_whatever_their_order(given, policy, order):
    ranked = rules(policy, core=1, crm=1, web=2)
    choice = chosen(given, ranked)
    shuffled = chosen([given[at] for at in order if at < len(given)], ranked)
    filled = [one for one in given if one.value]
    assert (choice is None) == (not filled)
    if choice is None:
        return
    assert choice.winner in filled
    assert all(not same(one.value, choice.value) for one in choice.rivals)
    assert len(choice.rivals) + len(choice.agreeing) == len(filled) - 1
    assert choice.conflict == shuffled.conflict
    if not choice.conflict:
        assert same(choice.value, shuffled.value)


# What a source record keeps ---------------------------------------------------------------------


def test_a_value_that_does_not_change_keeps_its_day_and_numbers_are_masked():
    token = pack(values={"occupation": "Nurse", "cpr": "120384-1234"}, at=DAY)
    assert "Nurse" not in token
    later = pack(
        values={"occupation": "Nurse", "cpr": "120384-1234", "language": "da"},
        at=DAY + timedelta(days=1),
        before=token,
    )
    kept = unpack(later)
    assert kept["occupation"].since == DAY
    assert kept["language"].since == DAY + timedelta(days=1)
    assert kept["cpr"].value == "120384-••••"
    again = unpack(add(token=later, values={"occupation": "Nurse"}, at=DAY + timedelta(days=2)))
    assert again["occupation"].since == DAY + timedelta(days=2)


# On the record ----------------------------------------------------------------------------------


@pytest.fixture
def told(db):
    def run(customer, system, at, **values):
        return SourceRecord.objects.create(
            customer=customer, system=system, external_id=f"{system}-{customer.pk}",
            digest=b"x", ciphertext=pack(values=values, at=at), seen_at=at,
        )  # fmt: skip

    return run


def test_conflicting_sources_open_one_task_which_a_person_decides(told, ada, aarhus, now):
    mette = make.customer(at=now, occupation="Nurse", adviser=ada, branch=aarhus)
    told(mette, "core", now, birth_place="Aarhus", occupation="Nurse")
    told(mette, "crm", now, birth_place="Odense", occupation="Nurse")
    for _again in range(2):
        settle(customer=mette, actor=ada, at=now)
    task = Task.objects.get(record_id=mette.pk)
    assert (task.assignee, task.done_at) == (ada, None)
    assert task.url.endswith("/values/birth_place/")
    assert Customer.objects.get(pk=mette.pk).birth_place == ""
    at = now + timedelta(hours=1)
    services.decide_value(
        customer=mette, field="birth_place", value="Odense", actor=ada, at=at, reason="passport"
    )
    assert Customer.objects.get(pk=mette.pk).birth_place == "Odense"
    task.refresh_from_db()
    assert task.done_at == at
    event = Event.objects.get(record_id=mette.pk, action="value_decided")
    assert (event.payload["field"], event.detail["reason"]) == ("birth_place", "passport")
    assert golden.provenance(customer=mette)["birth_place"].winner.system == MANUAL
    assert settle(customer=mette, actor=ada, at=at) == []


def test_a_value_that_no_source_gives_cannot_be_decided(told, ada, now):
    mette = make.customer(at=now)
    told(mette, "core", now, birth_place="Aarhus")
    with pytest.raises(ValidationError):
        services.decide_value(
            customer=mette, field="birth_place", value="Rom", actor=ada, at=now, reason="why"
        )
    with pytest.raises(ValidationError):
        services.decide_value(
            customer=mette, field="birth_place", value="Aarhus", actor=ada, at=now, reason=" "
        )


def test_a_correction_by_hand_is_a_source_of_its_own(told, ada, now):
    mette = make.customer(at=now, occupation="Nurse")
    told(mette, "core", now, occupation="Nurse")
    at = now + timedelta(days=1)
    services.change_customer(customer=mette, changes={"occupation": "Doctor"}, actor=ada, at=at)
    choice = golden.provenance(customer=Customer.objects.get(pk=mette.pk))["occupation"]
    assert (choice.value, choice.winner.system, choice.winner.since) == ("Doctor", MANUAL, at)
    assert [one.system for one in choice.rivals] == ["core"]


def test_a_conflict_that_ends_closes_its_task(told, ada, now):
    mette = make.customer(at=now)
    told(mette, "core", now, birth_place="Aarhus")
    crm = told(mette, "crm", now, birth_place="Odense")
    settle(customer=mette, actor=ada, at=now)
    crm.delete()
    found = golden.provenance(customer=mette)
    ask_about(customer=mette, found=found, actor=ada, at=now)
    assert Task.objects.get(record_id=mette.pk).done_at == now


# Versions of the rules --------------------------------------------------------------------------


@pytest.fixture
def draft(make_user, now):
    line = make_user("gitte", "manager")

    def run(**ranks: dict[str, int]) -> SurvivorshipRules:
        return services.draft_rules(
            policies=SHIPPED_POLICIES, ranks={MANUAL: {"*": 1}, **ranks}, note="core first",
            actor=line, at=now,
        )  # fmt: skip

    return run, line


def test_rules_count_once_a_second_person_has_put_them_in_force(
    draft, karen, told, now, deliver_all
):
    mette = make.customer(at=now, birth_place="Odense")
    told(mette, "core", now, birth_place="Aarhus")
    told(mette, "crm", now, birth_place="Odense")
    assert golden.rules_in_force().number == 0
    write, maker = draft
    made = write(core={"*": 1}, crm={"*": 2})
    made = lifecycle.perform(record=made, name="propose", actor=maker, at=now)
    assert golden.rules_in_force().number == 0
    lifecycle.perform(record=made, name="approve", actor=karen, at=now)
    assert golden.rules_in_force().number == 1
    deliver_all()
    from clm.core import jobs
    from clm.core.models import Job

    jobs.run(job=Job.objects.get(kind="customers.settle_values"), at=now)
    assert Customer.objects.get(pk=mette.pk).birth_place == "Aarhus"
    newer = write(core={"*": 2}, crm={"*": 1})
    newer = lifecycle.perform(record=newer, name="propose", actor=maker, at=now)
    lifecycle.perform(record=newer, name="approve", actor=karen, at=now)
    deliver_all()
    states = dict(SurvivorshipRules.objects.values_list("number", "state"))
    assert states == {1: RulesState.RETIRED, 2: RulesState.IN_FORCE}


def test_the_maker_cannot_put_rules_in_force(make_user, now):
    both = make_user("both", "manager", "compliance_officer")
    made = services.draft_rules(
        policies=SHIPPED_POLICIES, ranks={MANUAL: {"*": 1}}, note="mine", actor=both, at=now
    )
    made = lifecycle.perform(record=made, name="propose", actor=both, at=now)
    with pytest.raises(TransitionRefused):
        lifecycle.perform(record=made, name="approve", actor=both, at=now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"policies": {"shoe_size": "trusted"}},
        {"policies": {"occupation": "loudest"}},
        {"ranks": {"core": {"*": 0}, MANUAL: {"*": 1}}},
        {"ranks": {"core": {"*": 1}}},
        {"note": " "},
    ],
)
def test_rules_that_make_no_sense_are_refused(make_user, now, wrong):
    good = {"policies": SHIPPED_POLICIES, "ranks": {MANUAL: {"*": 1}}, "note": "why"}
    with pytest.raises(ValidationError):
        services.draft_rules(**{**good, **wrong}, actor=make_user("gitte", "manager"), at=now)
