"""Writing campaigns, leads, and what a lead becomes."""

from acquisition.services.campaigns import change_campaign, create_campaign, enter_cost
from acquisition.services.capture import (
    WordingChanged,
    capture_by_form,
    change_form,
    note_touch,
    open_form,
)
from acquisition.services.conversion import make_customer
from acquisition.services.imports import start_import
from acquisition.services.leads import (
    CPR_CONTEXT,
    LEAD_FIELDS,
    change_lead,
    create_lead,
    draft_lead,
    reveal_cpr,
    store_leads,
    take_lead,
)

__all__ = [
    "CPR_CONTEXT",
    "LEAD_FIELDS",
    "WordingChanged",
    "capture_by_form",
    "change_campaign",
    "change_form",
    "change_lead",
    "create_campaign",
    "create_lead",
    "draft_lead",
    "enter_cost",
    "make_customer",
    "note_touch",
    "open_form",
    "reveal_cpr",
    "start_import",
    "store_leads",
    "take_lead",
]
