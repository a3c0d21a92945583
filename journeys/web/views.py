"""Journeys: the list, the friction explorer, and who passed a step."""

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse

from clm.core import access
from clm.core.web.views import StaffView
from journeys import selectors
from journeys.models import Journey
from journeys.web import explorer


class JourneysView(StaffView):
    """All journeys with their size."""

    template_name = "journeys/journeys.html"
    permission = "journeys.view_journey"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.visible_journeys(actor=self.request.user).order_by("-source", "name")
        return {**super().get_context_data(**kwargs), "journeys": found}


class FrictionView(StaffView):
    """The explorer; whatever is chosen stands in the address."""

    template_name = "journeys/friction.html"
    permission = "journeys.view_journey"

    @cached_property
    def journey(self) -> Journey:
        visible = selectors.visible_journeys(actor=self.request.user)
        return get_object_or_404(visible, slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET
        cut = selectors.Cut(since=_day(query.get("since")), until=_day(query.get("until")))
        choice = explorer.Choice(
            paths=_within(query.get("paths"), 1, 100, 80),
            least=_within(query.get("least"), 1, 1_000_000, 1),
            measure=query.get("measure", "")
            if query.get("measure") in explorer.MEASURES
            else "median",
        )
        report = selectors.friction(journey=self.journey, actor=self.request.user, cut=cut)
        own = self.journey.source == Journey.Source.LIFE_CYCLE
        address = reverse("journeys:customers", args=[self.journey.slug])
        urls = {
            one["name"]: f"{address}?{urlencode({'activity': one['name']})}"
            for one in report["activities"]
        }
        variants = explorer.variant_rows(report, own=own)
        return {
            **super().get_context_data(**kwargs),
            "journey": self.journey,
            "report": report,
            "chart": explorer.draw(report, choice, title=str(self.journey), urls=urls, own=own),
            "choice": choice,
            "cut": cut,
            "most": max((edge["count"] for edge in report["edges"]), default=1),
            "measures": [(key, label) for key, label in explorer.MEASURES.items()],
            "as_table": query.get("view") == "table",
            "steps": [(row, urls[row.key]) for row in explorer.step_rows(report, own=own)],
            "variants": variants,
            "variants_share": sum(one["share"] for one in variants),
        }


class StepCustomersView(StaffView):
    """Who passed one step, the latest first; only customers within reach."""

    template_name = "journeys/customers.html"
    permission = "journeys.view_journey"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        journey = get_object_or_404(
            selectors.visible_journeys(actor=actor), slug=self.kwargs["slug"]
        )
        activity = self.request.GET.get("activity", "")[:200]
        rows = selectors.customers_at(journey=journey, actor=actor, activity=activity)
        access.note_read(records=[], kind="list")
        return {
            **super().get_context_data(**kwargs),
            "journey": journey,
            "activity": explorer.told(
                activity, own=bool(activity) and journey.source == Journey.Source.LIFE_CYCLE
            ),
            "rows": rows,
        }


def _within(text: str | None, low: int, high: int, otherwise: int) -> int:
    try:
        return min(max(int(text or ""), low), high)
    except ValueError:
        return otherwise


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
