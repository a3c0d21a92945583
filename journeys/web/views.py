"""Journeys: the list, the friction explorer, and who passed a step."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from clm.core import access, actors
from clm.core.models import Branch
from clm.core.web.views import StaffView
from customers.models import PartyKind
from journeys import selectors
from journeys.metrics import metrics
from journeys.models import Journey
from journeys.web import explorer

#: What of an address says which cases a page is about.
CUT = ("since", "until", "branch", "kind", "channel", "segment", "compare")


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
        return cut_of(self.request)

    @cached_property
    def assumptions(self) -> selectors.Assumptions:
        """What the address assumes; a customer's worth is what those within reach earn us."""
        query = self.request.GET
        value = _amount(query.get("value"))
        if value is None and self.journey.source == Journey.Source.LIFE_CYCLE:
            value = selectors.assumed_value(actor=self.request.user)
        norm, horizon = _amount(query.get("norm")), _amount(query.get("horizon"))
        return selectors.Assumptions(
            value=value,
            norm_days=1.0 if norm is None else min(norm, 1000.0),
            horizon_days=30 if horizon is None else max(1, min(int(horizon), 1000)),
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
        query, actor, at = self.request.GET, self.request.user, timezone.now()
        asked: dict[str, Any] = {"journey": self.journey, "actor": actor}
        rest = {**asked, "assumptions": self.assumptions, "at": at}
        found = selectors.analysis(**rest, cut=self.cut)
        report = found["report"]
        before = change = None
        if query.get("compare"):
            before = selectors.analysis(**rest, cut=self.cut.before())
            change = selectors.change(**asked, cut=self.cut, at=at)
        own = self.journey.source == Journey.Source.LIFE_CYCLE
        urls = self._addresses(report)
        rows = explorer.step_rows(found, own=own, before=before)
        variants = explorer.variant_rows(report, own=own)
        worst = explorer.longest_wait(rows)
        slow = next((one for one in found["slow"] if not self.cut.branch), None)
        value = self.assumptions.value
        return {
            **super().get_context_data(**kwargs),
            **self._filters(),
            "journey": self.journey,
            "report": report,
            "found": found,
            "chart": explorer.draw(
                report, found, self.choice, title=str(self.journey), value=value, urls=urls, own=own
            ),
            "choice": self.choice,
            "cut": self.cut,
            "assumptions": self.assumptions,
            "meaning": gettext(friction_meaning()),
            "compare": before is not None,
            "change": change,
            "most": max((edge["count"] for edge in report["edges"]), default=1),
            "heats": list(enumerate(("< 1 d", "1–3 d", "3–5 d", "> 5 d"), start=1)),
            "measures": [one for one in explorer.MEASURES.items() if value or one[0] != "cost"],
            "as_table": query.get("view") == "table",
            "steps": [(row, urls[row.key, ""]) for row in rows],
            "worst": worst,
            "worst_url": urls[worst.key, ""] if worst else "",
            "slow": slow,
            "slow_name": explorer.told(slow["activity"], own=own) if slow else "",
            "slow_url": self._slow_url(slow) if slow else "",
            "variants": variants,
            "variants_share": sum(one["share"] for one in variants),
        }

    def _addresses(self, report: Mapping[str, Any]) -> dict[tuple[str, str], str]:
        """Where each step and each way leads, with the same choice of cases."""
        places = [(one["name"], "") for one in report["activities"]]
        places += [(one["source"], one["target"]) for one in report["edges"]]
        return {place: self._address(*place) for place in places}

    def _address(self, step: str, target: str, **more: str) -> str:
        query = {key: value for key, value in self.request.GET.items() if value and key in CUT}
        query |= {"activity": step, **({"target": target} if target else {}), **more}
        return f"{reverse('journeys:customers', args=[self.journey.slug])}?{urlencode(query)}"

    def _slow_url(self, slow: Mapping[str, Any]) -> str:
        branch = Branch.objects.filter(name=slow["group"]).first()
        return self._address(slow["activity"], "", **({"branch": str(branch.pk)} if branch else {}))

    def _filters(self) -> dict[str, Any]:
        """What may be chosen, and what each of the two forms carries along of the other."""
        actor = self.request.user
        everywhere = actors.reach(actor=actor) == "all"
        given = [(key, value) for key, value in self.request.GET.items() if value]
        sliders = {"paths", "least"}
        money = {"value", "norm", "horizon"}
        return {
            "branches": Branch.objects.all() if everywhere else [],
            "kinds": PartyKind.choices,
            "channels": selectors.channels_of(journey=self.journey, actor=actor),
            "segments": selectors.segments(actor=actor),
            "kept_by_filters": [one for one in given if one[0] not in CUT],
            "kept_by_money": [one for one in given if one[0] not in money],
            "kept_by_sliders": [one for one in given if one[0] not in sliders],
        }


class StepCustomersView(StaffView):
    """Who passed a step or went from it to another, the longest wait first; only within reach."""

    template_name = "journeys/customers.html"
    permission = "journeys.view_journey"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        journey = get_object_or_404(
            selectors.visible_journeys(actor=actor), slug=self.kwargs["slug"]
        )
        step, target = (self.request.GET.get(name, "")[:200] for name in ("activity", "target"))
        count, rows = selectors.cases_at(
            journey=journey,
            actor=actor,
            place=selectors.Place(step=step, target=target),
            cut=cut_of(self.request),
        )
        access.note_read(records=[], kind="list")
        own = journey.source == Journey.Source.LIFE_CYCLE
        words = [explorer.told(name, own=own) for name in (step, target) if name]
        return {
            **super().get_context_data(**kwargs),
            "journey": journey,
            "activity": " → ".join(words),
            "count": count,
            "rows": rows,
        }


def cut_of(request: HttpRequest) -> selectors.Cut:
    """The part of a journey that an address asks for; comparing needs a period."""
    query = request.GET
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
        segment=query.get("segment", "")[:40],
    )


def friction_meaning() -> str:
    return next(one.meaning for one in metrics() if one.name == "friction")


def _amount(text: str | None) -> float | None:
    """A number from 0 up to a thousand million."""
    try:
        found = float((text or "").replace(",", "."))
    except ValueError:
        return None
    return found if 0 <= found <= 1e9 else None


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
