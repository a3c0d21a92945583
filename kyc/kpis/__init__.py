"""Key figures of compliance, one module each, found by themselves."""

from datetime import timedelta

SEES = "kyc.view_culture"
#: What is told of the past is told of so long.
WINDOW = timedelta(days=90)
