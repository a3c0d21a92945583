"""Writing KYC: lists, cases, decisions, and what follows from them."""

from kyc.services.alerts import dismissed_by_a_person, open_case_on_alert, raise_alerts
from kyc.services.casefile import start_case_file
from kyc.services.cases import (
    assign_case,
    check_again,
    open_onboarding_case,
    rescreen,
    run_checks,
)
from kyc.services.clearance import record_clearance, record_rejection
from kyc.services.clock import resume_clock
from kyc.services.hits import decide_hit, undo_hit
from kyc.services.lists import accept_version, discard_version, load_list
from kyc.services.monitoring import monitor, monitor_next, start_monitoring
from kyc.services.opening import ask, open_case
from kyc.services.perpetual import (
    customer_changed,
    document_accepted,
    review_after_document,
    review_after_sleep,
    start_stocktake,
)
from kyc.services.portfolio import rescreen_after_load
from kyc.services.registers import (
    ask_registers,
    note_register_extract,
    settle_discrepancy,
    start_register_read,
)
from kyc.services.replays import replay_next, replay_of
from kyc.services.risk_models import (
    apply_risk_model,
    change_risk_model,
    draft_risk_model,
    start_back_test,
)
from kyc.services.rules import draft_rule, replace_rule, start_replay
from kyc.services.sharing import assign_new_case, set_case_worker, set_sharing, share_out
from kyc.services.together import act_on_cases, preview_of
from kyc.services.uploads import start_load

__all__ = [
    "accept_version",
    "act_on_cases",
    "apply_risk_model",
    "ask",
    "ask_registers",
    "assign_case",
    "assign_new_case",
    "change_risk_model",
    "check_again",
    "customer_changed",
    "decide_hit",
    "discard_version",
    "dismissed_by_a_person",
    "document_accepted",
    "draft_risk_model",
    "draft_rule",
    "load_list",
    "monitor",
    "monitor_next",
    "note_register_extract",
    "open_case",
    "open_case_on_alert",
    "open_onboarding_case",
    "preview_of",
    "raise_alerts",
    "record_clearance",
    "record_rejection",
    "replace_rule",
    "replay_next",
    "replay_of",
    "rescreen",
    "rescreen_after_load",
    "resume_clock",
    "review_after_document",
    "review_after_sleep",
    "run_checks",
    "set_case_worker",
    "set_sharing",
    "settle_discrepancy",
    "share_out",
    "start_back_test",
    "start_case_file",
    "start_load",
    "start_monitoring",
    "start_register_read",
    "start_replay",
    "start_stocktake",
    "undo_hit",
]
