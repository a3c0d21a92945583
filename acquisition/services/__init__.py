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
from acquisition.services.erasures import (
    KIND as ERASE_LEADS,
)
from acquisition.services.erasures import (
    ask_erasure,
    erase_leads,
    next_past,
    start_erasing,
)
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
from acquisition.services.offers import add_incentive, change_incentive, offer_to_lead

__all__ = [
    "CPR_CONTEXT",
    "ERASE_LEADS",
    "LEAD_FIELDS",
    "WordingChanged",
    "add_incentive",
    "add_step",
    "ask_erasure",
    "capture_by_form",
    "change_campaign",
    "change_form",
    "change_incentive",
    "change_lead",
    "change_step",
    "create_campaign",
    "create_lead",
    "draft_lead",
    "enter_cost",
    "erase_leads",
    "finish_step",
    "make_customer",
    "next_past",
    "note_touch",
    "offer_to_lead",
    "open_form",
    "reveal_cpr",
    "start_erasing",
    "start_import",
    "store_leads",
    "take_lead",
]
