"""Writing touchpoints: from files, from channels, and from the platform's own events."""

from journeys.services.ingest import NewTouchpoint, Outcome, add_touchpoints
from journeys.services.logs import Imported, import_log
from journeys.services.named import journey_named, life_cycle_journey
from journeys.services.projection import project

__all__ = [
    "Imported",
    "NewTouchpoint",
    "Outcome",
    "add_touchpoints",
    "import_log",
    "journey_named",
    "life_cycle_journey",
    "project",
]
