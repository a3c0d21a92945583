"""Reading campaigns, leads, and what came of them."""

from acquisition.lifecycle import FUNNEL
from acquisition.selectors.campaigns import campaign_named, visible_campaigns, visible_costs
from acquisition.selectors.contact import judge_offer, may_contact_lead, stands_in_the_way
from acquisition.selectors.intent import intents
from acquisition.selectors.leads import (
    Column,
    board,
    matching,
    products_of_interest,
    states_reached,
    visible_leads,
    visible_steps,
    waiting_for,
)
from acquisition.selectors.matches import (
    Match,
    customer_with_number,
    lead_facts,
    matches_of,
    same_as,
    same_customers,
)
from acquisition.selectors.results import (
    Attribution,
    FunnelStep,
    Result,
    campaign_results,
    channel_results,
    funnel,
)

__all__ = [
    "FUNNEL",
    "Attribution",
    "Column",
    "FunnelStep",
    "Match",
    "Result",
    "board",
    "campaign_named",
    "campaign_results",
    "channel_results",
    "customer_with_number",
    "funnel",
    "intents",
    "judge_offer",
    "lead_facts",
    "matches_of",
    "matching",
    "may_contact_lead",
    "products_of_interest",
    "same_as",
    "same_customers",
    "stands_in_the_way",
    "states_reached",
    "visible_campaigns",
    "visible_costs",
    "visible_leads",
    "visible_steps",
    "waiting_for",
]
