"""
Reading contacts, enquiries and what customers say.

What is known of the customer comes from the commercial view only: no risk level, restriction
or KYC fact is read here (AMLR art. 76); a test looks at the SQL.
"""

from engagement.selectors.enquiries import (
    TABS,
    enquiries_of,
    enquiry_counts,
    enquiry_facts,
    enquiry_queue,
    handlers,
    own_enquiries,
    service_level,
    visible_enquiries,
    waiting_for,
)
from engagement.selectors.interactions import (
    QUIET_AFTER,
    Needing,
    last_contacts,
    left_alone,
    needing_adviser,
    of_customer,
    reason_words,
    visible_interactions,
)

__all__ = [
    "QUIET_AFTER",
    "TABS",
    "Needing",
    "enquiries_of",
    "enquiry_counts",
    "enquiry_facts",
    "enquiry_queue",
    "handlers",
    "last_contacts",
    "left_alone",
    "needing_adviser",
    "of_customer",
    "own_enquiries",
    "reason_words",
    "service_level",
    "visible_enquiries",
    "visible_interactions",
    "waiting_for",
]
