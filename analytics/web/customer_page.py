"""One customer's score in words and in a drawing: where it starts, and what moves it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from analytics.models import ChurnScore
from clm.core.web.charts import Part, Series, line, waterfall
from clm.core.web.words import dated, number
from customers import reasons


def told(score: ChurnScore, earlier: Sequence[ChurnScore]) -> dict[str, Any]:
    """The reasons as a way from the usual to this customer, and the scores before."""
    why = reasons.told(reasons=score.reasons)
    base, whole = score.base * 100, score.probability * 100
    rest = whole - base - sum(one.points for one in why)
    parts = [Part(one.told, round(one.points, 1), text=_points(one.points)) for one in why]
    if abs(rest) >= 0.05:
        parts.append(Part(_("All the rest"), round(rest, 1), text=_points(rest)))
    return {
        "score": score,
        "why": why,
        "chart": waterfall(
            parts,
            title=_("From the usual risk to this customer’s, in percentage points"),
            base=round(base, 1),
            base_label=_("The usual risk"),
            total_label=_("This customer"),
            bad_is_up=True,
            width=560,
        ),
        "history": line(
            [dated(one.scored_on, "j M") for one in earlier],
            [Series(_("Risk, %"), [round(one.probability * 100, 1) for one in earlier])],
            title=_("The risk until now"),
            width=400,
            height=180,
        )
        if len(earlier) > 1
        else "",
    }


def _points(value: float) -> str:
    return ("+" if value > 0 else "") + number(value, 1)
