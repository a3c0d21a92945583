"""The tables of analytics."""

from analytics.models.churn import CHURN, ChurnScore, DriftReading, ModelVersion
from analytics.models.figures import KpiTarget, KpiValue, LedgerFigure, LedgerItem

__all__ = [
    "CHURN",
    "ChurnScore",
    "DriftReading",
    "KpiTarget",
    "KpiValue",
    "LedgerFigure",
    "LedgerItem",
    "ModelVersion",
]
