"""Journeys and their touchpoints, the maps that people draw of them, and for whom they draw."""

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

__all__ = [
    "LIFE_CYCLE",
    "ColumnMapping",
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
    "Persona",
    "TouchedCase",
    "Touchpoint",
    "TouchpointKey",
]
