"""From transactions to alerts and cases: who is due, what is new, what grows, what is told."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from clm.core import jobs, lifecycle
from clm.core.models import Event, Job, User
from customers.models import Customer
from kyc import services
from kyc.alert_lifecycle import AlertState
from kyc.casefile.archive import archive
from kyc.casefile.facts import collect
from kyc.models import Alert, Case, MonitoringDue, MonitoringRule, Trigger
from kyc.services.monitoring import MONITOR
from tests.factories.monitoring import money, saver

pytestmark = pytest.mark.django_db
DEPOSITS = ((9, 12_000), (7, 12_500), (4, 13_000))


def before(now: datetime, days: int) -> date:
    return now.date() - timedelta(days=days)


def run(at: datetime, workers: int = 2) -> None:
    for job in services.start_monitoring(at=at, workers=workers):
        done = jobs.run(job=job, at=at)
        assert done.state == "DONE", done.cursor


@pytest.fixture
def structurer(now: datetime) -> tuple[Customer, Any]:
    """Somebody who pays in cash by parts."""
    customer, account = saver(at=now)
    money(of=account, rows=[(before(now, day), kr) for day, kr in DEPOSITS], at=now)
    return customer, account


def test_who_has_new_transactions_is_due_whichever_way_they_came(now, structurer):
    customer, account = structurer
    assert dict(MonitoringDue.objects.values_list("customer_id", "since")) == {
        customer.pk: before(now, 9)
    }
    run(now)
    assert not MonitoringDue.objects.exists()
    money(of=account, rows=[(before(now, 400), 100), (before(now, 1), 100)], at=now)
    assert MonitoringDue.objects.get().since == before(now, 400)


def test_a_behaviour_becomes_one_alert_that_grows_and_then_a_case(
    now, structurer, system, deliver_all
):
    customer, account = structurer
    run(now)
    alert = Alert.objects.get()
    assert (alert.customer, alert.kind, alert.state) == (customer, "structuring", AlertState.OPEN)
    assert alert.facts["total_kr"] == 37_500
    assert sum(one["points"] for one in alert.reasons) == alert.score < 70
    events = Event.objects.count()
    MonitoringDue.objects.create(customer=customer, since=before(now, 9))
    run(now)
    assert Event.objects.count() == events
    assert Alert.objects.get().version == alert.version

    money(of=account, rows=[(before(now, 1), 14_000), (now.date(), 14_500)], at=now)
    run(now + timedelta(days=1))
    grown = Alert.objects.get()
    assert len(grown.transactions) == 5
    assert grown.score >= 70
    assert grown.state == AlertState.CASE
    assert grown.case is not None
    assert grown.case.trigger == Trigger.ALERT
    deliver_all(at=now + timedelta(days=1))
    grown.case.refresh_from_db()
    # A clean customer of low risk is not cleared straight through.
    assert grown.case.state == "TRIAGE"
    assert grown.case.checks.get(kind="transactions").result == "failed"
    (filed,) = collect(case=grown.case)["alerts"]
    assert filed["transactions"] == [str(one) for one in grown.transactions]
    assert archive(case=grown.case, language="da")


def test_a_second_alert_goes_into_the_case_at_work(now, structurer):
    customer, account = structurer
    run(now)
    first = lifecycle.perform(record=Alert.objects.get(), name="escalate", actor=_system(), at=now)
    money(
        of=account, rows=[(now.date(), -60_000)], at=now, kind="transfer", counterparty_country="IR"
    )
    run(now)
    second = Alert.objects.get(kind="high_risk_corridor")
    assert (second.state, second.case) == (AlertState.CASE, first.case)
    assert Case.objects.filter(customer=customer).count() == 1


def test_a_light_alert_is_looked_at_with_the_heavy_one(now):
    """Whichever of the two the rules come upon first."""
    _customer, account = saver(at=now)
    rows = [(before(now, day), 14_000) for day in (9, 8, 7, 6, 5)]
    money(of=account, rows=[(before(now, 20), -21_000)], at=now, counterparty_country="IR")
    money(of=account, rows=rows, at=now)
    run(now)
    held = {one.kind: one for one in Alert.objects.select_related("case")}
    assert held["high_risk_corridor"].score < 70 <= held["structuring"].score
    assert {one.state for one in held.values()} == {AlertState.CASE}
    assert held["high_risk_corridor"].case == held["structuring"].case


def test_what_was_dismissed_comes_again_only_with_something_new(now, structurer, karen):
    customer, account = structurer
    run(now)
    first = lifecycle.perform(
        record=Alert.objects.get(), name="dismiss", actor=karen, at=now, reason="Market trader"
    )
    MonitoringDue.objects.create(customer=customer, since=before(now, 9))
    run(now)
    assert Alert.objects.get().state == AlertState.DISMISSED
    money(of=account, rows=[(now.date(), 14_000)], at=now)
    run(now)
    again = Alert.objects.exclude(pk=first.pk).get()
    assert again.previous == first
    assert again.key not in first.transactions


def test_a_past_that_comes_in_late_raises_nothing(now):
    _customer, account = saver(at=now)
    money(of=account, rows=[(before(now, day + 200), kr) for day, kr in DEPOSITS], at=now)
    run(now)
    assert not Alert.objects.exists()


def test_two_workers_take_different_customers_and_a_killed_step_never_happened(
    now, structurer, monkeypatch
):
    _customer, account = saver(at=now)
    money(of=account, rows=[(before(now, day), kr) for day, kr in DEPOSITS], at=now)
    monkeypatch.setattr("kyc.services.monitoring.CHUNK", 1)
    first, second = services.start_monitoring(at=now)
    assert services.start_monitoring(at=now) == []
    with monkeypatch.context() as broken:
        broken.setattr("kyc.services.monitoring.raise_alerts", lambda **_: 1 / 0)
        jobs.run_step(job_id=first.pk, at=now)
    assert MonitoringDue.objects.count() == 2
    assert jobs.run_step(job_id=first.pk, at=now + timedelta(minutes=1))
    assert jobs.run_step(job_id=second.pk, at=now)
    assert Alert.objects.values("customer").distinct().count() == 2


def test_the_job_says_nothing_of_what_was_found(now, structurer):
    run(now)
    job = Job.objects.filter(kind=MONITOR).latest("created_at")
    assert (job.outcome, job.message, job.result_file) == ({}, "", "")
    assert set(job.cursor) <= {"last"}


def test_only_a_person_dismisses(now, structurer, system):
    run(now)
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.perform(
            record=Alert.objects.get(), name="dismiss", actor=system, at=now, reason="fine"
        )


def test_accounts_with_other_banks_are_not_watched(now, structurer):
    """What is read by a consent is not seen: a movement without a holding of ours."""
    from kyc.histories import SELECT

    assert "holding_id IS NOT NULL" in SELECT


# Rules -----------------------------------------------------------------------------------------


def stricter(actor: User, at: datetime, **parameters: Any) -> MonitoringRule:
    return services.draft_rule(
        kind="structuring", parameters=parameters or {"total": 37_600}, note="Too many",
        actor=actor, at=at,
    )  # fmt: skip


def test_a_draft_is_replayed_then_approved_by_another(now, structurer, line, karen, mads):
    _customer, account = structurer
    draft = stricter(karen, now, total=20_000, count=2)
    with pytest.raises(lifecycle.TransitionRefused, match="replayed"):
        lifecycle.perform(record=draft, name="propose", actor=karen, at=now)
    money(of=account, rows=[(before(now, 120), 11_000), (before(now, 119), 11_000)], at=now)
    replay = services.start_replay(rule=draft, months=12, actor=karen, at=now)
    assert replay.job is not None
    jobs.run(job=replay.job, at=now)
    replay.refresh_from_db()
    assert (replay.found, replay.new, replay.gone, replay.concerned) == (2, 1, 0, 1)
    assert replay.transactions == 5
    assert replay.months == {
        f"{before(now, 119):%Y-%m}": [1, 0], f"{before(now, 4):%Y-%m}": [1, 1]
    }  # fmt: skip
    assert {one.is_new for one in replay.examples.all()} == {True, False}
    assert not Alert.objects.exists()

    draft = lifecycle.perform(record=draft, name="propose", actor=karen, at=now)
    for who in (karen, line):
        with pytest.raises((lifecycle.TransitionRefused, PermissionDenied)):
            lifecycle.perform(record=draft, name="approve", actor=who, at=now)
    lifecycle.perform(record=draft, name="approve", actor=mads, at=now)
    held = MonitoringRule.objects.filter(kind="structuring").values_list("number", "state")
    assert dict(held) == {1: "RETIRED", 2: "IN_FORCE"}


def test_a_rule_is_switched_off_by_two_people(now, structurer, karen, mads):
    off = services.draft_rule(
        kind="structuring", parameters={}, switched_on=False, note="Off", actor=karen, at=now
    )
    off = lifecycle.perform(record=off, name="propose", actor=karen, at=now)
    lifecycle.perform(record=off, name="approve", actor=mads, at=now)
    run(now)
    assert not Alert.objects.filter(kind="structuring").exists()


@pytest.mark.parametrize(
    "parameters", [{"total": 0}, {"total": "many"}, {"count": True}, {"days": 366}, {"speed": 1}]
)
def test_parameters_out_of_bounds_are_refused(now, karen, parameters):
    with pytest.raises(ValidationError):
        stricter(karen, now, **parameters)


def test_who_may_not_change_rules_drafts_none(now, ada):
    with pytest.raises(PermissionDenied):
        stricter(ada, now)


# Nobody else is told ---------------------------------------------------------------------------


def test_an_adviser_sees_a_customer_with_an_alert_as_one_without(
    now, ada, karen, client_for, system
):
    from customers.privacy import pack
    from customers.privacy.resolver import held_about

    customer, account = saver(at=now, adviser=ada, branch=ada.branch)
    pages = [
        f"/customers/{customer.pk}/{tab}"
        for tab in ("", "?tab=timeline", "?tab=holdings", "?tab=privacy", "?tab=kyc")
    ] + ["/", f"/api/v1/customers/{customer.pk}/", f"/api/v1/customers/{customer.pk}/timeline/"]
    client = client_for(ada)

    def seen() -> list[str]:
        return [_plain(client.get(page).content.decode()) for page in pages]

    money(of=account, rows=[(before(now, day), kr) for day, kr in DEPOSITS], at=now)
    without = seen()
    run(now)
    alert = lifecycle.perform(record=Alert.objects.get(), name="escalate", actor=karen, at=now)
    assert alert.case is not None
    assert "alert" in client_for(karen).get(f"/kyc/alerts/{alert.pk}/").content.decode()
    for page, was, now_is in zip(pages, without, seen(), strict=True):
        changed = [one for one in now_is.splitlines() if one not in was.splitlines()]
        assert not changed, page
    for reader in (None, ada, karen):
        told = [one["model"] for one in pack.collect(customer=customer, reader=reader)]
        assert not [one for one in told if one.startswith("kyc.")]
    told = [one.what for one in held_about(customer=customer, on=now.date(), reader=karen)]
    assert not [one for one in told if "alert" in one or "KYC" in one]


def _system() -> User:
    from clm.core import actors

    return actors.system_user()


def _plain(page: str) -> str:
    """Without what differs from one answer to the next anyway."""
    import re

    page = re.sub(r'"[A-Za-z0-9]{64}"|nonce="[^"]*"', "", page)
    return re.sub(r"<time.*?</time>", "", page)
