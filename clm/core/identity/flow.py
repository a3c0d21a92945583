"""
One attempt to sign in: the authorization code flow with state, nonce and PKCE (RFC 7636, RFC 9700).

An attempt is kept in the browser's own session when it leaves, and taken out when it comes back,
whatever it brings: an answer is looked at once, and only in the browser that asked.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from clm.core.identity import provider as talk
from clm.core.identity import tokens
from clm.core.identity.provider import Provider, ProviderTrouble

KEY = "identity_attempts"
LASTS = timedelta(minutes=10)
#: Attempts of one browser that may be under way at once (two tabs, and one given up).
SEVERAL = 4
LEVELS = ("low", "substantial", "high")


class SignInRefused(Exception):
    """What came back is not to be believed; `why` is for the log, the sentence for the screen."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(_("The sign-in could not be completed. Please begin again."))


@dataclass(frozen=True)
class Attempt:
    """What an answer must fit."""

    state: str
    nonce: str
    verifier: str
    began: float


@dataclass(frozen=True)
class Identity:
    """
    Who came back.

    :param assurance: `low`, `substantial` or `high` (NSIS, eIDAS); empty when not said
    :param transaction_id: the broker's own name for this sign-in
    """

    subject: str
    assurance: str
    transaction_id: str
    claims: Mapping[str, Any]


def begin(
    *, provider: Provider, redirect_uri: str, language: str, at: datetime
) -> tuple[str, Attempt]:
    """
    The address to send the browser to, and what to keep until it comes back.

    :raises ProviderTrouble: the provider does not say where
    """
    said = talk.metadata(provider=provider, at=at)
    attempt = Attempt(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        began=at.timestamp(),
    )
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scopes),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge(attempt.verifier),
        "code_challenge_method": "S256",
        # Whoever sits there now shows who they are, not who sat there before.
        "prompt": "login",
        "ui_locales": language,
    }
    if provider.acr_values:
        asked["acr_values"] = provider.acr_values
    return talk.with_query(said["authorization_endpoint"], asked), attempt


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def keep(*, session: MutableMapping[str, Any], attempt: Attempt) -> None:
    """Remember an attempt in the browser's session, with the few that are under way beside it."""
    kept = {**session.get(KEY, {}), attempt.state: asdict(attempt)}
    newest = sorted(kept.values(), key=lambda one: one["began"])[-SEVERAL:]
    session[KEY] = {one["state"]: one for one in newest}


def attempt_for(*, session: MutableMapping[str, Any], state: str, at: datetime) -> Attempt | None:
    """Take the attempt with this state out of the session; None if it never was or is too old."""
    kept = dict(session.get(KEY, {}))
    found = kept.pop(state, None)
    if found is None:
        # Nothing is written: an address alone makes no session.
        return None
    session[KEY] = kept
    if not 0 <= at.timestamp() - found["began"] <= LASTS.total_seconds():
        return None
    return Attempt(**found)


def complete(
    *,
    provider: Provider,
    attempt: Attempt,
    answer: Mapping[str, str],
    redirect_uri: str,
    at: datetime,
) -> Identity:
    """
    Who the answer is about: its code is exchanged for tokens, and these are checked.

    :raises SignInRefused: the person gave up, or something does not fit the attempt
    :raises ProviderTrouble: the provider does not answer
    """
    said = talk.metadata(provider=provider, at=at)
    # The answer of another provider, passed off as this one's (RFC 9207).
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise SignInRefused("another issuer answered")
    if said.get("authorization_response_iss_parameter_supported") and "iss" not in answer:
        raise SignInRefused("no issuer in the answer")
    if "error" in answer or not answer.get("code"):
        raise SignInRefused("the provider says no")
    granted = _exchange(provider, said, answer["code"], redirect_uri, attempt.verifier)
    token = granted.get("id_token")
    if not isinstance(token, str):
        raise SignInRefused("no id_token")
    try:
        wanted = tokens.key_id(token)
        claims = tokens.claims_of(
            token=token,
            keys=talk.keys(provider=provider, at=at, wanted=wanted),
            issuer=provider.issuer,
            audience=provider.client_id,
            nonce=attempt.nonce,
            at=at,
        )
    except tokens.TokenRefused as refused:
        raise SignInRefused(str(refused)) from refused
    if settings.EID_CPR_CLAIM not in claims:
        claims = {**_userinfo(said, granted, str(claims["sub"])), **claims}
    return Identity(
        subject=str(claims["sub"]),
        assurance=level(str(claims.get(settings.EID_ASSURANCE_CLAIM, ""))),
        transaction_id=str(claims.get(settings.EID_TRANSACTION_CLAIM, ""))[:100],
        claims=claims,
    )


def level(said: str) -> str:
    """
    The level in a broker's words: `https://data.gov.dk/concept/core/nsis/Substantial`,
    `urn:grn:authn:dk:mitid:substantial`, `substantial`.
    """
    last = said.replace(":", "/").rsplit("/", 1)[-1].lower()
    return last if last in LEVELS else ""


def _exchange(
    provider: Provider, said: Mapping[str, Any], code: str, redirect_uri: str, verifier: str
) -> dict[str, Any]:
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" in methods:
        return talk.ask(
            "POST",
            said["token_endpoint"],
            data=body,
            auth=(provider.client_id, provider.client_secret),
        )
    body |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    return talk.ask("POST", said["token_endpoint"], data=body)


def _userinfo(
    said: Mapping[str, Any], granted: Mapping[str, Any], subject: str
) -> Mapping[str, Any]:
    endpoint, access = said.get("userinfo_endpoint"), granted.get("access_token")
    if not isinstance(endpoint, str) or not isinstance(access, str):
        return {}
    found = talk.ask("GET", endpoint, headers={"Authorization": f"Bearer {access}"})
    if found.get("sub") != subject:
        raise SignInRefused("userinfo is about somebody else")
    return found


__all__ = [
    "Attempt",
    "Identity",
    "ProviderTrouble",
    "SignInRefused",
    "attempt_for",
    "begin",
    "challenge",
    "complete",
    "keep",
    "level",
]
