"""Writing the customer record; each call is one transaction."""

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
from customers.services.erasure import ask_erasure
from customers.services.identifiers import (
    add_identifier,
    remove_identifier,
    reveal_identifier,
)
from customers.services.imports import admit_batch, start_import
from customers.services.insight import set_insight, set_insights
from customers.services.parties import change_customer, create_customer
from customers.services.search import remember_search
from customers.services.stages import mark_dormant_customers, retention_end

__all__ = [
    "add_holding",
    "add_identifier",
    "add_product",
    "admit_batch",
    "ask_erasure",
    "begin_anew",
    "change_customer",
    "change_holding",
    "close_holding",
    "create_customer",
    "keep_until",
    "make_offer",
    "mark_dormant_customers",
    "note_customer_since",
    "record_consent",
    "remember_search",
    "remove_identifier",
    "retention_end",
    "reveal_identifier",
    "set_clearance",
    "set_insight",
    "set_insights",
    "set_restriction",
    "set_risk",
    "start_import",
    "wipe_personal_data",
]
