"""Reading campaigns, leads, and what came of them."""

from acquisition.lifecycle import FUNNEL
from acquisition.selectors.campaigns import (
    campaign_named,
    planned_steps,
    visible_campaigns,
    visible_costs,
    visible_incentives,
)
from acquisition.selectors.contact import (
    judge_offer,
    may_contact_lead,
    offers_for,
    stands_in_the_way,
)
from acquisition.selectors.erasures import past_their_time, past_today, visible_erasures
from acquisition.selectors.intent import intents
from acquisition.selectors.leads import (
    Column,
    board,
    matching,
    products_of_interest,
    states_reached,
    steps_of_leads,
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
    "offers_for",
    "past_their_time",
    "past_today",
    "planned_steps",
    "products_of_interest",
    "same_as",
    "same_customers",
    "stands_in_the_way",
    "states_reached",
    "steps_of_leads",
    "visible_campaigns",
    "visible_costs",
    "visible_erasures",
    "visible_incentives",
    "visible_leads",
    "visible_steps",
    "waiting_for",
]
