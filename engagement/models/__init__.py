"""What is recorded of the time a customer is with the bank, a file a thing."""

from engagement.models.actions import Group, NextBestAction, Refusal
from engagement.models.enquiries import (
    Enquiry,
    EnquiryMessage,
    Kind,
    Priority,
    RootCause,
    Said,
    Tier,
)
from engagement.models.feedback import (
    BAD_TO,
    GOOD_FROM,
    SCALES,
    Feedback,
    Measure,
    Origin,
    Sending,
    Survey,
    SurveyInvitation,
    Theme,
)
from engagement.models.interactions import Channel, Interaction, Outcome, Purpose, Sentiment

__all__ = [
    "BAD_TO",
    "GOOD_FROM",
    "SCALES",
    "Channel",
    "Enquiry",
    "EnquiryMessage",
    "Feedback",
    "Group",
    "Interaction",
    "Kind",
    "Measure",
    "NextBestAction",
    "Origin",
    "Outcome",
    "Priority",
    "Purpose",
    "Refusal",
    "RootCause",
    "Said",
    "Sending",
    "Sentiment",
    "Survey",
    "SurveyInvitation",
    "Theme",
    "Tier",
]
