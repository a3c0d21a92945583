"""The churn model: how good it is, why it says what it says, and which versions there are."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from analytics import selectors
from analytics.features import LABELS
from analytics.models import CHURN, ModelVersion
from clm.core import access
from clm.core.web.charts import Part, Series, bars, line
from clm.core.web.views import StaffView
from customers import reasons


class ChurnView(StaffView):
    """The model in use, or the newest one, and the customers most at risk."""

    template_name = "analytics/churn.html"
    permission = "analytics.view_modelversion"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        versions = selectors.visible_models(actor=actor).filter(name=CHURN).order_by("-number")
        shown = selectors.model_in_use() or versions.first()
        scores = selectors.most_at_risk(actor=actor)
        scoring = selectors.last_scoring(actor=actor)
        access.note_read(records=scores, kind="list")
        return {
            **super().get_context_data(**kwargs),
            "versions": versions[:20],
            "scores": [(score, reasons.told(reasons=score.reasons[:1])) for score in scores],
            "scoring": scoring,
            "high": scoring["bands"].get("high", 0),
            **(_about(shown) if shown else {}),
        }


class ModelView(StaffView):
    """One version of the register with its card and what may be done with it."""

    template_name = "analytics/model.html"
    permission = "analytics.view_modelversion"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = selectors.visible_models(actor=self.request.user)
        version = get_object_or_404(visible, pk=self.kwargs["pk"])
        access.note_read(records=version)
        return {**super().get_context_data(**kwargs), **_about(version)}


def _about(version: ModelVersion) -> dict[str, Any]:
    curve = version.card.get("curve", [])
    importance = version.card.get("importance", [])[:10]
    usual = version.metrics.get("positive_rate")
    return {
        "model": version,
        "metrics": version.metrics,
        "lift": curve[-1]["seen"] / usual if curve and usual else None,
        "algorithm": gettext(version.algorithm),
        "why": bars(
            [
                Part(gettext(LABELS.get(one["name"], one["name"])), round(one["weight"], 3))
                for one in importance
            ],
            title=_("What moves the score"),
            width=640,
            unit=_("Mean log-odds"),
        ),
        "calibration": line(
            [str(number + 1) for number in range(len(curve))],
            [
                Series(_("Promised, %"), [round(one["promised"] * 100, 1) for one in curve]),
                Series(_("Seen, %"), [round(one["seen"] * 100, 1) for one in curve]),
            ],
            title=_("Promised and seen rate, in tenths of the customers"),
            width=288,
            height=180,
        )
        if curve
        else "",
    }
