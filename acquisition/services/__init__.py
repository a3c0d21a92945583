"""Writing campaigns, leads, and what a lead becomes."""

from acquisition.services.campaigns import change_campaign, create_campaign, enter_cost
from acquisition.services.conversion import make_customer
from acquisition.services.leads import (
    CPR_CONTEXT,
    LEAD_FIELDS,
    change_lead,
    create_lead,
    reveal_cpr,
    take_lead,
)

__all__ = [
    "CPR_CONTEXT",
    "LEAD_FIELDS",
    "change_campaign",
    "change_lead",
    "create_campaign",
    "create_lead",
    "enter_cost",
    "make_customer",
    "reveal_cpr",
    "take_lead",
]
