import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from clm.core.admin import HistoryAdmin
from customers.lifecycle import Stage
from customers.models import Customer, Identifier
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(make_user):
    return make_user("boss", is_staff=True, is_superuser=True)


@pytest.fixture
def everything(boss, ada, now):
    """A superuser reaches only what roles give; here all by a compliance role's reach."""
    from django.contrib.auth.models import Group

    boss.groups.add(Group.objects.get(name="compliance_officer"))
    return make.customer(stage=Stage.ACTIVE, identifiers=[("cpr", "120384-1234")])


def test_a_customer_is_read_only_with_transitions_as_actions(client_for, boss, everything):
    client = client_for(boss)
    listed = client.get(reverse("admin:customers_customer_changelist"))
    assert listed.status_code == 200
    assert b'value="flag_at_risk"' in listed.content
    assert b'value="close"' not in listed.content
    assert b"delete_selected" not in listed.content
    record = client.get(reverse("admin:customers_customer_change", args=[everything.pk]))
    assert record.status_code == 200
    assert b'name="_save"' not in record.content
    assert client.get(reverse("admin:customers_customer_add")).status_code == 403


def test_an_action_goes_through_the_gate(client_for, boss, everything):
    client = client_for(boss)
    address = reverse("admin:customers_customer_changelist")
    chosen = {"_selected_action": [str(everything.pk)]}
    client.post(address, {"action": "flag_at_risk", **chosen})
    assert Customer.objects.get(pk=everything.pk).stage == Stage.AT_RISK
    answer = client.post(address, {"action": "activate", **chosen}, follow=True)
    assert b"not possible" in answer.content
    client.post(address, {"action": "close", **chosen})
    assert Customer.objects.get(pk=everything.pk).stage == Stage.AT_RISK


def test_history_is_the_records_events(client_for, boss, everything):
    answer = client_for(boss).get(reverse("admin:customers_customer_history", args=[everything.pk]))
    assert answer.status_code == 200
    assert b"Activate" in answer.content


def test_numbers_stay_masked(client_for, boss, everything):
    client = client_for(boss)
    identifier = Identifier.objects.get()
    for address in (
        reverse("admin:customers_identifier_changelist"),
        reverse("admin:customers_identifier_change", args=[identifier.pk]),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert b"1203841234" not in answer.content
        assert identifier.ciphertext.encode() not in answer.content


def test_an_administrator_without_another_role_sees_no_customer(client_for, admin_, everything):
    assert client_for(admin_).get(reverse("admin:customers_customer_changelist")).status_code == 403


def test_rows_are_found_by_the_id_of_what_they_belong_to(client_for, boss, everything):
    other = make.customer(stage=Stage.ACTIVE, identifiers=[("cpr", "120384-1235")])
    client = client_for(boss)
    for model in ("identifier", "customer"):
        address = reverse(f"admin:customers_{model}_changelist")
        for term, rows in ((str(everything.pk), 1), (str(other.pk), 1), (str(boss.pk), 0)):
            found = client.get(address, {"q": term}).context["cl"].queryset
            assert found.count() == rows, (model, term)
    # What is no id and no text of the list finds nothing, and not everything.
    address = reverse("admin:customers_identifier_changelist")
    assert not client.get(address, {"q": "120384"}).context["cl"].queryset.exists()
    assert client.get(address).context["cl"].queryset.count() == 2


#: Short lists of names, and keys: nothing in them is to be told apart.
ONE_KIND = {
    "core.Branch", "customers.ImportMapping", "customers.SourceSystem", "journeys.JourneyFeed",
    "journeys.TouchedCase", "journeys.TouchpointKey",
}  # fmt: skip


OF_PEOPLE = {
    "display_name", "email", "family_name", "given_names", "search_text", "sort_key", "value",
}  # fmt: skip


def test_every_list_of_ours_has_search_filters_and_history(boss, rf):
    request = rf.get("/")
    request.user = boss
    ours = {
        model._meta.label: listed
        for model, listed in admin.site._registry.items()
        if apps.get_app_config(model._meta.app_label).path.startswith(str(settings.BASE_DIR))
        and "site-packages" not in apps.get_app_config(model._meta.app_label).path
    }
    assert {"core.Event", "customers.Address"} <= ours.keys()
    for label, listed in ours.items():
        assert listed.get_search_fields(request), label
        assert listed.get_list_filter(request) or label in ONE_KIND, label
        assert isinstance(listed, HistoryAdmin), label
        # What is searched for stands in the address: people are found by their record's id.
        named = {name.rpartition("__")[2].lstrip("=^@") for name in listed.search_fields}
        assert not named & OF_PEOPLE or label == "core.User", label


@pytest.mark.parametrize(
    "model",
    ["holding", "offer", "importbatch", "product", "contactpoint", "address", "consententry",
     "customerinsight", "sourcerecord", "customersearch", "importmapping"],
)  # fmt: skip
def test_every_model_can_be_looked_at(client_for, boss, everything, model):
    make.holding(of=everything)
    assert client_for(boss).get(reverse(f"admin:customers_{model}_changelist")).status_code == 200
