"""Writing KYC: lists, cases, decisions, and what follows from them."""

from kyc.services.casefile import start_case_file
from kyc.services.cases import (
    assign_case,
    open_case,
    open_onboarding_case,
    rescreen,
    rescreen_customer,
    run_checks,
)
from kyc.services.clearance import record_clearance, record_rejection
from kyc.services.clock import resume_clock
from kyc.services.hits import decide_hit, undo_hit
from kyc.services.lists import accept_version, discard_version, load_list
from kyc.services.portfolio import rescreen_after_load
from kyc.services.uploads import start_load

__all__ = [
    "accept_version",
    "assign_case",
    "decide_hit",
    "discard_version",
    "load_list",
    "open_case",
    "open_onboarding_case",
    "record_clearance",
    "record_rejection",
    "rescreen",
    "rescreen_after_load",
    "rescreen_customer",
    "resume_clock",
    "run_checks",
    "start_case_file",
    "start_load",
    "undo_hit",
]
