"""Writing what happens while a customer is with the bank."""

from engagement.services.actions import (
    accept_action,
    defer_action,
    expire_actions,
    note_taken,
    propose_actions,
    reject_action,
    start_proposing,
)
from engagement.services.enquiries import (
    answer_enquiry,
    ask_customer,
    assign_enquiry,
    change_enquiry,
    customer_writes,
    open_enquiry,
    restart_clock,
    resume_clock,
)
from engagement.services.feedback import start_feedback_import, start_themes
from engagement.services.interactions import record_interaction
from engagement.services.surveys import (
    add_survey,
    address_of,
    answer_survey,
    change_survey,
    invitation_of,
    invite,
    secret_of,
    send_invitation,
)
from engagement.services.surveys import hand_over as hand_over_survey

__all__ = [
    "accept_action",
    "add_survey",
    "address_of",
    "answer_enquiry",
    "answer_survey",
    "ask_customer",
    "assign_enquiry",
    "change_enquiry",
    "change_survey",
    "customer_writes",
    "defer_action",
    "expire_actions",
    "hand_over_survey",
    "invitation_of",
    "invite",
    "note_taken",
    "open_enquiry",
    "propose_actions",
    "record_interaction",
    "reject_action",
    "restart_clock",
    "resume_clock",
    "secret_of",
    "send_invitation",
    "start_feedback_import",
    "start_proposing",
    "start_themes",
]
