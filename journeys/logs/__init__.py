"""Event logs in files: readers that give rows, and never trust what they read."""

from journeys.logs.reading import read_log
from journeys.logs.rows import BadRow, EventRow, LogBroken, LogRefused

__all__ = ["BadRow", "EventRow", "LogBroken", "LogRefused", "read_log"]
