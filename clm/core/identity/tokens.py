"""What is believed of an id_token (OpenID Connect Core 1.0, section 3.1.3.7)."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import jwt

#: Signatures with a private key alone: never `none`, never a shared secret, whatever a token says.
ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY = timedelta(minutes=1)
#: A token is for signing in now.
OLDEST = timedelta(minutes=10)


class TokenRefused(Exception):
    """The token is not the provider's, not for us, or not for now; the reason is for the log."""


def key_id(token: str) -> str:
    """The key that a token says it was signed with. :raises TokenRefused:"""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise TokenRefused("not a token") from error
    if header.get("alg") not in ALGORITHMS:
        raise TokenRefused("an algorithm that is not accepted")
    return str(header.get("kid", ""))


def claims_of(
    *,
    token: str,
    keys: Sequence[Mapping[str, Any]],
    issuer: str,
    audience: str,
    nonce: str,
    at: datetime,
) -> dict[str, Any]:
    """
    The claims of an id_token that holds.

    :raises TokenRefused: signature, issuer, audience, time or nonce is not as it must be
    """
    wanted = key_id(token)
    algorithm = jwt.get_unverified_header(token)["alg"]
    try:
        key = _key(keys, wanted, algorithm)
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=audience,
            issuer=issuer,
            options={
                "require": ["iss", "sub", "aud", "exp", "iat", "nonce"],
                # Time is passed in, and looked at below.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused(type(error).__name__) from error
    _in_time(claims, at)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != audience:
        raise TokenRefused("made for another party")
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise TokenRefused("another nonce")
    return claims


def _key(keys: Sequence[Mapping[str, Any]], wanted: str, algorithm: str) -> jwt.PyJWK:
    family = "EC" if algorithm.startswith("ES") else "RSA"
    for one in keys:
        fits = one.get("kty") == family and one.get("use", "sig") == "sig"
        if fits and one.get("kid") == wanted and one.get("alg", algorithm) == algorithm:
            return jwt.PyJWK.from_dict(dict(one), algorithm=algorithm)
    raise TokenRefused("an unknown key")


def _in_time(claims: Mapping[str, Any], at: datetime) -> None:
    now = at.timestamp()
    expires, issued = claims["exp"], claims["iat"]
    if not all(isinstance(one, int | float) for one in (expires, issued)):
        raise TokenRefused("times that are no numbers")
    if expires <= now - LEEWAY.total_seconds():
        raise TokenRefused("expired")
    if not now - OLDEST.total_seconds() <= issued <= now + LEEWAY.total_seconds():
        raise TokenRefused("not issued now")
