"""Duplicates, merges and sources on pages and over the API."""

import re
from datetime import date

import pytest
from django.urls import reverse

from clm.core.models import Job, Task
from customers.models import Customer, CustomerMerge, DuplicatePair, SourceRecord, SurvivorshipRules
from customers.services.golden import settle
from customers.single_view.lifecycle import PairState
from customers.single_view.payloads import pack
from tests.core_api.conftest import Api
from tests.factories import customers as make

pytestmark = pytest.mark.django_db
BORN = "1984-03-12"


@pytest.fixture
def pair(ada, aarhus, now):
    shared = {"at": now, "branch": aarhus, "adviser": ada, "phones": ["29110418"],
              "given_names": "Mette", "born_on": date(1984, 3, 12)}  # fmt: skip
    make.customer(**shared, family_name="Sørensen", stage="ACTIVE", occupation="Nurse",
                  birth_place="Aarhus")  # fmt: skip
    make.customer(**shared, family_name="Sorensen", occupation="Doctor")
    return DuplicatePair.objects.get()


def page(client, name, *args):
    answer = client.get(reverse(f"customers:{name}", args=args))
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


# Pages ------------------------------------------------------------------------------------------


def test_the_queue_shows_a_pair_with_its_marks(client_for, ola, pair):
    text = page(client_for(ola), "duplicates")
    assert reverse("customers:duplicate", args=[pair.pk]) in text
    assert "is-same" in text
    assert "Similar" in text


def test_the_review_marks_differences_by_icon_and_word(client_for, ola, pair):
    text = page(client_for(ola), "duplicate", pair.pk)
    for mark in ("cmp-same", "cmp-similar", "cmp-different", "cmp-missing"):
        assert mark in text
    for word in ("Same", "Similar", "Different", "Missing"):
        assert re.search(rf"</svg>\s*{word}", text), word
    assert "<mark>" in text


def test_a_merge_decided_on_the_page_and_undone_on_its_own(client_for, ola, pair):
    client = client_for(ola)
    answer = client.post(
        reverse("customers:decide_duplicate", args=[pair.pk]),
        {"decision": "left", "comment": "seen at the counter", "version": pair.version},
    )
    assert answer.url == reverse("customers:duplicates")
    merge = CustomerMerge.objects.get()
    assert merge.survivor.stage == "ACTIVE"
    pointed = client.get(reverse("customers:customer", args=[merge.absorbed_id]))
    assert pointed.url == reverse("customers:customer", args=[merge.survivor_id])
    text = page(client, "merge", merge.pk)
    assert "seen at the counter" in text
    assert "merged into this one" in page(client, "customer", merge.survivor_id)
    client.post(reverse("customers:undo_merge", args=[merge.pk]), {"reason": "two people"})
    merge.refresh_from_db()
    assert merge.undone_at
    assert "Undone" in page(client, "merge", merge.pk)
    assert client.get(reverse("customers:customer", args=[merge.absorbed_id])).status_code == 200
    assert "The merge was undone" in page(client, "duplicate", pair.pk)


def test_two_customers_is_a_decision_as_well(client_for, ola, pair):
    client_for(ola).post(
        reverse("customers:decide_duplicate", args=[pair.pk]),
        {"decision": "two", "comment": "cousins", "version": pair.version},
    )
    assert DuplicatePair.objects.get().state == PairState.DISMISSED


@pytest.mark.parametrize(
    "body",
    [{"decision": "two", "comment": ""}, {"decision": "both", "comment": "x y z"},
     {"decision": "left", "comment": "seen", "version": "99"}],
)  # fmt: skip
def test_a_decision_that_cannot_be_taken_changes_nothing(client_for, ola, pair, body):
    answer = client_for(ola).post(reverse("customers:decide_duplicate", args=[pair.pk]), body)
    assert answer.url == reverse("customers:duplicate", args=[pair.pk])
    assert DuplicatePair.objects.get().state == PairState.OPEN


def test_an_adviser_of_another_branch_does_not_know_the_pair(client_for, bo, pair):
    client = client_for(bo)
    assert client.get(reverse("customers:duplicate", args=[pair.pk])).status_code == 404
    assert str(pair.pk) not in page(client, "duplicates")


def test_each_value_tells_its_source_date_and_rivals(client_for, ada, aarhus, now):
    mette = make.customer(at=now, adviser=ada, branch=aarhus, source="core", birth_place="Aarhus")
    for system, place in (("core", "Aarhus"), ("crm", "Odense")):
        SourceRecord.objects.create(
            customer=mette, system=system, external_id=system, digest=b"", seen_at=now,
            ciphertext=pack(values={"birth_place": place, "occupation": place}, at=now),
        )  # fmt: skip
    settle(customer=mette, actor=ada, at=now)
    client = client_for(ada)
    text = page(client, "customer", mette.pk)
    assert '<details class="origin">' in text
    address = reverse("customers:value", args=[mette.pk, "birth_place"])
    text = page(client, "value", mette.pk, "birth_place")
    assert "Odense" in text
    client.post(address, {"decision": "1", "comment": "the passport says so"})
    assert Customer.objects.get(pk=mette.pk).birth_place == "Odense"
    assert not Task.objects.filter(url=address, done_at=None).exists()
    assert "Decided between sources" in page(client, "customer", mette.pk)


def test_rules_are_drafted_on_their_page(client_for, make_user):
    client = client_for(make_user("gitte", "manager"))
    page(client, "survivorship")
    from customers.web.survivorship import RulesForm

    form = RulesForm()
    body = {name: form.fields[name].initial for name in form.fields if name != "note"}
    answer = client.post(
        reverse("customers:survivorship"), {**body, "policy_occupation": "longest", "note": "why"}
    )
    assert answer.status_code == 302
    assert SurvivorshipRules.objects.get().policies["occupation"] == "longest"


def test_who_may_search_starts_the_job(client_for, ola):
    client_for(ola).post(reverse("customers:search_duplicates"))
    assert Job.objects.get().kind == "customers.find_duplicates"


# API --------------------------------------------------------------------------------------------


@pytest.fixture
def as_(client_for):
    return lambda user: Api(client_for(user))


def test_a_merged_record_answers_with_the_one_it_became(as_, ola, pair):
    api = as_(ola)
    made = api.post(
        f"customers/duplicates/{pair.pk}/merge/",
        {"survivor": str(pair.first_id), "reason": "one person"},
    )
    assert made.status_code == 201, made.content
    answer = api.get(f"customers/{pair.second_id}/")
    assert answer.status_code == 410
    body = answer.json()
    assert body["type"].endswith("merged")
    assert body["errors"][0]["detail"] == str(pair.first_id)
    assert answer.headers["Location"].endswith(f"/customers/{pair.first_id}/")
    listed = [one["id"] for one in api.get("customers/").json()["results"]]
    assert str(pair.second_id) not in listed
    undone = api.post(f"customers/merges/{made.json()['id']}/undo/", {"reason": "two people"})
    assert undone.status_code == 200, undone.content
    assert api.get(f"customers/{pair.second_id}/").status_code == 200


def test_a_merged_record_beyond_reach_does_not_exist(as_, ola, bo, pair):
    as_(ola).post(
        f"customers/duplicates/{pair.pk}/merge/",
        {"survivor": str(pair.first_id), "reason": "one person"},
    )
    assert as_(bo).get(f"customers/{pair.second_id}/").status_code == 404


def test_possible_duplicates_are_asked_for_before_a_record_is_born(as_, ada, bo, pair):
    body = {"kind": "person", "given_names": "Mette", "family_name": "Sørensen", "born_on": BORN,
            "phones": ["+4529110418"]}  # fmt: skip
    found = as_(ada).post("customers/duplicates/possible/", body).json()["results"]
    assert {one["customer"] for one in found} == {str(pair.first_id), str(pair.second_id)}
    assert all(one["score"] == sum(r["points"] for r in one["reasons"]) for one in found)
    assert as_(bo).post("customers/duplicates/possible/", body).json()["results"] == []


def test_pairs_are_listed_filtered_and_dismissed(as_, ola, pair):
    api = as_(ola)
    assert [one["id"] for one in api.get("customers/duplicates/?state=OPEN").json()["results"]] == [
        str(pair.pk)
    ]
    answer = api.post(f"customers/duplicates/{pair.pk}/transitions/dismiss/", {"reason": "cousins"})
    assert answer.status_code in {200, 428}, answer.content
    assert api.get("customers/duplicates/?state=DISMISSED").status_code == 200
