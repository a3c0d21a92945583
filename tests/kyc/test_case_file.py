"""The case file: all of a case, the same bytes for the same facts, for compliance alone."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from clm.core import files, jobs, lifecycle
from clm.core.models import AccessLog, Event, User
from kyc import services
from kyc.casefile.archive import archive
from kyc.casefile.facts import collect
from kyc.models import Case, ReasonCode

LISTED = "1,Igor Petrovich Volkov,person,1961-02-03,RU"


def opened(raw: bytes) -> tuple[dict[str, Any], bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        assert packed.namelist() == ["case.json", "case.pdf", "SHA256SUMS"]
        data, document = packed.read("case.json"), packed.read("case.pdf")
        sums = packed.read("SHA256SUMS").decode()
    assert f"{sha256(data).hexdigest()}  case.json" in sums
    assert f"{sha256(document).hexdigest()}  case.pdf" in sums
    return json.loads(data), document


@pytest.fixture
def decided(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, now: datetime
) -> Case:
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=date(1961, 2, 3))
    services.decide_hit(
        hit=case.hits.get(), decision="false_match", reason_code=ReasonCode.DOCUMENT,
        comment="Passport seen: 习近平 is not his name", actor=line, at=now,
    )  # fmt: skip
    case.refresh_from_db()
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="Another person"
    )
    return lifecycle.perform(
        record=case, name="clear", actor=karen, at=now + timedelta(hours=1), reason="Agreed"
    )


def test_it_tells_who_decided_what_on_which_grounds(
    decided: Case, karen: User, now: datetime
) -> None:
    job = jobs.run(job=services.start_case_file(case=decided, actor=karen, at=now), at=now)
    assert job.state == "DONE", job.message
    facts, document = opened(files.read(key=job.result_file))
    assert (facts["case"]["state"], facts["case"]["reference"]) == ("CLEARED", decided.reference)
    (hit,) = facts["hits"]
    assert (hit["decision"], hit["reason"], hit["entry"]) == ("false_match", "document", "1")
    assert sum(one["points"] for one in hit["explanation"]) == pytest.approx(
        float(hit["score"]) * 100, abs=0.3
    )
    (question,) = facts["questions"]
    assert question["asked_by"] != question["decided_by"] != ""
    assert {one["check"] for one in facts["checks"]} >= {"sanctions", "identity"}
    assert [one["version"] for one in facts["lists"]] == [1]
    chain = Event.objects.filter(record_id=decided.pk).order_by("sequence")
    assert [one["hash"] for one in facts["events"]] == [bytes(one.hash).hex() for one in chain]
    assert document.startswith(b"%PDF")
    assert b"pdfuaid" in document
    assert AccessLog.objects.filter(kind="export", record_ids=[str(decided.pk)]).count() == 1


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_same_facts_give_the_same_bytes(decided: Case, language: str) -> None:
    first = archive(case=decided, language=language)
    assert archive(case=Case.objects.get(pk=decided.pk), language=language) == first
    finding = opened(first)[0]["checks"][0]["finding"]
    other = archive(case=decided, language="en" if language == "da" else "da")
    assert opened(other)[0]["checks"][0]["finding"] != finding


def test_a_list_that_was_held_back_was_never_in_force(
    load_names: Any, make_case: Callable[..., Case], karen: User, now: datetime
) -> None:
    load_names(*(f"{n},Somebody Else {n},person,1950,FR" for n in range(10)))
    held = load_names("1,Somebody Else 1,person,1950,FR").version
    case = make_case("Mette", "Sørensen")
    before = collect(case=case)["lists"]
    assert [one["version"] for one in before] == [1]
    services.discard_version(version=held, actor=karen, at=now)
    assert collect(case=case)["lists"] == before


def test_another_fact_gives_another_file(decided: Case, karen: User, now: datetime) -> None:
    before = opened(archive(case=decided, language="en"))[0]
    again = lifecycle.perform(
        record=decided, name="reopen", actor=karen, at=now + timedelta(days=1), reason="A tip"
    )
    after = opened(archive(case=again, language="en"))[0]
    assert after["as_of"] > before["as_of"]
    assert len(after["events"]) == len(before["events"]) + 1


def test_nobody_has_it_who_may_not_see_the_case(
    decided: Case, ada: User, karen: User, now: datetime
) -> None:
    with pytest.raises(PermissionDenied):
        services.start_case_file(case=decided, actor=ada, at=now)
    job = jobs.run(job=services.start_case_file(case=decided, actor=karen, at=now), at=now)
    with pytest.raises(PermissionDenied):
        jobs.open_result(job=job, actor=ada)
