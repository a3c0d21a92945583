"""Journeys: the list, the friction explorer, and who passed a step."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from clm.core import access, actors
from clm.core.models import Branch
from clm.core.web.views import StaffView
from customers.models import PartyKind
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

    @cached_property
    def cut(self) -> selectors.Cut:
        """The part of the journey that the address asks for; comparing needs a period."""
        query = self.request.GET
        since, until = _day(query.get("since")), _day(query.get("until"))
        if query.get("compare"):
            until = until or timezone.localdate()
            since = since if since and since <= until else until - timedelta(days=89)
        kind = query.get("kind", "")
        return selectors.Cut(
            since=since,
            until=until,
            branch=_id(query.get("branch")),
            kind=kind if kind in PartyKind.values else "",
            channel=query.get("channel", "")[:80],
        )

    @cached_property
    def choice(self) -> explorer.Choice:
        query = self.request.GET
        return explorer.Choice(
            paths=_within(query.get("paths"), 1, 100, 80),
            least=_within(query.get("least"), 1, 1_000_000, 1),
            measure=query.get("measure", "")
            if query.get("measure") in explorer.MEASURES
            else "median",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query, actor = self.request.GET, self.request.user
        report = selectors.friction(journey=self.journey, actor=actor, cut=self.cut)
        before = None
        if query.get("compare"):
            before = selectors.friction(journey=self.journey, actor=actor, cut=self.cut.before())
        own = self.journey.source == Journey.Source.LIFE_CYCLE
        urls = self._addresses(report)
        rows = explorer.step_rows(report, own=own, before=before)
        variants = explorer.variant_rows(report, own=own)
        worst = explorer.longest_wait(rows)
        return {
            **super().get_context_data(**kwargs),
            **self._filters(),
            "journey": self.journey,
            "report": report,
            "chart": explorer.draw(
                report, self.choice, title=str(self.journey), urls=urls, own=own
            ),
            "choice": self.choice,
            "cut": self.cut,
            "compare": before is not None,
            "most": max((edge["count"] for edge in report["edges"]), default=1),
            "heats": list(enumerate(("< 1 d", "1–3 d", "3–5 d", "> 5 d"), start=1)),
            "measures": list(explorer.MEASURES.items()),
            "as_table": query.get("view") == "table",
            "steps": [(row, urls[row.key]) for row in rows],
            "worst": worst,
            "worst_url": urls[worst.key] if worst else "",
            "variants": variants,
            "variants_share": sum(one["share"] for one in variants),
        }

    def _addresses(self, report: Mapping[str, Any]) -> dict[str, str]:
        address = reverse("journeys:customers", args=[self.journey.slug])
        return {
            one["name"]: f"{address}?{urlencode({'activity': one['name']})}"
            for one in report["activities"]
        }

    def _filters(self) -> dict[str, Any]:
        """What may be chosen, and what each of the two forms carries along of the other."""
        actor = self.request.user
        everywhere = actors.reach(actor=actor) == "all"
        given = [(key, value) for key, value in self.request.GET.items() if value]
        sliders = {"paths", "least"}
        period = {"since", "until", "branch", "kind", "channel"}
        return {
            "branches": Branch.objects.all() if everywhere else [],
            "kinds": PartyKind.choices,
            "channels": selectors.channels_of(journey=self.journey, actor=actor),
            "kept_by_filters": [one for one in given if one[0] not in period],
            "kept_by_sliders": [one for one in given if one[0] not in sliders],
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


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
