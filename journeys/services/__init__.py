"""Writing touchpoints, and the mapping projects that look into them."""

from journeys.services.deliverables import start_deliverable
from journeys.services.dna import add_known, change_known, place_on_map
from journeys.services.ingest import NewTouchpoint, Outcome, add_touchpoints
from journeys.services.logs import Imported, import_log
from journeys.services.named import journey_named, life_cycle_journey
from journeys.services.projection import project
from journeys.services.projects import (
    add_part,
    change_part,
    change_project,
    erase_words,
    open_project,
    remove_part,
)

__all__ = [
    "Imported",
    "NewTouchpoint",
    "Outcome",
    "add_known",
    "add_part",
    "add_touchpoints",
    "change_known",
    "change_part",
    "change_project",
    "erase_words",
    "import_log",
    "journey_named",
    "life_cycle_journey",
    "open_project",
    "place_on_map",
    "project",
    "remove_part",
    "start_deliverable",
]
