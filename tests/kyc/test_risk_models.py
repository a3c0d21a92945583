"""A version of the risk model: within the law, tried on everybody, and two people for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.urls import reverse

from clm.core import files, jobs, lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from customers.models import Customer
from kyc import services
from kyc.factors import registered
from kyc.models import RiskModel
from kyc.rating import selectors
from tests.factories import customers
from tests.factories.kyc import content, risk_draft


def stricter(by: int = 30) -> dict[str, Any]:
    """Legal persons count for so much more."""
    changed = content()
    next(one for one in changed["factors"] if one["code"] == "organisation")["points"] += by
    return changed


def back_tested(model: RiskModel, actor: User, at: datetime) -> RiskModel:
    job = jobs.run(job=services.start_back_test(model=model, actor=actor, at=at), at=at)
    assert job.state == "DONE", (job.message, job.cursor.get("error"))
    model.refresh_from_db()
    return model


def spoilt(**changes: Any) -> dict[str, Any]:
    found = content()
    found["diligence"]["high"].update(changes)
    return found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: spoilt(years=2), "AMLR art. 26 allows 1 at most"),
        (lambda: spoilt(kind="standard"), "AMLR art. 34"),
        (lambda: spoilt(requirements=["mood"]), "a requirement is not known"),
        (lambda: spoilt(hours=float("inf")), "hours are a number above 0"),
        (lambda: {**content(), "levels": {"medium": 60, "high": 60}}, "High begins above medium"),
        (lambda: {**content(), "levels": {"medium": True, "high": 60}}, "a whole number"),
        (
            lambda: {
                **content(),
                "factors": [f for f in content()["factors"] if f["code"] != "pep"],
            },
            "AMLR art. 42",
        ),
        (lambda: {**content(), "factors": [*content()["factors"], {"code": "mood"}]}, "“mood”"),
        (lambda: {**content(), "factors": "all"}, "a list of objects"),
        (
            lambda: {**content(), "factors": [*content()["factors"], {"code": "pep", "points": 1}]},
            "given twice",
        ),
    ],
)
def test_what_the_law_or_the_reader_does_not_allow_is_refused(
    db: None, change: Any, said: str, line: User, now: datetime
) -> None:
    with pytest.raises(ValidationError, match=said):
        services.draft_risk_model(**change(), note="why", actor=line, at=now)


def test_the_shipped_model_is_within_the_law(db: None, line: User, now: datetime) -> None:
    made = services.draft_risk_model(**content(), note="the same again", actor=line, at=now)
    assert (made.number, made.state) == (3, "DRAFT")
    assert {one["code"] for one in made.factors} == set(registered())


def test_a_draft_is_tried_on_everybody_before_a_second_person_puts_it_in_force(
    db: None, line: User, karen: User, ada: User, now: datetime
) -> None:
    for _one in range(3):
        customers.customer(stage="ACTIVE", at=now)
    firm = customers.customer(stage="ACTIVE", kind="organisation", at=now)
    day = now.date().replace(year=now.year + 3)
    Customer.objects.filter(pk=firm.pk).update(kyc_review_on=day, risk_level="low")
    with pytest.raises(PermissionDenied):
        services.draft_risk_model(**stricter(), note="why", actor=ada, at=now)
    draft = services.draft_risk_model(**stricter(), note="firms", actor=line, at=now)
    with pytest.raises(TransitionRefused, match="back-tested as it stands"):
        lifecycle.perform(record=draft, name="propose", actor=line, at=now)
    draft = back_tested(draft, line, now)
    found = draft.back_test
    assert (found["customers"], found["moved"], found["moves"]) == (
        4, 1, {"low>low": 3, "medium>high": 1},
    )  # fmt: skip
    # Stricter due diligence is due at once, at the hours that the draft gives a high risk.
    assert (found["reviews"], found["due"]["high"], found["hours"]) == (1, 1, 6)
    job = selectors.back_test_job(model=draft)
    assert job is not None
    lines = files.read(key=job.result_file).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert str(firm.pk) in lines[1]
    # Changed, it is another draft.
    draft = services.change_risk_model(model=draft, changes=stricter(31), actor=line, at=now)
    with pytest.raises(TransitionRefused, match="back-tested as it stands"):
        lifecycle.perform(record=draft, name="propose", actor=line, at=now)
    draft = back_tested(draft, karen, now)
    draft = lifecycle.perform(record=draft, name="propose", actor=karen, at=now)
    with pytest.raises(TransitionRefused, match="draft"):
        services.change_risk_model(model=draft, changes=stricter(5), actor=line, at=now)
    with pytest.raises(TransitionRefused, match="Another person"):
        lifecycle.perform(record=draft, name="approve", actor=karen, at=now)
    assert selectors.risk_model_in_force().number == 2


def test_the_next_version_ends_the_one_before_and_stays_as_it_was(
    db: None, line: User, karen: User, now: datetime
) -> None:
    draft = back_tested(risk_draft(at=now, actor=line, **stricter()), line, now)
    draft = lifecycle.perform(record=draft, name="propose", actor=line, at=now)
    lifecycle.perform(record=draft, name="approve", actor=karen, at=now)
    standing = list(RiskModel.objects.order_by("number").values_list("number", "state"))
    assert standing == [(1, "RETIRED"), (2, "RETIRED"), (3, "IN_FORCE")]
    assert RiskModel.objects.get(number=2).in_force_until == now
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE kyc_riskmodel SET levels = '{}' WHERE number = 3")
    with pytest.raises(Error), transaction.atomic():
        RiskModel.objects.filter(number=2).delete()


def test_a_back_test_says_when_its_draft_became_another(
    db: None, line: User, now: datetime
) -> None:
    draft = risk_draft(at=now, actor=line)
    job = services.start_back_test(model=draft, actor=line, at=now)
    assert services.start_back_test(model=draft, actor=line, at=now) == job
    services.change_risk_model(model=draft, changes=stricter(), actor=line, at=now)
    job = jobs.run(job=job, at=now)
    assert (job.state, "test it again" in job.message) == ("FAILED", True)
    draft.refresh_from_db()
    assert draft.back_test == {}


def test_pages_of_a_draft(
    client_for: Callable[..., Any], line: User, karen: User, now: datetime
) -> None:
    browser = client_for(line)
    page = browser.get(reverse("kyc:risk-draft"))
    form = page.context["form"]
    typed = {name: form[name].value() for name in form.fields} | {
        "note": "firms",
        "points_organisation": 40,
    }
    typed = {name: value for name, value in typed.items() if value is not None}
    too_long = browser.post(reverse("kyc:risk-draft"), {**typed, "years_high": 2})
    assert too_long.status_code == 422
    assert "AMLR art. 26" in too_long.content.decode()
    made = browser.post(reverse("kyc:risk-draft"), typed)
    draft = RiskModel.objects.get(number=3)
    assert made.headers["Location"] == reverse("kyc:risk-model", args=[draft.pk])
    shown = browser.get(made.headers["Location"]).content.decode()
    assert "Before: 10 points" in shown
    assert shown.count("is-warn") == 1
    browser.post(reverse("kyc:risk-back-test", args=[draft.pk]))
    job = selectors.back_test_jobs(model=draft).get()
    jobs.run(job=job, at=now)
    moves = client_for(karen).get(reverse("kyc:risk-moves", args=[draft.pk]))
    assert b"".join(moves.streaming_content).startswith(b"\xef\xbb\xbfcustomer_id,")
