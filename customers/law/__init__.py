"""
Law as data: what a law set says, and reading it from the files that are shipped.

A law set is one law's rules for some countries from one day on, each rule with its source. Code
asks `customers.selectors.law_on(country=, on=)` and never names a law.
"""

from customers.law.rules import (
    InvalidLaw,
    Law,
    OwnershipRule,
    RetentionRule,
    ReviewRule,
    SanctionsRule,
    Threshold,
    read_law,
)
from customers.law.shipped import shipped_laws

__all__ = [
    "InvalidLaw",
    "Law",
    "OwnershipRule",
    "RetentionRule",
    "ReviewRule",
    "SanctionsRule",
    "Threshold",
    "read_law",
    "shipped_laws",
]
