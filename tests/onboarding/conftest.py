"""Onboarding's own reactions alone: what KYC would do is told by the tests themselves."""

from collections.abc import Iterator

import pytest

from clm.core import events
from clm.reactions import REACTIONS
from onboarding import services

CLOCK = (services.keep_clock,)


@pytest.fixture
def own_reactions() -> Iterator[None]:
    events.subscribe(
        {
            ("onboarding.Application", "create"): (services.customer_starts_onboarding,),
            ("onboarding.Application", "submit"): CLOCK,
            ("onboarding.Application", "request_information"): CLOCK,
            ("onboarding.Application", "resume"): (
                services.keep_clock,
                services.resume_verification,
            ),
            ("onboarding.Application", "approve"): (services.activate_application,),
            ("onboarding.Application", "decline"): (services.customer_is_declined,),
            ("onboarding.Application", "withdraw"): (services.customer_is_withdrawn,),
            ("onboarding.Application", "expire"): (services.customer_is_withdrawn,),
            ("customers.Customer", "kyc_cleared"): (services.continue_application,),
        }
    )
    yield
    events.subscribe(REACTIONS)
