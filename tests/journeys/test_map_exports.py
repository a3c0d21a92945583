"""A map taken along: whatever is written on it, the files are whole and ask for nothing."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation

from clm.core import jobs
from clm.core.models import Job, User
from journeys.exports.content import Felt, LaneTold, MapTold, StepTold
from journeys.exports.drawing import svg, wrapped
from journeys.exports.job import FORMS
from journeys.exports.page import page
from journeys.exports.paper import paper
from journeys.models import JourneyMap
from tests.factories import maps as make

ODD = "</script><b>&\"'#[*x*] $x$ \\ @y <tag> 习近平 \x0b"


def told(cards: int = 1, steps: int = 9) -> MapTold:
    """A map of odd words on more steps than a page has room for."""
    cells = [[ODD] * cards, *([] for _step in range(steps - 1))]
    return MapTold(
        title=ODD, lead="Fjordbank", language="da",
        steps=[
            StepTold(title=ODD * 3, phase="Apply", volume="12", friction=84, figures=[("a", ODD)])
            for _step in range(steps)
        ],
        above=[LaneTold("Customer does", "action", "", cells)],
        below=[LaneTold(ODD, "pain", "", cells)],
        felt=[Felt(ODD, [Decimal("-1.6"), None, *([Decimal(2)] * (steps - 2))])],
    )  # fmt: skip


def test_the_drawing_has_named_layers() -> None:
    root = ElementTree.fromstring(svg(told()))
    label = "{http://www.inkscape.org/namespaces/inkscape}label"
    layers = [one for one in root.iter() if one.get(label)]
    assert {"Title", "Steps", "Customer does", "Friction"} <= {
        str(one.get(label)) for one in layers
    }
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(set(ids)) == len(ids)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


def test_the_page_loads_nothing_and_runs_nothing_else() -> None:
    text = page(told())
    assert text.count("<script>") == 1
    assert "<b>&" not in text
    assert not re.search(r"(src|href)=|url\(|https?://", text)


@pytest.mark.parametrize("boards", [False, True])
def test_the_paper_can_be_printed(boards: bool, now: datetime) -> None:
    content = paper(told(cards=60 if not boards else 1), boards=boards, at=now)
    assert content.startswith(b"%PDF-")
    assert len(content) > 10_000


def test_words_without_a_gap_are_broken() -> None:
    assert "".join(wrapped("x" * 300, 100)) == "x" * 300
    assert all(len(line) < 25 for line in wrapped("x" * 300, 100))


@pytest.mark.django_db
def test_a_job_makes_the_file(
    dan: User, ada: User, client_for: Callable[[User], Client], now: datetime
) -> None:
    drawn: JourneyMap = make.drawn(by=dan, at=now)
    make.card(on=drawn, by=dan, at=now, text=ODD)
    with translation.override("da"):
        for form in FORMS:
            answer = client_for(dan).post(f"/journeys/maps/{drawn.pk}/export/", {"form": form})
            job = jobs.run(job=Job.objects.get(pk=answer["Location"].split("/")[-2]), at=now)
            assert job.state == Job.State.DONE, (form, job.message, job.cursor)
            assert jobs.open_result(job=job, actor=dan).read(20), form
    with pytest.raises(PermissionDenied):
        jobs.open_result(job=job, actor=ada)
    assert client_for(dan).post(f"/journeys/maps/{drawn.pk}/export/").status_code == 400
