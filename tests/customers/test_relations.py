"""Relations: written on both customers' chains, read within reach, computed by the law of the day."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from clm.core import lifecycle, records
from clm.core.models import Event, Task
from customers import services
from customers.models import Customer, Relation
from customers.selectors import above, law_on, owners_under, relations_of
from tests.factories import customers as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)


@pytest.fixture
def company(ada, aarhus, now):
    return make.customer(kind="organisation", adviser=ada, branch=aarhus, at=now)


@pytest.fixture
def ann(ada, aarhus, now):
    return make.customer(family_name="Friis", adviser=ada, branch=aarhus, at=now)


@pytest.fixture
def far(bo, odense, now):
    """A person outside Ada's reach."""
    return make.customer(family_name="Fjern", adviser=bo, branch=odense, at=now)


@pytest.fixture
def add(system, now):
    def added(customer, other, share=None, kind="ownership", **fields):
        return services.add_relation(
            **{"kind": kind, "customer": customer, "other": other, "share": share,
               "valid_from": DAY, "actor": system, "at": now, **fields}
        )  # fmt: skip

    return added


def owners(company, on=DAY):
    found = above(customer=company, on=on)
    return owners_under(found=found, law=law_on(country="DK", on=on))


# Writing ---------------------------------------------------------------------------------------


def test_a_relation_is_told_on_both_chains(company, ann, ada, now):
    versions = ann.version, company.version
    made = services.add_relation(
        kind="ownership", customer=ann, other=company, share=Decimal(60), actor=ada, at=now
    )
    for end, version in zip((ann, company), versions, strict=True):
        event = Event.objects.filter(record_id=end.pk).latest("sequence")
        assert (event.action, event.payload["fields"]) == ("change", ["relations"])
        assert event.payload["relation_id"] == str(made.pk)
        assert Customer.objects.get(pk=end.pk).version == version + 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"share": Decimal("100.1")}, "__all__"),
        ({"share": Decimal(-1)}, "__all__"),
        ({"share": Decimal("1.1234567")}, "share"),
        ({}, "__all__"),
        ({"kind": "director", "share": Decimal(1)}, "__all__"),
        ({"kind": "spouse"}, "other"),
        ({"kind": "friend"}, "kind"),
        ({"share": Decimal(1), "valid_to": DAY - timedelta(days=1)}, "__all__"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(add, company, ann, fields, field):
    with pytest.raises(ValidationError) as refused:
        add(ann, company, **fields)
    assert field in refused.value.message_dict
    assert not Relation.objects.exists()


def test_nobody_is_related_to_themselves(add, company):
    with pytest.raises(ValidationError, match="related to themselves"):
        add(company, company, Decimal(1))
    with pytest.raises(IntegrityError, match="relation_of_two"), transaction.atomic():
        Relation.objects.create(
            kind="ownership", customer=company, other=company, share=1, valid_from=DAY,
            recorded_at="2026-01-01T00:00Z",
        )  # fmt: skip


def test_a_person_has_no_owner(add, company, ann):
    with pytest.raises(ValidationError, match="Only an organisation"):
        add(company, ann, Decimal(1))


def test_spouses_are_spouses_once(add, ann, far):
    add(ann, far, kind="spouse")
    for ends in ((ann, far), (far, ann)):
        with pytest.raises(ValidationError, match="recorded already"):
            add(*ends, kind="spouse")


def test_more_than_the_whole_is_recorded_with_a_task_that_ends_with_it(
    add, company, ann, far, system, now
):
    add(ann, company, Decimal(80))
    assert not Task.objects.exists()
    wrong = add(far, company, Decimal(50))
    task = Task.objects.get()
    assert task.assignee == company.adviser
    assert "130 %" in task.title
    add(make.customer(at=now), company, Decimal(1))
    assert Task.objects.count() == 1
    services.end_relation(relation=wrong, on=now.date(), actor=system, at=now)
    task.refresh_from_db()
    assert task.done_at == now


def test_a_share_changes_hands_on_a_day_and_is_never_counted_twice(
    add, company, ann, far, system, now
):
    held = add(ann, company, Decimal(100), valid_from=date(2020, 1, 1))
    later = services.change_relation(
        relation=held, share=Decimal(40), votes=None, on=DAY, actor=system, at=now
    )
    add(far, company, Decimal(60))
    assert later.pk != held.pk
    assert [one.key for one in owners(company, DAY - timedelta(days=1)).owners] == [ann.pk]
    assert {one.key for one in owners(company).owners} == {ann.pk, far.pk}
    assert owners(company).problems == ()


def test_put_right_from_its_first_day_it_stays_one_row(add, company, ann, system, now):
    held = add(ann, company, Decimal(10))
    services.change_relation(
        relation=held, share=Decimal(30), votes=Decimal(20), on=DAY, actor=system, at=now
    )
    row = Relation.objects.get()
    assert (row.share, row.votes) == (Decimal(30), Decimal(20))


def test_without_a_difference_nothing_is_written(add, company, ann, system, now):
    held = add(ann, company, Decimal(10))
    events = Event.objects.count()
    services.change_relation(
        relation=held, share=Decimal(10), votes=None, on=DAY, actor=system, at=now
    )
    services.end_relation(relation=held, on=DAY, actor=system, at=now)
    services.end_relation(relation=held, on=DAY, actor=system, at=now)
    assert Event.objects.count() == events + 2


@pytest.mark.parametrize("call", ["end", "change"])
def test_nothing_changes_before_it_begins(add, company, ann, system, now, call):
    held = add(ann, company, Decimal(10))
    before = {"relation": held, "on": DAY - timedelta(days=1), "actor": system, "at": now}
    write = services.end_relation if call == "end" else services.change_relation
    if call == "change":
        before |= {"share": Decimal(5), "votes": None}
    with pytest.raises(ValidationError, match="before it begins"):
        write(**before)


def test_without_the_permission_nothing_is_written(company, ann, max_, now):
    with pytest.raises(PermissionDenied):
        services.add_relation(
            kind="ownership", customer=ann, other=company, share=Decimal(1), actor=max_, at=now
        )


# Reading ---------------------------------------------------------------------------------------


def test_the_structure_is_read_however_deep_and_round(add, ann, now, django_assert_max_num_queries):
    firms = [make.customer(kind="organisation", at=now) for _ in range(6)]
    for lower, upper in pairwise(firms):
        add(upper, lower, Decimal(50))
    add(firms[0], firms[-1], Decimal(20))
    add(ann, firms[-1], Decimal(80))
    add(ann, firms[0], Decimal(50))
    with django_assert_max_num_queries(4):
        found = above(customer=firms[0], on=DAY)
    outcome = owners_under(found=found, law=law_on(country="DK", on=DAY))
    assert len(outcome.loops[0]) == 6
    assert [one.key for one in outcome.owners] == [ann.pk]


def test_a_nominee_and_a_director(add, company, ann, far):
    add(far, company, Decimal(60))
    add(far, ann, kind="nominee")
    assert [one.key for one in owners(company).owners] == [ann.pk]


def test_without_owners_the_directors_stand_in(add, company, ann, now):
    add(ann, company, kind="director")
    add(make.customer(kind="organisation", at=now), company, kind="director")
    outcome = owners(company)
    assert (outcome.basis, outcome.managers) == ("management", (ann.pk,))


def test_an_erased_person_leaves_a_stake_and_no_family(
    add, company, ann, far, karen, mads, system, now
):
    add(ann, company, Decimal(60))
    add(ann, far, kind="spouse")
    gone = records.change(
        record=make.walk(Customer.objects.get(pk=ann.pk), "WITHDRAWN", at=now),
        changes={"retention_until": now.date() - timedelta(days=1)},
        actor=system,
        at=now,
    )
    services.ask_erasure(customer=gone, actor=karen, at=now, reason="retention is over")
    gone = lifecycle.perform(record=gone, name="erase", actor=mads, at=now, reason="agreed")
    event = Event.objects.filter(record_id=gone.pk, action="erase").get()
    services.wipe_personal_data(event=event, at=now)
    assert [one.kind for one in relations_of(customer=gone)] == ["ownership"]


# Over the API ----------------------------------------------------------------------------------


def api(customer, tail="relations/"):
    return f"/api/v1/customers/{customer.pk}/{tail}"


def test_relations_over_the_api(client_for, ada, company, ann):
    client = client_for(ada)
    body = {"kind": "ownership", "other": str(ann.pk), "reverse": True, "share": "33.333333"}
    made = client.post(api(company), body, content_type="application/json")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["customer"]["name"], told["other"]["id"]) == (str(ann), str(company.pk))
    assert client.get(api(ann)).json()["results"][0]["id"] == told["id"]
    changed = client.post(
        api(company, f"relations/{told['id']}/shares/"),
        {"on": told["valid_from"], "share": "40"},
        content_type="application/json",
    )
    assert changed.json()["share"] == "40.000000"
    ended = client.post(
        api(company, f"relations/{told['id']}/end/"),
        {"on": told["valid_from"]},
        content_type="application/json",
    )
    assert ended.json()["valid_to"] == told["valid_from"]
    assert client.get(api(company) + f"?on={told['valid_from']}").json()["results"] == []


def test_a_party_out_of_reach_has_no_name(client_for, ada, add, company, far):
    made = add(far, company, Decimal(60))
    client = client_for(ada)
    answer = client.get(api(company, "beneficial-owners/?on=2026-03-05"))
    found = answer.json()
    assert found["owners"][0]["party"] == {"id": None, "kind": "person", "name": None}
    assert found["owners"][0]["capital"] == {"percent": "60.000000", "fraction": "3/5"}
    listed = client.get(api(company)).json()["results"][0]
    assert listed["id"] == str(made.pk)
    for content in (answer.content, client.get(api(company)).content):
        assert b"Fjern" not in content
        assert str(far.pk).encode() not in content
    body = {"kind": "ownership", "other": str(far.pk), "reverse": True, "share": "1"}
    refused = client.post(api(company), body, content_type="application/json")
    assert refused.status_code == 400


def test_beneficial_owners_by_the_law_in_force_and_to_come(client_for, ada, add, company, ann, now):
    add(ann, company, Decimal(25))
    client = client_for(ada)
    now_in_force = client.get(api(company, "beneficial-owners/?on=2026-03-05")).json()
    assert now_in_force["law"]["code"] == "dk-hvidvask"
    assert (now_in_force["basis"], now_in_force["owners"]) == ("none", [])
    for query in ("on=2026-03-05&law=eu-2024-1624", "on=2027-07-10"):
        coming = client.get(api(company, f"beneficial-owners/?{query}")).json()
        assert coming["law"]["operator"] == "ge"
        assert [one["party"]["id"] for one in coming["owners"]] == [str(ann.pk)]
        assert coming["not_recorded"][0]["share"]["percent"] == "75.000000"


@pytest.mark.parametrize("query", ["on=yesterday", "on=2026-02-30", "law=no-such", "off=1"])
def test_odd_questions_are_refused(client_for, ada, company, query):
    answer = client_for(ada).get(api(company, f"beneficial-owners/?{query}"))
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_a_person_has_no_beneficial_owners(client_for, ada, ann):
    answer = client_for(ada).get(api(ann, "beneficial-owners/"))
    assert (answer.status_code, answer.json()["type"].endswith("organisation")) == (400, True)


# On the page -----------------------------------------------------------------------------------


def tab(customer, **query):
    more = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{reverse('customers:customer', args=[customer.pk])}?tab=relations{more}"


def test_the_tab_draws_and_counts(client_for, ada, add, company, ann, far, now):
    holding = make.customer(
        kind="organisation", name="Nord Holding A/S", adviser=ada, branch=company.branch, at=now
    )
    add(ann, holding, Decimal(60))
    add(far, holding, Decimal(40))
    add(holding, company, Decimal(50))
    add(company, holding, Decimal("0.5"), valid_from=DAY + timedelta(days=400))
    text = client_for(ada).get(tab(company, on=DAY.isoformat())).content.decode()
    for words in ("60 % × 50 % = 30 %", "Nord Holding A/S", "<svg", "Outside your reach, 1",
                  "Beneficial owner", f'href="{reverse("customers:customer", args=[ann.pk])}'):  # fmt: skip
        assert words in text, words
    assert "Fjern" not in text
    assert str(far.pk) not in text


def test_the_tab_says_who_becomes_one(client_for, ada, add, company, ann):
    add(ann, company, Decimal(25))
    text = client_for(ada).get(tab(company, on=DAY.isoformat())).content.decode()
    assert f"Becomes a beneficial owner on 10 July 2027: {ann}" in " ".join(text.split())
    after = client_for(ada).get(tab(company, on=DAY.isoformat(), law="eu-2024-1624"))
    assert "Share of capital" in after.content.decode()


def test_the_tab_warns_of_what_cannot_be(client_for, ada, add, company, ann, far):
    add(ann, company, Decimal(80))
    add(far, company, Decimal(50))
    text = client_for(ada).get(tab(company, on=DAY.isoformat())).content.decode()
    assert "add up to 130 %" in text


def test_a_person_has_a_table_and_no_graph(client_for, ada, add, company, ann):
    add(ann, company, kind="director")
    text = client_for(ada).get(tab(ann, on="nonsense")).content.decode()
    assert "Director of" in text
    assert "Who owns it" not in text


def test_a_relation_is_added_and_ended_on_the_page(client_for, ada, company, ann):
    client = client_for(ada)
    address = reverse("customers:add_relation", args=[company.pk])
    form = {"kind": "ownership", "other": str(ann), "share": "33,3 %", "source": "register"}
    assert client.post(address, form)["Location"].endswith("?tab=relations")
    made = Relation.objects.get()
    assert (made.customer, made.other, made.share) == (ann, company, Decimal("33.3"))
    client.post(reverse("customers:end_relation", args=[company.pk, made.pk]), {"on": "nonsense"})
    made.refresh_from_db()
    assert made.valid_to is not None


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "ownership", "other": "Nobody", "share": "1"}, "No customer within your reach"),
        ({"kind": "ownership", "other": "Mette", "share": "1"}, "Several customers"),
        ({"kind": "ownership", "other": "Friis", "share": "some"}, "is no percentage"),
        ({"kind": "ownership", "other": "Friis"}, "An owner has a share"),
        ({"kind": "x", "other": "Friis"}, "not a valid choice"),
        ({"kind": "ownership", "other": "Fjern", "share": "1"}, "No customer within your reach"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_is_refused_in_words(
    client_for, ada, company, ann, far, aarhus, now, form, words
):
    make.customer(adviser=ada, branch=aarhus, at=now)
    make.customer(adviser=ada, branch=aarhus, at=now)
    address = reverse("customers:add_relation", args=[company.pk])
    answer = client_for(ada).post(address, form, follow=True)
    assert words in answer.content.decode()
    assert not Relation.objects.exists()
