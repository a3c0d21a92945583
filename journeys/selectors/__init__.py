"""Reading journeys: lists, a customer's path, and what is measured within the actor's reach."""

from journeys.selectors.cuts import Cut, Loaded, load
from journeys.selectors.measured import (
    Assumptions,
    Place,
    analysis,
    assumed_value,
    cases_at,
    change,
    friction,
    funnel,
)
from journeys.selectors.visible import (
    channels_of,
    path_of_customer,
    segments,
    visible_journeys,
    visible_touchpoints,
)

__all__ = [
    "Assumptions",
    "Cut",
    "Loaded",
    "Place",
    "analysis",
    "assumed_value",
    "cases_at",
    "change",
    "channels_of",
    "friction",
    "funnel",
    "load",
    "path_of_customer",
    "segments",
    "visible_journeys",
    "visible_touchpoints",
]
