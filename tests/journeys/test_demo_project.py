"""The demo's mapping project: its planted story is there to find, and what it hands over opens."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clm.core import files, jobs
from clm.core.models import Branch, User
from clm.demobank import golive, mapping, staff
from journeys import selectors, services
from journeys.deliverables.job import DELIVERABLES
from journeys.models import MapCard, MappingProject, PlannedAction
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> golive.Bank:
    users, now = staff.make_staff(), timezone.now()
    for branch in Branch.objects.all():
        for _number in range(3):
            make.customer(branch=branch, at=now - timedelta(days=720))
    start = now - timedelta(days=730)
    return golive.Bank(rng=random.Random(1), users=users, products={}, start=start, now=now)


def texts_in(document: bytes) -> str:
    """All that a zipped document says."""
    with zipfile.ZipFile(io.BytesIO(document)) as packed:
        names = [one for one in packed.namelist() if one.endswith(".xml")]
        return "\n".join(packed.read(one).decode() for one in names)


def test_the_story_is_there_to_find(
    bank: golive.Bank, client_for: Callable[[User], Client]
) -> None:
    mapping.plant(bank)
    project, nina, now = MappingProject.objects.get(), bank.users["nina"], bank.now
    assert (project.state, project.depth) == ("PRESENTATION", "data")
    # The friction is where it was planted, and costs money.
    assert project.journey is not None
    slow = selectors.analysis(journey=project.journey, actor=nina, at=now)["slow"][0]
    assert (slow["activity"], slow["group"]) == ("Documents asked for", "Odense")
    documents = selectors.moments_of(project=project)[0]
    assert str(documents) == "Finds the documents"
    assert documents.measured["cost_low"] > 100_000
    # What was done is measured where there are cases enough, and only there.
    done, late, *rest = selectors.actions_of(project=project)
    found = selectors.effect_of(action=done, actor=nina, at=now)
    assert found.state == "shown", found
    assert found.found is not None
    assert found.found["high"] < -4
    assert selectors.effect_of(action=late, actor=nina, at=now).state == "waiting"
    assert {selectors.effect_of(action=one, actor=nina, at=now).state for one in rest} == {"open"}
    # On the map of today, and on that of tomorrow which was drawn from it.
    assert MapCard.objects.exclude(value=None, solution=None).count() == 8
    impact = selectors.impact_of(project=project, actor=nina, at=now)
    assert impact is not None
    low, middle, high = (one.lifetime for one in impact.scenarios)
    assert 0 < low < middle < high
    client = client_for(nina)
    for module in ("briefing", "research", "workshop", "analysis", "plan"):
        page = client.get(f"/journeys/projects/{project.pk}/?module={module}")
        assert page.status_code == 200, module
    effect = client.get(f"/journeys/parts/actions/{done.pk}/effect/").content.decode()
    assert "against the comparison group" in effect
    assert client.get(f"/journeys/projects/{project.pk}/impact/").status_code == 200
    _hostile(project, nina, now)
    made = {
        (what, language): _made(project, what, language, nina, now)
        for what in DELIVERABLES
        for language in ("da", "en")
        if what == "plan-xlsx" or language == "da"
    }
    for what in ("insights", "plan", "impact"):
        assert made[what, "da"].startswith(b"%PDF-"), what
    plan = texts_in(made["plan-xlsx", "en"])
    assert "'=cmd()" in plan
    assert "<f>" not in plan
    assert "Ikke gjort endnu" in texts_in(made["plan-xlsx", "da"])
    assert "Sends the same payslip three times" in texts_in(made["workshop", "da"])


def _hostile(project: MappingProject, nina: User, now: datetime) -> None:
    """What a spreadsheet would run and a typesetter would obey."""
    words: dict[str, Any] = {"title": "=cmd()|' /C calc'!A0 #eval(\"1\") <b>$x$</b>"}
    services.add_part(project=project, kind="actions", values=words, actor=nina, at=now)
    services.add_part(
        project=project, kind="insights", values={"text": '#panic("no") @ref *b* \x07 习近平'},
        actor=nina, at=now,
    )  # fmt: skip
    assert PlannedAction.objects.filter(title__startswith="=cmd()").exists()


def _made(project: MappingProject, what: str, language: str, nina: User, now: datetime) -> bytes:
    job = services.start_deliverable(
        project=project, what=what, language=language, actor=nina, at=now
    )
    job = jobs.run(job=job, at=now)
    assert job.state == "DONE", (what, job.message, job.cursor)
    return files.read(key=job.result_file)
