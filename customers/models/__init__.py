"""The shared record of a customer: party, business with the bank, consents, insight."""

from customers.identification import IdentifierKind
from customers.models.business import Holding, Offer, Product
from customers.models.consent import Channel, ConsentEntry, Decision, Purpose
from customers.models.imports import ImportBatch, ImportMapping, SourceRecord
from customers.models.insight import CustomerInsight
from customers.models.party import (
    Address,
    ContactPoint,
    Customer,
    Identifier,
    PartyKind,
    RiskLevel,
)
from customers.models.search import CustomerSearch

__all__ = [
    "Address",
    "Channel",
    "ConsentEntry",
    "ContactPoint",
    "Customer",
    "CustomerInsight",
    "CustomerSearch",
    "Decision",
    "Holding",
    "Identifier",
    "IdentifierKind",
    "ImportBatch",
    "ImportMapping",
    "Offer",
    "PartyKind",
    "Product",
    "Purpose",
    "RiskLevel",
    "SourceRecord",
]
