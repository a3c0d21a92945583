"""Journeys and their touchpoints, the maps that people draw of them, and for whom they draw."""

from journeys.models.dna import BankValue, SharedSolution
from journeys.models.journeys import (
    LIFE_CYCLE,
    ColumnMapping,
    Journey,
    JourneyFeed,
    TouchedCase,
    Touchpoint,
    TouchpointKey,
)
from journeys.models.maps import (
    JourneyMap,
    MapCard,
    MapChange,
    MapComment,
    MapEmotion,
    MapLane,
    MapStep,
    MapVersion,
)
from journeys.models.personas import Persona
from journeys.models.projects import (
    BriefingPoint,
    Insight,
    MappingProject,
    MomentOfTruth,
    Opportunity,
    PlannedAction,
    ResearchNote,
)

__all__ = [
    "LIFE_CYCLE",
    "BankValue",
    "BriefingPoint",
    "ColumnMapping",
    "Insight",
    "Journey",
    "JourneyFeed",
    "JourneyMap",
    "MapCard",
    "MapChange",
    "MapComment",
    "MapEmotion",
    "MapLane",
    "MapStep",
    "MapVersion",
    "MappingProject",
    "MomentOfTruth",
    "Opportunity",
    "Persona",
    "PlannedAction",
    "ResearchNote",
    "SharedSolution",
    "TouchedCase",
    "Touchpoint",
    "TouchpointKey",
]
