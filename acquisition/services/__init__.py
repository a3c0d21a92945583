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
from acquisition.services.nurturing import add_step, change_step, finish_step
from acquisition.services.offers import add_incentive, offer_to_lead

__all__ = [
    "CPR_CONTEXT",
    "LEAD_FIELDS",
    "WordingChanged",
    "add_incentive",
    "add_step",
    "capture_by_form",
    "change_campaign",
    "change_form",
    "change_lead",
    "change_step",
    "create_campaign",
    "create_lead",
    "draft_lead",
    "enter_cost",
    "finish_step",
    "make_customer",
    "note_touch",
    "offer_to_lead",
    "open_form",
    "reveal_cpr",
    "start_import",
    "store_leads",
    "take_lead",
]
