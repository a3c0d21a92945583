"""
The identity provider as agreed with it: its addresses, its keys, and talking to it.

What it says of itself (OpenID Connect Discovery 1.0) is read once an hour. Only HTTPS is spoken,
but for a stand-in on this very machine in a local run.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from clm.core import addresses

KEPT_FOR = timedelta(hours=1)
#: An unknown key is looked for again, but not more often than this.
KEYS_AGAIN_AFTER = timedelta(minutes=1)
SECONDS = 6.0
LARGEST = 512 * 1024


class ProviderTrouble(Exception):
    """The provider cannot be reached, or is not as agreed; the sentence is fit for the screen."""

    def __init__(self, why: str = "") -> None:
        self.why = why
        super().__init__(_("The identity provider does not answer as it should."))


@dataclass(frozen=True)
class Provider:
    """What was agreed with one provider, from the settings."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    scopes: tuple[str, ...]
    acr_values: str


@dataclass
class _Known:
    """What a provider said of itself, and when."""

    said: Mapping[str, Any]
    at: datetime
    keys: list[dict[str, Any]] = field(default_factory=list)
    keys_at: datetime | None = None


_known: dict[str, _Known] = {}
_lock = Lock()


def configured() -> Provider | None:
    """The provider of this installation; None where there is none, and nobody signs in."""
    if not (settings.EID_ISSUER and settings.EID_CLIENT_ID):
        return None
    return Provider(
        issuer=settings.EID_ISSUER,
        client_id=settings.EID_CLIENT_ID,
        client_secret=settings.EID_CLIENT_SECRET,
        name=settings.EID_NAME,
        scopes=tuple(settings.EID_SCOPES),
        acr_values=settings.EID_ACR_VALUES,
    )


def origin(address: str) -> str:
    """`https://host:port` of an address, for the content security policy."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def metadata(*, provider: Provider, at: datetime) -> Mapping[str, Any]:
    """
    What the provider says of itself.

    :raises ProviderTrouble: no answer, another issuer than agreed, or an address not to be trusted
    """
    with _lock:
        known = _known.get(provider.issuer)
    if known is None or not known.at <= at < known.at + KEPT_FOR:
        known = _Known(_discover(provider), at)
        with _lock:
            _known[provider.issuer] = known
    return known.said


def keys(*, provider: Provider, at: datetime, wanted: str) -> list[dict[str, Any]]:
    """The provider's public keys; read anew when the wanted one is not among them."""
    said = metadata(provider=provider, at=at)
    with _lock:
        known = _known[provider.issuer]
    have = any(one.get("kid") == wanted for one in known.keys)
    fresh = known.keys_at is not None and known.keys_at <= at < known.keys_at + KEYS_AGAIN_AFTER
    if not have and not fresh:
        found = ask("GET", said["jwks_uri"]).get("keys")
        if not isinstance(found, list):
            raise ProviderTrouble("no keys")
        known.keys = [one for one in found if isinstance(one, dict)]
        known.keys_at = at
    return known.keys


def signed_out_url(*, provider: Provider, back: str, at: datetime) -> str:
    """Where to go to end the session over there as well, and come back; `back` itself if nowhere."""
    try:
        endpoint = metadata(provider=provider, at=at).get("end_session_endpoint")
    except ProviderTrouble:
        return back
    if not isinstance(endpoint, str) or not addresses.may_be_asked(endpoint):
        return back
    # No id_token_hint: the token holds a personal number, and an address ends up in logs.
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    return with_query(endpoint, asked)


def with_query(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def ask(method: str, address: str, **options: Any) -> dict[str, Any]:
    """
    One question to the provider; its JSON object.

    :raises ProviderTrouble: no answer in time, a redirect, an error, or something else than JSON
    """
    if not addresses.may_be_asked(address):
        raise ProviderTrouble("an address that is not HTTPS")
    until = time.monotonic() + SECONDS
    try:
        with requests.request(
            method, address, timeout=SECONDS, allow_redirects=False, stream=True, **options
        ) as response:
            body = b""
            for piece in response.iter_content(16 * 1024):
                body += piece
                if len(body) > LARGEST or time.monotonic() > until:
                    raise ProviderTrouble("too much or too slow")
            status = response.status_code
        found = json.loads(body)
    except (requests.RequestException, ValueError, RecursionError) as error:
        raise ProviderTrouble(type(error).__name__) from None
    if status != requests.codes.ok or not isinstance(found, dict):
        raise ProviderTrouble(f"status {status}")
    return found


def _discover(provider: Provider) -> Mapping[str, Any]:
    said = ask("GET", provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if said.get("issuer") != provider.issuer:
        raise ProviderTrouble("another issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(said.get(name), str) or not addresses.may_be_asked(said[name]):
            raise ProviderTrouble(f"{name} is not to be trusted")
    return said
