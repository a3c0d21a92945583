"""The canvas in a real browser: drag, keys, and a colleague's card that appears by itself."""

from datetime import datetime
from typing import Any

import pytest

from journeys.models import JourneyMap, MapCard
from journeys.services import maps
from tests import browser as real
from tests.factories import maps as make
from tests.journeys.test_map_pages import drawn  # noqa: F401
from tests.journeys.test_pages import journey  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]


def placed(text: str) -> tuple[Any, Any]:
    card = MapCard.objects.get(text=text, removed_at=None)
    return card.lane_id, card.step_id


def test_two_people_draw_at_once(
    live_server: Any,
    dan: Any,
    karen: Any,
    drawn: JourneyMap,  # noqa: F811
    now: datetime,
) -> None:
    maps.share(on=drawn, shared=True, actor=dan, at=now)
    make.card(on=drawn, by=dan, at=now, text="Finds payslips")
    lanes, steps = list(drawn.lanes.order_by("order")), list(drawn.steps.order_by("order"))
    with real.browser() as running:
        page = real.page_for(dan, running=running, base_url=live_server.url)
        page.goto(f"/journeys/maps/{drawn.pk}/")
        # Dragged to another step, then by keys back and into the lane below.
        card = page.get_by_text("Finds payslips")
        cell = page.locator(f"#l-{lanes[0].pk} td[data-step='{steps[1].pk}']")
        with page.expect_response("**/do/"):
            card.drag_to(cell)
        cell.get_by_text("Finds payslips").wait_for()
        assert placed("Finds payslips") == (lanes[0].pk, steps[1].pk)
        card.focus()
        page.keyboard.press("Alt+ArrowLeft")
        page.keyboard.press("Alt+ArrowDown")
        page.locator(f"#l-{lanes[1].pk} td[data-step='{steps[0].pk}'] [data-card]").wait_for()
        assert placed("Finds payslips") == (lanes[1].pk, steps[0].pk)
        # Writing goes on while somebody else's card comes in.
        cell.locator("[data-add]").click()
        page.keyboard.type("Half a thou")
        maps.add_card(
            on=drawn, lane=lanes[0].pk, step=steps[1].pk, text="From Karen", actor=karen, at=now
        )
        cell.get_by_text("From Karen").wait_for(timeout=15_000)
        page.keyboard.type("ght")
        with page.expect_response("**/do/"):
            page.keyboard.press("Enter")
        cell.locator("[data-card]", has_text="Half a thought").wait_for()
        page.keyboard.press("Escape")
        # A feeling by key, and undone.
        point = page.locator(f"[data-feel='{steps[1].pk}']")
        point.focus()
        with page.expect_response("**/do/"):
            page.keyboard.press("PageUp")
        assert point.get_attribute("aria-valuenow") == "-1.1"
        with page.expect_response("**/do/"):
            page.keyboard.press("Control+z")
        page.locator(f"[data-feel='{steps[1].pk}'][aria-valuenow='-1.6']").wait_for()
        # Both texts for one card stay.
        page.get_by_text("From Karen").click()
        text = page.locator("#panel textarea[name='text']").first
        text.fill("Of Dan")
        other = MapCard.objects.get(text="From Karen")
        maps.write_card(
            on=drawn, card=other.pk, text="Of Karen", version=other.version, actor=karen, at=now
        )
        with page.expect_response("**/do/"):
            page.keyboard.press("Control+Enter")
        cell.locator("[data-card]", has_text="Of Dan").wait_for()
        assert cell.locator("[data-card]", has_text="Of Karen").count() == 1
        real.screenshot(page, name="map-two-people")
        assert not page.problems  # type: ignore[attr-defined]
        page.context.close()


@pytest.mark.parametrize("look", real.LOOKS)
def test_pages_are_clean(live_server, dan, drawn, look, now):  # noqa: F811
    step, card = make.part(drawn, "steps", 1), MapCard.objects.get()
    maps.draw_to_be(of=drawn, name="To-be", actor=dan, at=now)
    version = maps.save_version(on=drawn, name="Monday", actor=dan, at=now)
    here = f"/journeys/maps/{drawn.pk}/"
    paths = {
        "list": "/journeys/maps/", "canvas": here, "step": f"{here}?step={step.pk}",
        "card": f"{here}?card={card.pk}", "version": f"{here}versions/{version.pk}/",
        "new": "/journeys/maps/new/", "personas": "/journeys/personas/",
        "persona": f"/journeys/personas/{drawn.personas.get().pk}/",
    }  # fmt: skip
    real.assert_clean(dan, base_url=live_server.url, paths=paths, look=look, name="maps")
