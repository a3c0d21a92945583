"""Writing the customer record; each call is one transaction."""

from customers.services import mypage
from customers.services.account_consents import (
    ask_account_consent,
    expire_account_consents,
    revoke_account_consent,
)
from customers.services.account_readings import due as due_talks
from customers.services.account_readings import read_now
from customers.services.aftermath import (
    begin_anew,
    keep_until,
    note_customer_since,
    wipe_personal_data,
)
from customers.services.business import (
    add_holding,
    add_product,
    change_holding,
    close_holding,
    make_offer,
)
from customers.services.clearance import set_clearance, set_restriction, set_risk
from customers.services.consents import record_consent
from customers.services.documents import (
    announce_expiring,
    describe_document,
    expire_documents,
    request_document,
    upload_document,
)
from customers.services.duplicates import (
    compare_customer,
    dismiss_pair,
    look_for_duplicates,
    search_after_import,
    start_search,
    start_weekly_search,
)
from customers.services.erasure import ask_erasure
from customers.services.exports import start_export
from customers.services.golden import decide_value
from customers.services.identifiers import (
    add_identifier,
    remove_identifier,
    reveal_identifier,
)
from customers.services.imports import admit_batch, save_mapping, start_import
from customers.services.insight import set_churn, set_insight, set_insights
from customers.services.laws import load_laws
from customers.services.merge import MergeRefused, merge_customers, suggested_survivor
from customers.services.parties import change_customer, create_customer
from customers.services.privacy import start_subject_access
from customers.services.relations import add_relation, change_relation, end_relation
from customers.services.renewals import announce_maturities, renew_holding
from customers.services.robinson import start_robinson_import
from customers.services.search import remember_search
from customers.services.stages import mark_dormant_customers, retention_end
from customers.services.survivorship import draft_rules, retire_older_rules
from customers.services.transactions import (
    discard_parked,
    receive_batch,
    retry_parked,
    update_balances,
)
from customers.services.transactions import start_import as start_transaction_import
from customers.services.unmerge import UndoRefused, undo_merge
from customers.services.wordings import (
    draft_wording,
    load_wordings,
    replace_wording,
    take_over_wording,
)

__all__ = [
    "MergeRefused",
    "UndoRefused",
    "add_holding",
    "add_identifier",
    "add_product",
    "add_relation",
    "admit_batch",
    "announce_expiring",
    "announce_maturities",
    "ask_account_consent",
    "ask_erasure",
    "begin_anew",
    "change_customer",
    "change_holding",
    "change_relation",
    "close_holding",
    "compare_customer",
    "create_customer",
    "decide_value",
    "describe_document",
    "discard_parked",
    "dismiss_pair",
    "draft_rules",
    "draft_wording",
    "due_talks",
    "end_relation",
    "expire_account_consents",
    "expire_documents",
    "keep_until",
    "load_laws",
    "load_wordings",
    "look_for_duplicates",
    "make_offer",
    "mark_dormant_customers",
    "merge_customers",
    "mypage",
    "note_customer_since",
    "read_now",
    "receive_batch",
    "record_consent",
    "remember_search",
    "remove_identifier",
    "renew_holding",
    "replace_wording",
    "request_document",
    "retention_end",
    "retire_older_rules",
    "retry_parked",
    "reveal_identifier",
    "revoke_account_consent",
    "save_mapping",
    "search_after_import",
    "set_churn",
    "set_clearance",
    "set_insight",
    "set_insights",
    "set_restriction",
    "set_risk",
    "start_export",
    "start_import",
    "start_robinson_import",
    "start_search",
    "start_subject_access",
    "start_transaction_import",
    "start_weekly_search",
    "suggested_survivor",
    "take_over_wording",
    "undo_merge",
    "update_balances",
    "upload_document",
    "wipe_personal_data",
]
