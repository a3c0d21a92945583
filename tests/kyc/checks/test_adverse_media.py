from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from clm.core import lifecycle
from clm.core.models import User
from kyc.checks import Subject
from kyc.checks.adverse_media import adverse_media
from kyc.models import Case
from tests.kyc.test_cases import decide_all


def test_what_was_confirmed_asks_for_a_person(subject: Callable[..., Subject]) -> None:
    assert adverse_media(subject()).passed
    assert not adverse_media(subject(media_hits=1)).passed


@pytest.mark.parametrize("programme", ["adverse media", "SDGT"])
def test_it_bars_nobody_and_a_sanction_does(
    load_list_of: Callable[[str], Any], make_case: Callable[..., Case], line: User, now: datetime,
    programme: str, deliver_all: Any,
) -> None:  # fmt: skip
    load_list_of(programme)
    case = make_case("Igor", "Volkov", born_on=date(1961, 2, 3))
    decide_all(case, "true_match", line, now)
    case = lifecycle.perform(record=case, name="investigate", actor=line, at=now)
    steps = {one.name: one for one in lifecycle.available(record=case, actor=line, at=now)}
    barred = [str(one) for one in steps["propose_clearance"].reasons]
    assert barred == ([] if programme == "adverse media" else ["No hit is the listed person"])
