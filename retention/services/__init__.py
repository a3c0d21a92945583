"""Save cases: opening and working them, and what follows events elsewhere."""

from retention.services.cases import (
    CONTACT_WITHIN_HOURS,
    assign_owner,
    attach_offer,
    change_case,
    open_case,
    review_outcomes,
)
from retention.services.reactions import (
    customer_is_retained,
    note_contact,
    note_loss,
    open_save_case,
)

__all__ = [
    "CONTACT_WITHIN_HOURS",
    "assign_owner",
    "attach_offer",
    "change_case",
    "customer_is_retained",
    "note_contact",
    "note_loss",
    "open_case",
    "open_save_case",
    "review_outcomes",
]
