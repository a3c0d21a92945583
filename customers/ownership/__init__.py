"""
Who is behind an organisation: the arithmetic of ownership and control, without a query.

`beneficial_owners` decides by a law's thresholds and shows every step; `listed_ownership` adds
up what listed parties own. Shares are exact fractions, and a threshold is decided exactly.
"""

from customers.ownership.amounts import Amount
from customers.ownership.graph import Key, Stake, Structure
from customers.ownership.owners import Holder, Outcome, Problem, beneficial_owners
from customers.ownership.paths import Path
from customers.ownership.sanctioned import ListedOwnership, listed_ownership

__all__ = [
    "Amount",
    "Holder",
    "Key",
    "ListedOwnership",
    "Outcome",
    "Path",
    "Problem",
    "Stake",
    "Structure",
    "beneficial_owners",
    "listed_ownership",
]
