"""An organisation and its owners, with what screening knows of them."""

import pytest

from customers import services as customers
from kyc.models import Hit, HitState
from kyc.ownership import ownership_facts
from tests.architecture import matrix_samples
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(system, now):
    return make.customer(kind="organisation", stage="ONBOARDING", at=now)


def owns(owner, company, share, system, now):
    return customers.add_relation(
        kind="ownership", customer=owner, other=company, share=share, actor=system, at=now
    )


def test_a_person_has_no_owners(now):
    assert ownership_facts(customer=make.customer(at=now), on=now.date()).basis == ""


def test_nothing_recorded_is_not_known(company, now):
    found = ownership_facts(customer=company, on=now.date())
    assert (found.basis, found.unknown) == ("none", "100 %")


@pytest.mark.parametrize(
    ("status", "share", "listed", "maybe"),
    [
        (HitState.TRUE_MATCH, 50, ("OFAC",), ("OFAC",)),
        (HitState.TRUE_MATCH, 51, ("EU", "OFAC"), ("EU", "OFAC")),
        (HitState.OPEN, 51, (), ("EU", "OFAC")),
        (HitState.FALSE_MATCH, 51, (), ()),
        (HitState.TRUE_MATCH, 49, (), ()),
    ],
)
def test_a_listed_owner_is_seen_through(company, ola, system, now, status, share, listed, maybe):
    hit = matrix_samples.hit(ola, now)
    if status != HitState.OPEN:
        Hit.objects.filter(pk=hit.pk).update(status=status, decided_at=now, decided_by=ola)
    holding = make.customer(kind="organisation", at=now)
    owns(hit.customer, holding, share, system, now)
    owns(make.customer(at=now), holding, 100 - share, system, now)
    owns(holding, company, 100, system, now)
    found = ownership_facts(customer=company, on=now.date())
    assert (found.listed, found.maybe_listed) == (listed, maybe)
    assert found.problems == ()
    assert found.unknown == ""
