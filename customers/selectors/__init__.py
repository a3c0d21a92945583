"""Reading the customer record. Reach is applied here and nowhere else."""

from customers.selectors.contact import Contactability, consents_in_force, may_contact
from customers.selectors.customers import (
    commercial_view,
    customer_facts,
    may_see_compliance,
    reach_q,
    visible_batches,
    visible_customers,
    visible_holdings,
    visible_offers,
)
from customers.selectors.search import matching, saved_search, search

__all__ = [
    "Contactability",
    "commercial_view",
    "consents_in_force",
    "customer_facts",
    "matching",
    "may_contact",
    "may_see_compliance",
    "reach_q",
    "saved_search",
    "search",
    "visible_batches",
    "visible_customers",
    "visible_holdings",
    "visible_offers",
]
