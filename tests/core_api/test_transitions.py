"""Transitions over the API, on a customer: the record with the richest life."""

import pytest
from django.urls import include, path
from rest_framework import serializers

import clm.urls  # noqa: F401 - every app's resources are registered before the API's addresses
from clm.core.api import urls as real
from clm.core.api.router import ApiRouter
from clm.core.api.serializers import RecordSerializer, UserSerializer
from clm.core.api.views import RecordViewSet
from clm.core.models import User

customers = pytest.importorskip("customers.models")
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def probes(*, actor):
    from customers.selectors import visible_customers

    return visible_customers(actor=actor)


class ProbeSerializer(RecordSerializer):
    shout = serializers.SerializerMethodField()

    class Meta:
        model = customers.Customer
        fields = ["id", "given_names", "stage", "adviser", "shout", "version"]

    def get_shout(self, customer):
        return customer.occupation.upper()


class ProbeViewSet(RecordViewSet):
    serializer_class = ProbeSerializer
    selector = staticmethod(probes)
    scopes = {"read": "tasks:read", "write": "tasks:write"}
    filters = {"stage": "stage__in", "adviser": "adviser", "created_after": "created_at__gte"}
    expand = {"adviser": (lambda *, actor: User.objects.all(), UserSerializer)}


router = ApiRouter()
router.register("probes", ProbeViewSet)
urlpatterns = [path("api/v1/", include((router.urls, "probe"))), *real.urlpatterns]


@pytest.fixture
def customer(ada, aarhus, now):
    from customers.services import create_customer

    return create_customer(
        kind="person", given_names="Ib", family_name="Holm", branch=aarhus, adviser=ada,
        source="test", actor=ada, at=now,
    )  # fmt: skip


@pytest.fixture
def deciding(ada):
    """Ada with the permission to decline and to start."""
    from django.contrib.auth.models import Permission

    names = ["decline_customer", "start_onboarding_customer", "activate_customer"]
    ada.user_permissions.set(Permission.objects.filter(codename__in=names))
    return User.objects.get(pk=ada.pk)


def test_each_way_says_whether_and_why_not(api, ada, customer):
    offers = {one["name"]: one for one in api(ada).get(f"probes/{customer.pk}/transitions/").json()}
    assert not offers["decline"]["allowed"]
    assert offers["decline"]["reasons"]
    assert set(offers["decline"]) == {
        "name", "label", "target", "allowed", "reasons", "policy", "four_eyes", "reason_required",
    }  # fmt: skip


def test_a_way_is_taken_once(api, deciding, customer):
    caller, address = api(deciding), f"probes/{customer.pk}/transitions/decline/"
    tag = caller.get(f"probes/{customer.pk}/")["ETag"]
    assert caller.post(address, {"reason": "Not ours"}).status_code == 428
    stale = caller.post(address, {"reason": "Not ours"}, If_Match='"77"')
    assert (stale.status_code, stale["ETag"]) == (412, tag)
    done = caller.post(address, {"reason": "Not ours"}, If_Match=tag, Idempotency_Key="d")
    assert done.status_code == 200, done.content
    assert done.json()["stage"] == "DECLINED"
    again = caller.post(address, {"reason": "Not ours"}, If_Match=tag, Idempotency_Key="d")
    assert (again.status_code, again.json(), again["ETag"]) == (200, done.json(), done["ETag"])
    assert caller.post(address, {"reason": "x"}, If_Match=tag).status_code == 412
    late = caller.post(address, {"reason": "x"}, If_Match=done["ETag"])
    assert late.status_code == 409


def test_a_refusal_says_every_sentence(api, deciding, customer):
    caller = api(deciding)
    started = caller.post(f"probes/{customer.pk}/transitions/start_onboarding/", If_Match="*")
    assert started.status_code == 200, started.content
    refused = caller.post(f"probes/{customer.pk}/transitions/activate/", If_Match=started["ETag"])
    assert refused.status_code == 409
    found = refused.json()
    assert found["type"] == "urn:clm:problem:transition_refused"
    assert found["errors"] == [{"pointer": "", "code": "guard", "detail": "KYC is cleared"}]


def test_without_the_permission_it_is_403_and_out_of_reach_404(api, ada, bo, max_, customer):
    address = f"probes/{customer.pk}/transitions/decline/"
    assert api(ada).post(address, {"reason": "x"}, If_Match="*").status_code == 403
    assert api(bo).post(address, {"reason": "x"}, If_Match="*").status_code == 404
    assert api(max_).post(address, {"reason": "x"}, If_Match="*").status_code == 403
    assert api(bo).get(f"probes/{customer.pk}/transitions/").status_code == 404


@pytest.mark.parametrize("name", ["nonsense", "save", "delete", "refresh_from_db", "full_clean"])
def test_only_transitions_are_ways(api, ada, customer, name):
    answer = api(ada).post(f"probes/{customer.pk}/transitions/{name}/", If_Match="*")
    assert answer.status_code == 404


def test_a_transition_takes_what_it_knows(api, deciding, customer):
    address = f"probes/{customer.pk}/transitions/decline/"
    caller = api(deciding)
    assert caller.post(address, {"reason": "x", "stage": "ACTIVE"}, If_Match="*").status_code == 400
    assert caller.post(address, {"reason": 7.5, "x": []}, If_Match="*").status_code == 400
    assert caller.post(address, {}, If_Match="*").status_code == 409


def test_a_state_is_refused_in_a_body(api, ada, customer):
    answer = api(ada).patch(f"probes/{customer.pk}/", {"stage": "ACTIVE"}, If_Match="*")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"pointer": "/stage", "code": "read_only", "detail": "This field cannot be set."}
    ]


def test_a_tag_covers_what_the_version_does_not(api, ada, customer):
    caller = api(ada)
    first = caller.get(f"probes/{customer.pk}/")["ETag"]
    assert first.startswith('"1-')
    type(customer)._default_manager.filter(pk=customer.pk).update(occupation="baker")
    assert caller.get(f"probes/{customer.pk}/", If_None_Match=first).status_code == 200
    changed = caller.patch(f"probes/{customer.pk}/", {"given_names": "Bo"}, If_Match='"1"')
    assert changed.status_code == 200, changed.content


def test_filters_and_expansion_stay_within_reach(api, ada, bo, customer):
    caller = api(ada)
    assert len(caller.get(f"probes/?adviser={ada.pk}&stage=PROSPECT,ACTIVE").json()["results"]) == 1
    assert caller.get("probes/?stage=NOWHERE").status_code == 400
    assert caller.get("probes/?created_after=2026-03-05T08:00:00%2B02:00").status_code == 200
    shown = caller.get(f"probes/{customer.pk}/?expand=adviser").json()
    assert shown["adviser"]["username"] == "ada"
    assert caller.get(f"probes/{customer.pk}/?expand=password").status_code == 400
    assert api(bo).get(f"probes/?adviser={ada.pk}").json()["results"] == []


def test_a_robot_needs_scope_and_permission(robot, customer):
    # The scope of another resource lets the token in, its robot still lacks the permission.
    caller = robot("tasks:read tasks:write")
    assert caller.get(f"probes/{customer.pk}/").status_code == 403
