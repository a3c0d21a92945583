"""Reading the customer record. Reach is applied here and nowhere else."""

from customers.selectors import mypage
from customers.selectors.consents import Proof, proof
from customers.selectors.contact import (
    Contactability,
    OwnAnswer,
    Reason,
    consents_in_force,
    contact_answers,
    last_said,
    may_contact,
    may_contact_many,
    own_answers,
)
from customers.selectors.customers import (
    commercial_view,
    customer_facts,
    may_see_compliance,
    narrowed,
    reach_q,
    visible_batches,
    visible_customers,
    visible_holdings,
    visible_offers,
)
from customers.selectors.duplicates import possible_duplicates, surviving, visible_pairs
from customers.selectors.eligibility import Eligibility, eligibility
from customers.selectors.laws import NoLaw, law_on, law_sets, laws_to_come
from customers.selectors.parts import hold_parts, stage_changes
from customers.selectors.relations import above, owners_under, relations_of, seen_by
from customers.selectors.search import matching, saved_search, search
from customers.selectors.transactions import (
    catalogue,
    maturing_holdings,
    open_banks,
    transaction_named,
    transactions_of,
    visible_account_consents,
    visible_banks,
    visible_other_accounts,
    visible_parked,
    visible_transaction_batches,
    visible_transactions,
)
from customers.selectors.wordings import visible_wordings, wordings_in_force

__all__ = [
    "Contactability",
    "Eligibility",
    "NoLaw",
    "OwnAnswer",
    "Proof",
    "Reason",
    "above",
    "catalogue",
    "commercial_view",
    "consents_in_force",
    "contact_answers",
    "customer_facts",
    "eligibility",
    "hold_parts",
    "last_said",
    "law_on",
    "law_sets",
    "laws_to_come",
    "matching",
    "maturing_holdings",
    "may_contact",
    "may_contact_many",
    "may_see_compliance",
    "mypage",
    "narrowed",
    "open_banks",
    "own_answers",
    "owners_under",
    "possible_duplicates",
    "proof",
    "reach_q",
    "relations_of",
    "saved_search",
    "search",
    "seen_by",
    "stage_changes",
    "surviving",
    "transaction_named",
    "transactions_of",
    "visible_account_consents",
    "visible_banks",
    "visible_batches",
    "visible_customers",
    "visible_holdings",
    "visible_offers",
    "visible_other_accounts",
    "visible_pairs",
    "visible_parked",
    "visible_transaction_batches",
    "visible_transactions",
    "visible_wordings",
    "wordings_in_force",
]
