"""Closing customers: the request, the checklist, and what follows events."""

from offboarding.services.checklist import confirm_obligation, recheck, waive_obligation
from offboarding.services.reactions import (
    check_obligations,
    closure_follows,
    closures_are_called_off,
    customer_is_closed,
    customer_stays,
    open_closure,
    settle_holdings,
)
from offboarding.services.requests import (
    NOTICE,
    SWITCHING_DAYS,
    ask_to_leave,
    record_exit,
    request_closure,
)

__all__ = [
    "NOTICE",
    "SWITCHING_DAYS",
    "ask_to_leave",
    "check_obligations",
    "closure_follows",
    "closures_are_called_off",
    "confirm_obligation",
    "customer_is_closed",
    "customer_stays",
    "open_closure",
    "recheck",
    "record_exit",
    "request_closure",
    "settle_holdings",
    "waive_obligation",
]
