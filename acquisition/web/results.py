"""What campaigns and channels cost and brought: pictures, and the numbers behind them."""

from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from acquisition import selectors
from acquisition.lifecycle import FUNNEL
from acquisition.selectors import Attribution, Result
from clm.core.web.charts import Part, bars, funnel
from clm.core.web.views import StaffView
from clm.core.web.words import money

#: So many campaigns stand in the pictures; more of them tell nothing at a glance.
SHOWN = 12


class ResultsView(StaffView):
    """`?by=` campaign or channel, `?model=` of attribution, `?since=` a day (channels alone)."""

    permission = "acquisition.view_campaign"
    template_name = "acquisition/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, actor = self.request.GET, self.request.user
        by = "channel" if asked.get("by") == "channel" else "campaign"
        model = asked.get("model", "")
        attribution = Attribution(model) if model in Attribution.values else Attribution.LAST
        since = _day(asked.get("since", "")) if by == "channel" else None
        results = (
            selectors.channel_results(actor=actor, since=since, attribution=attribution)
            if by == "channel"
            else selectors.campaign_results(actor=actor, attribution=attribution, limit=SHOWN)
        )
        return super().get_context_data(
            by=by,
            attribution=attribution,
            attributions=Attribution.choices,
            since=since,
            results=results,
            tabs=[
                {"label": _("By campaign"), "url": "?by=campaign", "active": by == "campaign"},
                {"label": _("By channel"), "url": "?by=channel", "active": by == "channel"},
            ],
            **_pictures(results),
            **kwargs,
        )


def _pictures(results: list[Result]) -> dict[str, Any]:
    total = [sum(one.reached[step] for one in results) for step in range(len(FUNNEL))]
    return {
        "funnel": funnel(
            [Part(str(state.label), count) for state, count in zip(FUNNEL, total, strict=True)],
            title=_("From lead to customer"),
            width=560,
        ),
        "costs": bars(
            [
                Part(one.label, one.cost_per_customer or 0, text=money(one.cost_per_customer))
                for one in results
            ],
            title=_("Cost per customer"),
            width=420,
        ),
        "returns": bars(
            [
                Part(
                    one.label,
                    one.gain,
                    text=money(one.gain),
                    kind="bad" if one.gain < 0 else "data",
                )
                for one in results
            ],
            title=_("Return in the first year"),
            width=420,
        ),
    }


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
