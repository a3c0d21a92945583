"""What happens after what: one page. A reaction is `(*, event, at)` and idempotent."""

from collections.abc import Callable

from acquisition import services as acquisition
from customers import services as customers
from engagement import services as engagement
from kyc import services as kyc
from offboarding import services as offboarding
from onboarding import services as onboarding
from retention import services as retention

REACTIONS: dict[tuple[str, str], tuple[Callable[..., None], ...]] = {
    # From lead to application
    ("acquisition.Lead", "convert"): (acquisition.make_customer,),
    ("acquisition.Lead", "customer_made"): (onboarding.open_application,),
    ("onboarding.Application", "create"): (onboarding.customer_starts_onboarding,),
    ("acquisition.LeadErasure", "release"): (acquisition.start_erasing,),
    # Know your customer
    ("onboarding.Application", "submit"): (kyc.open_onboarding_case, onboarding.keep_clock),
    ("kyc.Case", "create"): (kyc.run_checks, kyc.ask_registers, onboarding.begin_verification),
    ("kyc.Case", "start_checks"): (kyc.run_checks,),
    ("kyc.Case", "triage"): (kyc.assign_new_case,),
    ("kyc.Case", "investigate"): (kyc.resume_clock,),
    ("kyc.Case", "ask_again"): (kyc.check_again,),
    ("kyc.Case", "clear"): (kyc.record_clearance,),
    ("kyc.Case", "reject"): (kyc.record_rejection, onboarding.refer_application),
    ("kyc.WatchlistVersion", "create"): (kyc.rescreen_after_load,),
    ("kyc.RiskModel", "approve"): (kyc.apply_risk_model,),
    ("customers.Customer", "change"): (kyc.customer_changed, customers.look_for_duplicates),
    ("customers.Customer", "reactivate"): (kyc.review_after_sleep,),
    # From decision to customer
    ("customers.Customer", "kyc_cleared"): (onboarding.continue_application,),
    ("onboarding.Application", "request_information"): (onboarding.keep_clock,),
    ("onboarding.Application", "resume"): (onboarding.keep_clock, onboarding.resume_verification),
    ("onboarding.Application", "approve"): (onboarding.activate_application,),
    ("onboarding.Application", "activate"): (onboarding.begin_welcome,),
    ("onboarding.Application", "decline"): (
        onboarding.write_refusal,
        onboarding.customer_is_declined,
    ),
    ("onboarding.Application", "withdraw"): (onboarding.customer_is_withdrawn,),
    ("onboarding.Application", "expire"): (onboarding.customer_is_withdrawn,),
    ("customers.Customer", "activate"): (customers.note_customer_since,),
    ("customers.Document", "upload"): (onboarding.documents_changed,),
    ("customers.Document", "accept"): (onboarding.documents_changed, kyc.document_accepted),
    ("customers.Document", "reject"): (onboarding.documents_changed, kyc.review_after_document),
    ("customers.Document", "expire"): (onboarding.documents_changed, kyc.review_after_document),
    ("customers.Document", "expiring"): (kyc.review_after_document,),
    # Being there for customers
    ("engagement.Enquiry", "resume"): (engagement.resume_clock,),
    ("engagement.Enquiry", "reopen"): (engagement.restart_clock,),
    # Keeping customers
    ("analytics.ChurnScore", "cross_threshold"): (retention.open_save_case,),
    ("engagement.Interaction", "create"): (retention.note_contact,),
    ("retention.SaveCase", "save"): (retention.customer_is_retained,),
    ("retention.SaveCase", "dismiss"): (retention.customer_is_retained,),
    ("retention.SaveCase", "lose"): (retention.note_loss, offboarding.open_closure),
    # Letting them go
    ("offboarding.Closure", "create"): (offboarding.check_obligations,),
    ("offboarding.Closure", "settle"): (offboarding.settle_holdings,),
    ("offboarding.Closure", "close"): (offboarding.customer_is_closed,),
    ("offboarding.Closure", "cancel"): (offboarding.customer_stays,),
    ("customers.Customer", "start_offboarding"): (offboarding.closure_follows,),
    ("customers.Customer", "cancel_offboarding"): (offboarding.closures_are_called_off,),
    ("customers.Customer", "decline"): (customers.keep_until, onboarding.applications_end),
    ("customers.Customer", "withdraw"): (customers.keep_until, onboarding.applications_end),
    ("customers.Customer", "win_back"): (customers.begin_anew,),
    ("customers.Customer", "erase"): (customers.wipe_personal_data,),
    ("customers.ImportBatch", "release"): (customers.admit_batch, customers.search_after_import),
    ("customers.SurvivorshipRules", "approve"): (customers.retire_older_rules,),
}
