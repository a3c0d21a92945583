"""Watchlists, cases, transaction monitoring, and what was found."""

from kyc.models.cases import Case, Check, CheckResult, Hit, HitState, ReasonCode, Trigger
from kyc.models.culture import Attestation, PolicyText, QualityReview, QualitySample
from kyc.models.monitoring import (
    Alert,
    MonitoringDue,
    MonitoringRule,
    ReplayExample,
    RuleReplay,
)
from kyc.models.registers import RegisterDiscrepancy
from kyc.models.risk import FileGap, RiskAssessment, RiskModel
from kyc.models.suspicion import (
    SuspicionEntry,
    SuspicionGrant,
    SuspicionReport,
    SuspicionWords,
)
from kyc.models.team import CaseTeam, CaseWorker
from kyc.models.watchlists import (
    EntryKind,
    VersionState,
    Watchlist,
    WatchlistEntry,
    WatchlistName,
    WatchlistVersion,
)

__all__ = [
    "Alert",
    "Attestation",
    "Case",
    "CaseTeam",
    "CaseWorker",
    "Check",
    "CheckResult",
    "EntryKind",
    "FileGap",
    "Hit",
    "HitState",
    "MonitoringDue",
    "MonitoringRule",
    "PolicyText",
    "QualityReview",
    "QualitySample",
    "ReasonCode",
    "RegisterDiscrepancy",
    "ReplayExample",
    "RiskAssessment",
    "RiskModel",
    "RuleReplay",
    "SuspicionEntry",
    "SuspicionGrant",
    "SuspicionReport",
    "SuspicionWords",
    "Trigger",
    "VersionState",
    "Watchlist",
    "WatchlistEntry",
    "WatchlistName",
    "WatchlistVersion",
]
