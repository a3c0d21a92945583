"""
Tables in files (CSV, JSON Lines, XLSX), read a row at a time from any place.

Whoever reads keeps the header and the place after the last row it has dealt with, and goes on
from there in another process: nothing but one row is held in memory.
"""

from clm.core.tables.reading import Table, is_table, open_table, plain_lines
from clm.core.tables.rows import MAX_FIELD, Place, Row, UnreadableFile, meanings
from clm.core.tables.writing import FORMATS, neutral, write_rows, write_workbook

__all__ = [
    "FORMATS",
    "MAX_FIELD",
    "Place",
    "Row",
    "Table",
    "UnreadableFile",
    "is_table",
    "meanings",
    "neutral",
    "open_table",
    "plain_lines",
    "write_rows",
    "write_workbook",
]
