import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from clm.core.models import AccessLog
from customers import services
from customers.models import Customer, ImportBatch
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


def page(customer, **query) -> str:
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse('customers:customer', args=[customer.pk])}?{tail}"


def test_the_record_shows_who_where_and_what_next(client_for, ada, mette):
    answer = client_for(ada).get(page(mette))
    assert answer.status_code == 200
    text = answer.content.decode()
    for word in ("Mette Sørensen", "120384-••••", "68 %", "Stage changed from Active to At risk",
                 "mette@example.dk", "No marketing calls", "Reveal", "Salary moved away", "No fee"):  # fmt: skip
        assert word in text, word
    assert "1203841234" not in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert AccessLog.objects.filter(actor=ada, record_ids__contains=[str(mette.pk)]).exists()


@pytest.mark.parametrize("tab", ["holdings", "consents"])
def test_tabs_are_addresses(client_for, ada, mette, tab):
    answer = client_for(ada).get(page(mette, tab=tab))
    assert answer.status_code == 200
    assert b'aria-current="page"' in answer.content


@pytest.mark.parametrize(
    "query",
    [{"kind": "money"}, {"kind": "nonsense"}, {"before": "2020-01-01T00:00:00+00:00"},
     {"before": "never"}, {"tab": "no-such"}],
    ids=str,
)  # fmt: skip
def test_odd_addresses_are_forgiven(client_for, ada, mette, query):
    assert client_for(ada).get(page(mette, **query)).status_code == 200


def test_out_of_reach_does_not_exist(client_for, bo, mette):
    client = client_for(bo)
    for name in ("customer", "edit", "moves"):
        assert client.get(reverse(f"customers:{name}", args=[mette.pk])).status_code == 404
    number = mette.identifiers.get().pk
    address = reverse("customers:reveal", args=[mette.pk, number])
    assert client.post(address, {"reason": "curious"}).status_code == 404
    assert b"Mette" not in client.get(reverse("customers:list")).content


def test_without_a_role_no_page_opens(client_for, max_):
    client = client_for(max_)
    for name in ("list", "board", "new", "import"):
        assert client.get(reverse(f"customers:{name}")).status_code == 403, name


def test_compliance_facts_stay_out_of_an_advisers_timeline(
    client_for, ada, line, mette, now, system
):
    line.user_permissions.add(Permission.objects.get(codename="view_restriction"))
    services.set_restriction(
        customer=mette, code="AML-7", actor=system, at=now, reason="watch this"
    )
    theirs = client_for(ada).get(page(mette)).content
    assert b"AML-7" not in theirs
    assert b"watch this" not in theirs
    assert b"Compliance facts" not in theirs
    assert b"Compliance facts updated" in client_for(line).get(page(mette)).content


def test_a_number_is_revealed_for_a_reason_and_logged(client_for, ada, mette):
    client = client_for(ada)
    address = reverse("customers:reveal", args=[mette.pk, mette.identifiers.get().pk])
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert b"1203841234" not in refused.content
    shown = client.post(address, {"reason": "caller identified"})
    assert b"120384-1234" in shown.content
    assert shown.headers["Cache-Control"] == "no-store"
    assert AccessLog.objects.filter(kind="reveal", reason="caller identified").exists()


def test_the_list_filters_by_its_address_and_pages_without_names(client_for, karen, ada):
    for number in range(60):
        make.customer(family_name=f"Navn{number:03d}", adviser=ada)
    client = client_for(karen)
    first = client.get(reverse("customers:list"), {"stage": "PROSPECT"})
    assert b"Navn000" in first.content
    assert b"Navn059" not in first.content
    after = first.context["page"].next_url
    assert "Navn" not in after
    assert "stage=PROSPECT" in after
    second = client.get(after)
    assert b"Navn059" in second.content
    assert b"Navn000" not in second.content
    back = client.get(second.context["page"].previous_url)
    assert [one.pk for one in back.context["page"]] == [one.pk for one in first.context["page"]]
    assert b"Navn" not in client.get(reverse("customers:list"), {"stage": "CLOSED"}).content


def test_a_search_goes_by_post_and_its_address_is_opaque(client_for, karen, ada):
    for family in ("Sørensen", "Sørensen Holm"):
        make.customer(given_names="Mette", family_name=family)
    client = client_for(karen)
    answer = client.post(reverse("customers:search"), {"q": "mette sør"})
    assert answer.status_code == 302
    assert "search=" in answer.url
    assert "mette" not in answer.url.lower()
    assert "s%C3%B8r" not in answer.url
    assert client.get(answer.url).content.count(b"data-row") == 2
    assert client_for(ada).get(answer.url).content.count(b"data-row") == 0
    one = client.post(reverse("customers:search"), {"q": "holm"})
    assert "/customers/0" in one.url


def test_the_board_has_a_column_a_stage_and_says_where_a_card_may_go(client_for, ada, mette):
    client = client_for(ada)
    answer = client.get(reverse("customers:board"), {"portfolio": "own"})
    assert answer.content.count(b"data-column") == 6
    assert b"Mette" in answer.content
    moves = client.get(reverse("customers:moves", args=[mette.pk]))
    assert b'data-to="OFFBOARDING"' in moves.content


def test_somebody_new_is_recorded(client_for, ada):
    client = client_for(ada)
    address = reverse("customers:new")
    assert client.get(address).status_code == 200
    body = {"kind": "person", "given_names": "Ib", "family_name": "Holm", "language": "da",
            "number": "120384-1234", "country": "DK"}  # fmt: skip
    wrong = client.post(address, {**body, "number": "310284-1234", "family_name": ""})
    assert wrong.status_code == 422
    assert b"310284-1234" in wrong.content
    assert client.post(address, body).status_code == 302
    assert Customer.objects.get().identifiers.get().masked == "120384-••••"
    again = client.post(address, body)
    assert again.status_code == 422
    assert b"already" in again.content


def test_a_known_customer_has_only_the_fields_of_their_kind(client_for, ada, aarhus, mette):
    client = client_for(ada)
    person = client.get(reverse("customers:edit", args=[mette.pk])).context["form"]
    assert {"kind", "name"}.isdisjoint(person.fields)
    assert person.fields["family_name"].required
    company = make.customer(kind="organisation", name="Fjord ApS", adviser=ada, branch=aarhus)
    address = reverse("customers:edit", args=[company.pk])
    form = client.get(address).context["form"]
    assert {"given_names", "family_name", "born_on"}.isdisjoint(form.fields)
    # What kind somebody is stands on record; a form that says otherwise changes nothing of it.
    body = {"kind": "person", "family_name": "Holm", "name": "Fjord A/S", "language": "da",
            "version": company.version}  # fmt: skip
    assert client.post(address, body).status_code == 302
    company.refresh_from_db()
    assert (company.kind, company.name, company.family_name) == ("organisation", "Fjord A/S", "")


def test_an_edit_conflict_shows_both_versions_and_loses_nothing(client_for, ada, karen, mette, now):
    client = client_for(ada)
    address = reverse("customers:edit", args=[mette.pk])
    form = client.get(address).context["form"]
    body = {name: value for name, value in form.initial.items() if value not in (None, [])}
    body |= {"version": mette.version, "occupation": "Dentist"}
    services.change_customer(customer=mette, changes={"occupation": "Farmer"}, actor=karen, at=now)
    answer = client.post(address, body)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Farmer" in text
    assert "Dentist" in text
    assert "Karen" in text
    assert answer.context["form"]["occupation"].value() == "Dentist"
    assert [row[1:3] for row in answer.context["conflict"]] == [("Farmer", "Dentist")]
    version = answer.context["version"]
    assert client.post(address, {**body, "version": version}).status_code == 302
    assert Customer.objects.get(pk=mette.pk).occupation == "Dentist"


def test_consents_are_recorded_on_the_page(client_for, ada, mette):
    client = client_for(ada)
    address = reverse("customers:consent", args=[mette.pk])
    body = {"wording": "marketing:marketing-1", "channel": "email", "decision": "given"}
    assert client.post(address, body).status_code == 302
    assert client.post(address, {**body, "purpose": "x"}).status_code == 302
    assert mette.consents.count() == 1


def test_an_import_is_started_and_waits_for_release(client_for, ola, make_user, run_import):
    client = client_for(ola)
    address = reverse("customers:import")
    assert client.get(address).status_code == 200
    assert client.post(address, {"source": "core"}).status_code == 422
    run_import("external_id,family_name\n1,Holm\n")
    batch = ImportBatch.objects.get()
    other = make_user("eva", "onboarding_officer")
    shown = client_for(other).get(address).content.decode()
    assert "customers.csv" in shown
    assert (
        reverse("web:transition", args=["customers", "importbatch", batch.pk, "release"]) in shown
    )


def test_home_shows_the_advisers_customers(client_for, ada, mette):
    answer = client_for(ada).get(reverse("web:home"))
    assert answer.status_code == 200
    assert b"Mette" in answer.content


@pytest.mark.parametrize("language", ["da", "en"])
def test_pages_open_in_both_languages(client_for, ada, mette, language):
    ada.language = language
    ada.save()
    client = client_for(ada)
    for address in (page(mette), reverse("customers:list"), reverse("customers:board")):
        assert client.get(address, headers={"accept-language": language}).status_code == 200
