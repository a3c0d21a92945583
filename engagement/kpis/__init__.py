"""Key figures of engagement, one module each, found by themselves."""

SEES = "engagement.view_feedback"
