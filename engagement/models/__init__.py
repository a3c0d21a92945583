"""What is recorded of the time a customer is with the bank, a file a thing."""

from engagement.models.enquiries import (
    Enquiry,
    EnquiryMessage,
    Kind,
    Priority,
    RootCause,
    Said,
    Tier,
)
from engagement.models.interactions import Channel, Interaction, Outcome, Purpose, Sentiment

__all__ = [
    "Channel",
    "Enquiry",
    "EnquiryMessage",
    "Interaction",
    "Kind",
    "Outcome",
    "Priority",
    "Purpose",
    "RootCause",
    "Said",
    "Sentiment",
    "Tier",
]
