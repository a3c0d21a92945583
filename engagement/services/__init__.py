"""Writing what happens while a customer is with the bank."""

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
from engagement.services.interactions import record_interaction

__all__ = [
    "answer_enquiry",
    "ask_customer",
    "assign_enquiry",
    "change_enquiry",
    "customer_writes",
    "open_enquiry",
    "record_interaction",
    "restart_clock",
    "resume_clock",
]
