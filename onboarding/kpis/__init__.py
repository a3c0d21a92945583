"""Key figures of onboarding, one module each, found by themselves."""

from datetime import timedelta

SEES = "onboarding.view_application"
#: What is told of the past is told of so long.
WINDOW = timedelta(days=90)
