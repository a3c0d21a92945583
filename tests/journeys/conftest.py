"""Dan draws journeys."""

from collections.abc import Callable

import pytest

from clm.core.models import Branch, User


@pytest.fixture
def dan(make_user: Callable[..., User], aarhus: Branch) -> User:
    """Journey designer."""
    return make_user("dan", "journey_designer", branch=aarhus)
