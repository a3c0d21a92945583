"""How much an alert weighs: points with their reasons, which add up to the score."""

from math import log2
from typing import Any

#: A behaviour that just reaches its limits; what each doubling adds; what strength alone can give.
REACHED, DOUBLED, MOST = 50, 20, 90
RISK = {"high": 20, "medium": 5}


def score(*, strength: float, risk: str = "") -> tuple[int, list[dict[str, Any]]]:
    """
    0 to 100, and `[{"code", "points", "facts"}]`.

    :param strength: how far beyond the limits, 1 being just reached
    :param risk: the customer's rating
    """
    beyond = min(round(DOUBLED * log2(max(strength, 1.0))), MOST - REACHED)
    rated = min(RISK.get(risk, 0), 100 - REACHED - beyond)
    parts: list[tuple[str, int, dict[str, Any]]] = [
        ("reached", REACHED, {}),
        ("beyond", beyond, {"times": round(strength, 1)}),
        ("risk", rated, {"risk": risk}),
    ]
    return REACHED + beyond + rated, [
        {"code": code, "points": points, "facts": facts} for code, points, facts in parts if points
    ]
