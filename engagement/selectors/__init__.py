"""
Reading contacts, enquiries and what customers say.

What is known of the customer comes from the commercial view only: no risk level, restriction
or KYC fact is read here (AMLR art. 76); a test looks at the SQL.
"""

from engagement.selectors.actions import (
    TAKEN_WITHIN,
    action_of,
    base_rates,
    commercial_customers,
    learnt_of,
    lessons,
    measured,
    open_actions,
    reckon,
    visible_actions,
)
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
from engagement.selectors.feedback import (
    answers,
    figures,
    latest_feedback,
    sendings,
    themes,
    trend,
    visible_feedback,
    visible_surveys,
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
    "TAKEN_WITHIN",
    "Needing",
    "action_of",
    "answers",
    "base_rates",
    "commercial_customers",
    "enquiries_of",
    "enquiry_counts",
    "enquiry_facts",
    "enquiry_queue",
    "figures",
    "handlers",
    "last_contacts",
    "latest_feedback",
    "learnt_of",
    "left_alone",
    "lessons",
    "measured",
    "needing_adviser",
    "of_customer",
    "open_actions",
    "own_enquiries",
    "reason_words",
    "reckon",
    "sendings",
    "service_level",
    "themes",
    "trend",
    "visible_actions",
    "visible_enquiries",
    "visible_feedback",
    "visible_interactions",
    "visible_surveys",
    "waiting_for",
]
