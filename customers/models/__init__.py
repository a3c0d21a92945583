"""The shared record of a customer: party, business with the bank, consents, insight."""

from customers.identification import IdentifierKind
from customers.models.business import Holding, Offer, Product, ProductDocument, SalesChannel
from customers.models.consent import (
    LISTINGS,
    OWN_DECISIONS,
    Channel,
    ConsentEntry,
    Decision,
    Purpose,
)
from customers.models.documents import Document, DocumentKind
from customers.models.duplicates import CustomerMerge, DuplicatePair, MatchKey, MergeRow
from customers.models.imports import ImportBatch, ImportMapping, SourceRecord
from customers.models.insight import CustomerInsight
from customers.models.law import LawSet
from customers.models.openbanking import AccountConsent, AccountScope, OtherAccount, OtherBank
from customers.models.party import (
    Address,
    ContactPoint,
    Customer,
    Identifier,
    PartyKind,
    RiskLevel,
)
from customers.models.relations import Relation, RelationKind
from customers.models.robinson import RobinsonList, RobinsonMark
from customers.models.search import CustomerSearch
from customers.models.sign_ins import SignIn
from customers.models.sources import SourceSystem, SurvivorshipRules
from customers.models.transactions import (
    BY_THE_BANK,
    ParkedTransaction,
    Transaction,
    TransactionBatch,
    TransactionKey,
    TransactionKind,
)
from customers.models.wordings import ConsentWording

__all__ = [
    "BY_THE_BANK",
    "LISTINGS",
    "OWN_DECISIONS",
    "AccountConsent",
    "AccountScope",
    "Address",
    "Channel",
    "ConsentEntry",
    "ConsentWording",
    "ContactPoint",
    "Customer",
    "CustomerInsight",
    "CustomerMerge",
    "CustomerSearch",
    "Decision",
    "Document",
    "DocumentKind",
    "DuplicatePair",
    "Holding",
    "Identifier",
    "IdentifierKind",
    "ImportBatch",
    "ImportMapping",
    "LawSet",
    "MatchKey",
    "MergeRow",
    "Offer",
    "OtherAccount",
    "OtherBank",
    "ParkedTransaction",
    "PartyKind",
    "Product",
    "ProductDocument",
    "Purpose",
    "Relation",
    "RelationKind",
    "RiskLevel",
    "RobinsonList",
    "RobinsonMark",
    "SalesChannel",
    "SignIn",
    "SourceRecord",
    "SourceSystem",
    "SurvivorshipRules",
    "Transaction",
    "TransactionBatch",
    "TransactionKey",
    "TransactionKind",
]
