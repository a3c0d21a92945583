"""What a company register says otherwise: a case with its fourteen days, settled by a person."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from clm.core import lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from customers import services as customers
from customers.models import Customer, Relation
from kyc import services
from kyc.lifecycle import CaseState
from kyc.models import Case, RegisterDiscrepancy, Trigger
from kyc.registers import Extract, Owner, differences

Kind = RegisterDiscrepancy.Kind


@pytest.fixture
def company(make_customer: Callable[..., Customer], now: datetime, system: User) -> Customer:
    """Havn ApS: Mette owns 60 %, and Bo directs it."""
    made = make_customer(
        kind="organisation", name="Havn ApS", given="", family="", born_on=None, nationalities=[],
        identifiers=[("cvr", "10150817", "DK")],
        addresses=[{"kind": "registered", "line1": "Havnegade 3", "postal_code": "8000",
                    "city": "Aarhus C"}],
    )  # fmt: skip
    mette, bo = make_customer("Mette", "Sørensen"), make_customer("Bo", "Holm")
    for person, kind, share in ((mette, "ownership", 60), (bo, "director", None)):
        Relation.objects.create(
            customer=person, other=made, kind=kind, share=share, valid_from=date(2020, 1, 1), recorded_at=now,
        )  # fmt: skip
    return made


def differ(company: Customer, now: datetime, **parts: Any) -> set[tuple[str, str, str]]:
    found = differences(customer=company, extract=Extract("CVR", **parts), on=now.date())
    return {(one.kind, one.ours, one.theirs) for one in found}


def test_what_agrees_is_no_difference(company: Customer, now: datetime) -> None:
    assert not differ(
        company, now,
        owners=[Owner("Mette Sorensen", 50, 66.66)], directors=["Holm, Bo"],
        address="havnegade 3, 8000 AARHUS C",
    )  # fmt: skip


def test_each_difference_is_named(company: Customer, now: datetime) -> None:
    assert differ(company, now, owners=[Owner("Mette Sørensen", 66.67, 89.99)]) == {
        (Kind.OWNER_SHARE, "Mette Sørensen: 60 %", "Mette Sørensen: 66.67–89.99 %")
    }
    assert differ(company, now, owners=[Owner("Ib Krag", 25, 33.33)]) == {
        (Kind.OWNER_UNTOLD, "", "Ib Krag: 25–33.33 %"),
        (Kind.OWNER_UNREGISTERED, "Mette Sørensen", ""),
    }
    assert differ(company, now, directors=["Eva Lind"], address="Torvet 1, 8000 Aarhus C") == {
        (Kind.DIRECTOR_UNTOLD, "", "Eva Lind"),
        (Kind.DIRECTOR_UNREGISTERED, "Bo Holm", ""),
        (Kind.ADDRESS, "Havnegade 3 8000 Aarhus C", "Torvet 1, 8000 Aarhus C"),
    }


def test_a_discrepancy_opens_a_case_with_fourteen_days(
    company: Customer, line: User, karen: User, ada: User, system: User, now: datetime,
    deliver_all: Callable[..., int],
) -> None:  # fmt: skip
    customers.set_clearance(customer=company, cleared_at=now, actor=system, at=now)
    extract = Extract("CVR", directors=["Bo Holm", "Eva Lind"])
    with pytest.raises(PermissionDenied):
        services.note_register_extract(customer=company, extract=extract, actor=ada, at=now)
    (found,) = services.note_register_extract(customer=company, extract=extract, actor=line, at=now)
    assert found.due_on == now.date() + timedelta(days=14)
    deliver_all()
    case = Case.objects.get(customer=company)
    assert (case.trigger, case.state) == (Trigger.REGISTER_DISCREPANCY, CaseState.TRIAGE)
    assert case.asked == ["beneficial_owners", "company_register"]
    assert case.due_at is not None
    assert case.due_at.date() == found.due_on
    # The same statement again says nothing new.
    assert services.note_register_extract(
        customer=company, extract=extract, actor=line, at=now
    ) == [found]
    assert Case.objects.filter(customer=company).count() == 1
    with pytest.raises(TransitionRefused, match="company register"):
        lifecycle.perform(record=case, name="propose_clearance", actor=line, at=now, reason="x")
    with pytest.raises(ValidationError):
        services.settle_discrepancy(
            discrepancy=found, outcome="reported", comment=" ", actor=line, at=now
        )
    services.settle_discrepancy(
        discrepancy=found, outcome="reported", comment="Told the register", actor=line, at=now
    )
    deliver_all()
    case.refresh_from_db()
    newest = case.checks.filter(kind="company_register").order_by("-round").first()
    assert newest is not None
    assert (newest.round, newest.result) == (2, "passed")
    lifecycle.perform(record=case, name="propose_clearance", actor=line, at=now, reason="told")


def test_the_page_compares_and_settles(
    company: Customer, line: User, system: User, now: datetime, client_for: Any, deliver_all: Any
) -> None:
    case = services.open_case(customer=company, trigger=Trigger.REQUEST, actor=system, at=now)
    deliver_all()
    client = client_for(line)
    page = f"/kyc/cases/{case.pk}/register/"
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"owners": "Mette; sixty"}).status_code == 422
    shown = client.post(page, {"directors": "Bo Holm\nEva Lind"}, follow=True)
    assert "Eva Lind" in shown.content.decode()
    found = RegisterDiscrepancy.objects.get()
    client.post(
        f"/kyc/discrepancies/{found.pk}/settle/", {"outcome": "corrected", "comment": "Added"}
    )
    found.refresh_from_db()
    assert (found.outcome, found.settled_by) == ("corrected", line)
