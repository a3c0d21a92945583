"""What holds for every key figure, whoever registers it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from clm.core.kpis import Kpi, kpis
from clm.core.models import User
from clm.roles import ROLES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kpi", list(kpis), ids=lambda one: one.name)
def test_every_figure(kpi: Kpi, make_user: Callable[..., User], now: datetime) -> None:
    assert kpi.owner in ROLES
    assert any(kpi.permission in role.permissions for role in ROLES.values())
    assert kpi.permission in ROLES[kpi.owner].permissions, "its owner may see it"
    for text in (kpi.label, kpi.definition, kpi.formula, kpi.source):
        assert str(text).strip()
    value = kpi.compute(at=now)
    # Of an empty bank a count is 0 and a share or a duration is not known.
    assert value in ((0.0,) if kpi.unit == "count" else (None,))
    client = Client()
    client.force_login(make_user("owner", kpi.owner))
    assert client.get(kpi.url().partition("#")[0]).status_code == 200


def test_compliance_registers_its_figures() -> None:
    assert {one.name for one in kpis} >= {
        "kyc.review_backlog", "kyc.overdue_reviews", "kyc.false_positive_rate",
        "kyc.time_to_clear", "kyc.straight_through", "kyc.attestation_rate",
        "kyc.quality_errors",
    }  # fmt: skip
