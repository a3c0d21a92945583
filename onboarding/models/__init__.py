"""Application templates, applications and what belongs to them."""

from onboarding.models.access import ApplicationIdentity, ApplicationLink
from onboarding.models.applications import (
    OF_THE_CUSTOMER,
    Application,
    ApplicationTask,
    KycOutcome,
    TaskKind,
)
from onboarding.models.letters import RefusalLetter
from onboarding.models.questions import CustomerQuestion
from onboarding.models.templates import ApplicationTemplate
from onboarding.models.welcome import MILESTONES, Sending, WelcomeMessage, WelcomePlan

__all__ = [
    "MILESTONES",
    "OF_THE_CUSTOMER",
    "Application",
    "ApplicationIdentity",
    "ApplicationLink",
    "ApplicationTask",
    "ApplicationTemplate",
    "CustomerQuestion",
    "KycOutcome",
    "RefusalLetter",
    "Sending",
    "TaskKind",
    "WelcomeMessage",
    "WelcomePlan",
]
