"""Watchlists, cases and what was found."""

from kyc.models.cases import Case, Check, CheckResult, Hit, HitState, ReasonCode, Trigger
from kyc.models.risk import RiskAssessment, RiskModel
from kyc.models.watchlists import (
    EntryKind,
    VersionState,
    Watchlist,
    WatchlistEntry,
    WatchlistName,
    WatchlistVersion,
)

__all__ = [
    "Case",
    "Check",
    "CheckResult",
    "EntryKind",
    "Hit",
    "HitState",
    "ReasonCode",
    "RiskAssessment",
    "RiskModel",
    "Trigger",
    "VersionState",
    "Watchlist",
    "WatchlistEntry",
    "WatchlistName",
    "WatchlistVersion",
]
