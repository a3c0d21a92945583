"""The reactions of acquisition and onboarding alone, so that nothing else answers for them."""

from collections.abc import Iterator

import pytest

from acquisition import services as acquisition
from clm.core import events
from clm.reactions import REACTIONS
from onboarding import services as onboarding


@pytest.fixture
def own_reactions() -> Iterator[None]:
    events.subscribe(
        {
            ("acquisition.Lead", "convert"): (acquisition.make_customer,),
            ("acquisition.Lead", "customer_made"): (onboarding.open_application,),
            ("onboarding.Application", "create"): (onboarding.customer_starts_onboarding,),
        }
    )
    yield
    events.subscribe(REACTIONS)
