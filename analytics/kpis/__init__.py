"""The bank's key figures, one module each, found by themselves."""

SEES = "analytics.view_kpivalue"
