"""How people sign in: accounts are given by the administrator, never taken."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; robots do not sign in to pages (they get tokens)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
