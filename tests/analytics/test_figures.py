"""Key figures: computed, kept, wanted; and the ledger that some of them come from."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from analytics.figures import portfolio, selectors, services
from analytics.kpis import churn_rate, growth, renewal_share, retention_rate
from analytics.models import KpiTarget, KpiValue, LedgerFigure
from clm.core.kpis import kpis
from clm.core.models import Event, Task, User
from clm.core.tables import UnreadableFile
from customers.models import Holding
from tests.factories import customers as factories

pytestmark = pytest.mark.django_db
ROE = "bank.return_on_equity"


@pytest.fixture
def maria(make_user: Callable[..., User]) -> User:
    return make_user("maria", "manager")


def extract(*lines: str) -> io.BytesIO:
    return io.BytesIO("\n".join(["month,item,amount", *lines]).encode())


def year(item: str, amount: int) -> list[str]:
    return [f"2025-{month:02},{item},{amount}" for month in range(1, 13)]


def take_in(actor: User, now: datetime, *lines: str) -> services.Taken:
    return services.import_ledger(stream=extract(*lines), name="x.csv", actor=actor, at=now)


def test_an_extract_is_kept_row_by_row_and_twice_is_once(maria: User, now: datetime) -> None:
    lines = [
        "2025-01,equity,100", "2025-13,equity,1", "2025-02,gold,1", "2025-02,equity,NaN",
        "2025-02,equity,", '2025-03-17,equity,"1.234,56"', '2025-04,equity,"1,234.56"',
        "2025-05,equity,1e30", "2025-06,equity",
    ]  # fmt: skip
    taken = take_in(maria, now, *lines)
    assert (taken.added, taken.changed, taken.known) == (3, 0, 0)
    assert [(one.line, one.column) for one in taken.faults] == [
        (3, "month"), (4, "item"), (5, "amount"), (6, "amount"), (9, "amount"), (10, ""),
    ]  # fmt: skip
    found = dict(LedgerFigure.objects.values_list("month", "amount"))
    assert found[date(2025, 3, 1)] == found[date(2025, 4, 1)] == Decimal("1234.56")
    events = Event.objects.count()
    taken = take_in(maria, now, *lines)
    assert (taken.added, taken.changed, taken.known) == (0, 0, 3)
    assert Event.objects.count() == events
    taken = take_in(maria, now, "2025-01,equity,101")
    assert (taken.added, taken.changed, taken.known) == (0, 1, 0)
    assert Event.objects.filter(record_type="analytics.LedgerFigure", action="change").exists()


def test_two_currencies_are_not_added_up(maria: User, now: datetime) -> None:
    text = b"month,item,amount,currency\n2025-01,equity,1,DKK\n2025-02,equity,1,EUR\n"
    taken = services.import_ledger(stream=io.BytesIO(text), name="x.csv", actor=maria, at=now)
    assert (taken.added, [one.column for one in taken.faults]) == (1, ["currency"])


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\xff" * 50, b"month,item\n"])
def test_what_is_no_extract_is_refused_in_a_sentence(
    content: bytes, maria: User, now: datetime
) -> None:
    with pytest.raises(UnreadableFile, match=r"\w+"):
        services.import_ledger(stream=io.BytesIO(content), name="x.csv", actor=maria, at=now)
    assert not LedgerFigure.objects.exists()


def test_return_on_equity_is_what_its_formula_says(maria: User, now: datetime) -> None:
    kpi = kpis.get(ROE)
    assert kpi is not None
    assert kpi.compute(at=now) is None
    take_in(maria, now, *year("net_profit", 10), *year("equity", 600)[:-1])
    # A month of one item is missing: nothing is guessed.
    assert kpi.compute(at=now) is None
    take_in(maria, now, "2025-12,equity,1800")
    assert kpi.compute(at=now) == pytest.approx(120 / 700)
    # As of a day before the last month, there are not yet twelve.
    assert kpi.compute(at=now.replace(year=2025, month=11)) is None
    # A loss is one, and nothing is divided by nothing.
    take_in(maria, now, "2025-12,net_profit,-500")
    assert kpi.compute(at=now) == pytest.approx(-390 / 700)
    take_in(maria, now, *year("equity", 0))
    assert kpi.compute(at=now) is None


def test_who_stayed_and_who_left(now: datetime) -> None:
    today = now.date()
    for since, closed in (
        (800, None), (800, None), (800, 10), (800, 400), (100, None), (100, 5), (None, None),
    ):  # fmt: skip
        one = factories.customer(stage="ACTIVE", at=now)
        type(one).objects.filter(pk=one.pk).update(
            customer_since=since and today - timedelta(days=since),
            closed_on=closed and today - timedelta(days=closed),
            retention_until=closed and today + timedelta(days=2000),
        )
    # A year ago three were customers; of them two are still, and one has come since.
    assert retention_rate.KPI.compute(at=now) == pytest.approx(2 / 3)
    assert churn_rate.KPI.compute(at=now) == pytest.approx(1 / 3)
    assert growth.KPI.compute(at=now) == pytest.approx(0)
    assert portfolio.customers_on(today).count() == 3


def test_a_figure_is_kept_and_its_owner_told_once(maria: User, now: datetime) -> None:
    take_in(maria, now, *year("net_profit", 10), *year("equity", 1000))
    services.set_target(name=ROE, target=0.2, alert=0.15, actor=maria, at=now)
    services.compute_figures(at=now)
    services.compute_figures(at=now)
    assert KpiValue.objects.get(name=ROE).value == pytest.approx(0.12)
    assert Task.objects.filter(assignee=maria).count() == 1
    figure = next(
        one for one in selectors.figures(actor=maria, on=now.date()) if one.kpi.name == ROE
    )
    assert (figure.met, figure.alarming) == (False, True)
    # It recovers and falls again: that is told again.
    take_in(maria, now, *year("net_profit", 20))
    services.compute_figures(at=now + timedelta(days=1))
    take_in(maria, now, *year("net_profit", 10))
    services.compute_figures(at=now + timedelta(days=2))
    services.compute_figures(at=now + timedelta(days=3))
    assert Task.objects.filter(assignee=maria).count() == 2


def test_a_target_lies_on_the_right_side(maria: User, now: datetime) -> None:
    for name, target, alert in ((ROE, 0.1, 0.2), ("customers.churn_rate", 0.2, 0.1), ("x", 1, 0)):
        with pytest.raises(ValidationError):
            services.set_target(name=name, target=target, alert=alert, actor=maria, at=now)
    assert not KpiTarget.objects.exists()


def test_looking_back_fills_in_what_can_be_known(maria: User, now: datetime) -> None:
    take_in(maria, now, *year("equity", 100), *year("total_assets", 1000))
    services.look_back(months=3, at=now)
    services.look_back(months=3, at=now)
    assert KpiValue.objects.filter(name="bank.equity_ratio").count() == 3
    assert not KpiValue.objects.filter(name="kyc.review_backlog").exists()


def test_what_ran_out_was_renewed_or_not(now: datetime) -> None:
    one = factories.customer(stage="ACTIVE", at=now)
    product = factories.product(at=now)

    def ago(days: int | None) -> date | None:
        return None if days is None else now.date() - timedelta(days=days)

    for number, (matures, renewed, closed) in enumerate(
        [(30, 20, None), (50, None, 50), (10, None, 40), (None, None, 5)]
    ):
        Holding.objects.create(
            customer=one, product=product, reference=f"r{number}",
            opened_on=now.date() - timedelta(days=900),
            matures_on=ago(matures), renewed_on=ago(renewed), closed_on=ago(closed),
            created_at=now, updated_at=now,
        )  # fmt: skip
    # The third was closed before its day, the fourth has none: neither ran out.
    assert renewal_share.KPI.compute(at=now) == pytest.approx(0.5)


def test_every_figure_can_be_computed_and_says_what_it_is(now: datetime) -> None:
    for kpi in kpis:
        kpi.compute(at=now)
        assert str(kpi.definition).endswith("."), kpi.name
        assert kpi.family in selectors.FAMILIES
    assert all(kpis.get(name) for _label, names in selectors.BENEFITS for name in names[:1])


def test_pages_and_resource(
    maria: User, now: datetime, client_for: Callable[[User], Client]
) -> None:
    client = client_for(maria)
    file = SimpleUploadedFile("x.csv", extract(*year("equity", 100), "x,equity,1").getvalue())
    page = client.post("/analytics/ledger/", {"file": file})
    assert page.status_code == 200
    assert "Line 14 month" in " ".join(page.content.decode().split())
    body = {"amounts": [
        *({"month": f"2025-{month:02}", "item": "total_assets", "amount": "1000"}
          for month in range(1, 13)),
        {"month": "2025-00", "item": "equity", "amount": "1"},
    ]}  # fmt: skip
    answer = client.post(
        "/api/v1/ledger-figures/batch/", body, content_type="application/json"
    ).json()
    assert (answer["added"], [one["index"] for one in answer["refused"]]) == (12, [12])
    # Pages and API tell of the present.
    present = timezone.now()
    services.look_back(months=2, at=present)
    services.compute_figures(at=present)
    path = "/analytics/kpis/bank.equity_ratio/"
    assert client.post(path, {"target": "12", "alert": "8"}).status_code == 302
    assert client.post(path, {"target": "5", "alert": "8", "version": "1"}).status_code == 422
    stale = client.post(path, {"target": "13", "alert": "8", "version": "7"})
    assert "Somebody has changed" in stale.content.decode()
    for one in ("/analytics/kpis/", path, "/analytics/benefits/", "/analytics/ledger/", "/"):
        assert client.get(one).status_code == 200, one
    assert client.get("/analytics/kpis/nonsense/").status_code == 404
    told = client.get("/api/v1/kpis/bank.equity_ratio/").json()
    assert (told["value"], told["target"], told["met"]) == (pytest.approx(0.1), 0.12, False)
    assert len(told["history"]) == 3
    everything: Any = client.get("/api/v1/kpis/").json()["results"]
    assert {"profitability", "liquidity", "leverage"} <= {one["family"] for one in everything}
