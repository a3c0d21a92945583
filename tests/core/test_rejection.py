"""The answer no: who may give it, what follows, and that it is given once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from analytics.models import ModelVersion
from clm.core import events, lifecycle, records, rejection
from clm.core.approvals import ApprovalRefused
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Approval, User
from customers import services
from tests.architecture import matrix_samples
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def approval(ada: User, karen: User, system: User, now: datetime) -> Approval:
    """Karen asks for an erasure."""
    gone = records.change(
        record=make.customer(stage="WITHDRAWN", branch=ada.branch, adviser=ada, at=now),
        changes={"retention_until": now.date() - timedelta(days=1)},
        actor=system,
        at=now,
    )
    return services.ask_erasure(customer=gone, actor=karen, at=now, reason="time is up")


def test_no_is_kept_with_its_reason(approval: Approval, mads: User, now: datetime) -> None:
    rejection.reject(approval=approval, actor=mads, at=now, reason="a claim is pending")
    approval.refresh_from_db()
    assert (approval.decision, approval.checker, approval.decided_at) == ("rejected", mads, now)
    from customers.models import Customer

    event = events.for_record(Customer.objects.get(pk=approval.record_id)).first()
    assert event is not None
    assert (event.action, event.payload["approval_id"]) == ("reject_approval", str(approval.pk))
    assert event.detail["reason"] == "a claim is pending"


def test_it_is_given_once(approval: Approval, mads: User, now: datetime) -> None:
    rejection.reject(approval=approval, actor=mads, at=now, reason="no")
    with pytest.raises(ApprovalRefused):
        rejection.reject(approval=approval, actor=mads, at=now, reason="no")


def test_what_is_rejected_cannot_be_taken(approval: Approval, mads: User, now: datetime) -> None:
    from customers.models import Customer

    rejection.reject(approval=approval, actor=mads, at=now, reason="no")
    customer = Customer.objects.get(pk=approval.record_id)
    with pytest.raises(TransitionRefused, match="asked for approval"):
        lifecycle.perform(record=customer, name="erase", actor=mads, at=now, reason="yes")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_given(approval: Approval, mads: User, now: datetime, reason: str) -> None:
    with pytest.raises(TransitionRefused, match="reason"):
        rejection.reject(approval=approval, actor=mads, at=now, reason=reason)


def test_neither_the_maker_nor_a_stranger_nor_a_robot(
    approval: Approval, karen: User, ada: User, system: User, now: datetime
) -> None:
    for actor in (karen, ada, system):
        with pytest.raises(PermissionDenied):
            rejection.reject(approval=approval, actor=actor, at=now, reason="no")
    approval.refresh_from_db()
    assert approval.decision == ""


def test_without_a_second_factor_nothing_is_rejected(
    approval: Approval, mads: User, now: datetime, settings: Any
) -> None:
    settings.CLM_REQUIRE_SECOND_FACTOR = True
    with pytest.raises(TransitionRefused, match="second factor"):
        rejection.reject(approval=approval, actor=mads, at=now, reason="no")


def test_the_record_takes_its_way_back(
    make_user: Any, system: User, ada: User, now: datetime
) -> None:
    one, two = make_user("one", "data_analyst"), make_user("two", "manager")
    version = matrix_samples.model_version(ada, now)
    lifecycle.perform(record=version, name="propose", actor=one, at=now)
    asked = Approval.objects.get(record_id=version.pk)
    rejection.reject(approval=asked, actor=two, at=now, reason="calibrate it")
    asked.refresh_from_db()
    assert asked.decision == "rejected"
    assert ModelVersion.objects.get().state == "DRAFT"


def test_on_its_page(approval: Approval, mads: User, ada: User, client_for: Any) -> None:
    address = f"/approvals/{approval.pk}/"
    page = client_for(mads).get(address)
    assert 'name="reason"' in page.content.decode()
    assert client_for(ada).post(address, {"reason": "no"}).status_code == 404
    client_for(mads).post(address, {"reason": ""})
    approval.refresh_from_db()
    assert approval.decision == ""
    assert client_for(mads).post(address, {"reason": "no"})["Location"] == "/approvals/"
    approval.refresh_from_db()
    assert approval.decision == "rejected"


def test_over_the_api(approval: Approval, mads: User, karen: User, client_for: Any) -> None:
    address = f"/api/v1/approvals/{approval.pk}/reject/"
    body: dict[str, Any] = {"content_type": "application/json"}
    assert client_for(karen).post(address, {"reason": "no"}, **body).status_code == 403
    assert client_for(mads).post(address, {}, **body).status_code == 400
    answer = client_for(mads).post(address, {"reason": "no"}, **body)
    assert (answer.status_code, answer.json()["decision"]) == (200, "rejected")
    assert client_for(mads).post(address, {"reason": "no"}, **body).status_code == 409


# What happens beside a transition ---------------------------------------------------------------


def test_a_model_taken_into_use_by_the_gate_retires_the_one_before(
    make_user: Any, ada: User, now: datetime
) -> None:
    one, two = make_user("one", "data_analyst"), make_user("two", "manager")
    first = matrix_samples.model_version(ada, now)
    second = ModelVersion.objects.get(pk=first.pk)
    second.pk, second.number, second._state.adding = None, 2, True
    second.pk = ModelVersion().pk
    second = records.create(record=second, actor=one, at=now)
    for version in (first, second):
        lifecycle.perform(record=version, name="propose", actor=one, at=now)
        lifecycle.perform(record=version, name="approve", actor=two, at=now)
    assert sorted(ModelVersion.objects.values_list("number", "state")) == [
        (1, "RETIRED"),
        (2, "APPROVED"),
    ]
