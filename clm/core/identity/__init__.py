"""
Signing in through an identity provider (OpenID Connect), for people who are not staff.

`provider` is what was agreed with the provider, `tokens` what is believed of its answers, `flow`
one attempt from leaving to coming back, `sessions` the session of who has come back. A stand-in
for the provider, for demo and tests, is in `standin`. Nothing here knows what a customer is.
"""

from clm.core.identity.flow import (
    Identity,
    SignInRefused,
    attempt_for,
    begin,
    complete,
    keep,
)
from clm.core.identity.provider import Provider, ProviderTrouble, configured, signed_out_url

__all__ = [
    "Identity",
    "Provider",
    "ProviderTrouble",
    "SignInRefused",
    "attempt_for",
    "begin",
    "complete",
    "configured",
    "keep",
    "signed_out_url",
]
